-- What an access key opens, in one round trip: names the tenant for its own transaction and then reads with the
-- caller's rights, so row-level security decides what is seen.
create function access.holder(of_tenant text, of_hash bytea)
returns table (key_id text, member text, role text, marketplace text, revoked_at timestamptz, audience text, persons boolean)
language plpgsql volatile set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
begin
  perform set_config('app.tenant', of_tenant, true);
  return query
    select k.key_id, k.member, k.role, k.marketplace, k.revoked_at, k.audience, k.persons from access.keys k
     where k.tenant = of_tenant and k.hash = of_hash and k.revoked_at is null;
end
$$;
revoke execute on function access.holder(text, bytea) from public;
grant execute on function access.holder(text, bytea) to handschlag_runtime;
