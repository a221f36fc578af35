-- vault.read: the newest value of every field of some persons, sealed, with the key of each, as its master key wraps it,
-- in one round trip. Who isn't known, is erased, or is about to be, is missing. Like vault.keep it names the tenant for
-- its own transaction and then works with the caller's rights, and both vaults are made from this file.
--
-- The plan: each person is looked up by themselves, and their values too, in the order of the key, sorting being off:
-- no other index has that order. A planner that knows nothing of a host, as of every new one among many, takes what the
-- host has for one row, and any index that begins with the tenant for as good as the key: it looked through all of the
-- host's values for each of its persons.
create or replace function vault.read(of_tenant text, wanted uuid[])
returns table (person uuid, event_id uuid, field text, value bytea, master text, wrapped bytea)
language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_sort = off as $$
begin
  perform set_config('app.tenant', of_tenant, true);
  return query
  select held.person, newest.event_id, newest.field, newest.value, held.master, held.wrapped
    from unnest(wanted) as asked (person)
    cross join lateral (
      select p.person, p.master, p.wrapped, p.leaving_at from vault.persons p
       where p.tenant = of_tenant and p.person >= asked.person order by p.person limit 1) as held
    cross join lateral (
      select distinct on (kept.field) kept.event_id, kept.field, kept.value from (
        select s.* from vault.sealed_values s
         where s.tenant = of_tenant and s.person = asked.person order by s.field, s.event_id offset 0) as kept
       order by kept.field, kept.log_size desc, kept.created_at desc) as newest
   where held.person = asked.person and held.leaving_at is null and held.wrapped is not null;
end
$$;
revoke all on function vault.read(text, uuid[]) from public;
