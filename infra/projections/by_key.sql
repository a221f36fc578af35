-- Rows of the views looked up by what they are of, each by itself and by its whole key, for writers and readers alike.
-- Called with the rights of whoever calls: readers see the tenant that their transaction has named.
--
-- `id = any (…)` won't do, nor a join. A planner that knows nothing of a host, or of a generation that has grown since its
-- table was analysed, takes them for one row, and whichever index begins with tenant and generation for as good as the
-- key: it then looks through all that the host has. So what is asked for is the row next to a place in the
-- key's order, and sorting is off: no other index has that order. Tenant and generation are told apart from the rest,
-- since row-level security tells the tenant as well: of a comparison of whole rows the scan would use nothing then but
-- the tenant, and begin at the host's first row.

create or replace function views.entries_by_key(of_tenant text, of_generation int, ids uuid[])
returns table (
  id uuid, kind text, version int, marketplace uuid, rehearsal boolean, "position" bigint, state text, doc jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_sort = off as $$
begin
  return query
  select held.id, held.kind, held.version, held.marketplace, held.rehearsal, held.position, held.state, held.doc
    from unnest(ids) as asked (id) cross join lateral (
      select * from views.directory d
       where d.tenant = of_tenant and d.generation = of_generation and d.id >= asked.id order by d.id limit 1) as held
   where held.id = asked.id;
end
$$;

-- Contracts as they stand, or stood at a position (null: now).
create or replace function views.contracts_by_key(of_tenant text, of_generation int, ids uuid[], at bigint)
returns table (doc json)
language plpgsql stable set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_sort = off as $$
declare
  latest constant bigint := coalesce(at, 9223372036854775807);  -- of an expression in its place no scan can begin
begin
  return query
  select held.doc
    from unnest(ids) as asked (id) cross join lateral (
      select l.id, l.valid_until, l.doc from views.ledger l
       where l.tenant = of_tenant and l.generation = of_generation
         and (l.id, l.valid_from) <= (asked.id, latest)
       order by l.id desc, l.valid_from desc limit 1) as held
   where held.id = asked.id and (held.valid_until is null or held.valid_until > at);
end
$$;

-- Editions' tallies as they stand.
create or replace function views.tallies_by_key(of_tenant text, of_generation int, ids uuid[])
returns table (doc json)
language plpgsql stable set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_sort = off as $$
begin
  return query
  select held.doc
    from unnest(ids) as asked (marketplace) cross join lateral (
      select t.marketplace, t.valid_until, t.doc from views.tallies t
       where t.tenant = of_tenant and t.generation = of_generation
         and (t.marketplace, t.valid_from) <= (asked.marketplace, 9223372036854775807)
       order by t.marketplace desc, t.valid_from desc limit 1) as held
   where held.marketplace = asked.marketplace and held.valid_until is null;
end
$$;

revoke all on function views.entries_by_key(text, int, uuid[]), views.contracts_by_key(text, int, uuid[], bigint),
  views.tallies_by_key(text, int, uuid[]) from public;
grant execute on function views.entries_by_key(text, int, uuid[]), views.contracts_by_key(text, int, uuid[], bigint),
  views.tallies_by_key(text, int, uuid[]) to handschlag_runtime, handschlag_follower;
