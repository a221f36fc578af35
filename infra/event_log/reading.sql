-- Reading one tenant's log. Each function names the tenant for its own transaction and then reads with the caller's
-- rights, so row-level security decides what is seen and one call is one round trip.
-- Every position up to a visible one is visible: the head's lock makes commit order the order of positions.

-- An idempotency key's answer (known: first, last, request) and the entries of some streams, in order.
-- Stable, and that is the point: both statements see the snapshot of the one that calls. With a snapshot each, a
-- command committed in between would be seen in its stream and not in its key: taken for somebody else's change.
create or replace function log.read_streams(of_tenant text, of_key text, of_streams uuid[])
returns table (known boolean, first bigint, last bigint, bytes bytea)
language plpgsql stable set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
begin
  perform set_config('app.tenant', of_tenant, true);
  return query
    select true, k.first, k.last, k.request from log.keys k where k.tenant = of_tenant and k.key = of_key;
  return query
    select false, e.position, e.position, e.bytes from log.entries e
     where e.tenant = of_tenant and e.stream = any (of_streams) order by e.stream, e.version;
end
$$;

-- Up to `most` entries after a position, of some types (null: of all).
create or replace function log.page(of_tenant text, after bigint, most int, of_types text[])
returns table (pos bigint, stream uuid, version int, type text, at timestamptz, rehearsal boolean, bytes bytea)
language plpgsql volatile set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
begin
  perform set_config('app.tenant', of_tenant, true);
  return query
    select e.position, e.stream, e.version, e.type, e.at, e.rehearsal, e.bytes from log.entries e
     where e.tenant = of_tenant and e.position > after and (of_types is null or e.type = any (of_types))
     order by e.position limit most;
end
$$;

-- The tenant's head: size, right edge, greatest time. No row: no such host.
create or replace function log.head(of_tenant text)
returns table (size bigint, edge bytea[], latest_at timestamptz)
language plpgsql volatile set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  perform set_config('app.tenant', of_tenant, true);
  return query select h.size, h.edge, h.latest_at from log.heads h where h.tenant = of_tenant;
end
$$;

-- The largest position whose running maximum of times is at or before `moment`; 0 when there is none.
-- The maximum never falls, so this is a binary search by primary key: 20 look-ups in a million, and no index to keep.
create or replace function log.position_at(of_tenant text, moment timestamptz) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  low bigint := 0; -- known to be early enough
  high bigint;     -- known to be too late
  middle bigint;
begin
  perform set_config('app.tenant', of_tenant, true);
  select h.size + 1 into high from log.heads h where h.tenant = of_tenant;
  while low + 1 < high loop
    middle := (low + high) / 2;
    if (select e.latest_at <= moment from log.entries e where e.tenant = of_tenant and e.position = middle) then
      low := middle;
    else
      high := middle;
    end if;
  end loop;
  return low;
end
$$;
