-- views.opened: names the tenant for the transaction that asks, so that row-level security shows its rows from here on,
-- and tells which generation of its views is live and the position it has come to; no row: nothing was told yet.
create or replace function views.opened(of_tenant text) returns table (generation int, "position" bigint)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.tenant', of_tenant, true);
  return query
    select g.live, t.position from views.generations g
      join views.tracking t on t.tenant = g.tenant and t.generation = g.live
     where g.tenant = of_tenant;
end
$$;
revoke all on function views.opened(text) from public;
grant execute on function views.opened(text) to handschlag_runtime, handschlag_follower;
