-- log.append: the one door into the log (DESIGN §4). A batch of commands of any tenants in, one row per command out.
-- Owned by handschlag_log_writer and run with its rights; the runtime role may only call it.
--
-- Arrays (the i-th command is number i, from 1):
--   c_*  commands: tenant; idempotency key or null; SHA-256 of the request (what the key must have been used for)
--   g_*  guards: command number, a stream it consulted and doesn't write, the version it was judged at (0: none)
--   e_*  entries in the order in which they are to stand: command number, stream, version, type, time, rehearsal, bytes
--   wait true: wait for heads that others hold (lock_timeout ends it); false: answer 'busy' for those tenants
--
-- Outcomes, the first that applies:
--   replay      the key was used for this request: its first and last position
--   key_reused  the key was used for another request
--   tenant      there is no such host
--   busy        another transaction holds the tenant's head (only when not waiting)
--   clock       an entry's time is more than 2 s from this server's clock
--   stale       a written stream isn't where the entries' versions continue it: stream, actual version
--   guard       a consulted stream has moved: stream, actual version
--   ok          first and last position
-- A refused command costs the others nothing. Only what can't be judged raises (an entry too long, two commands
-- of the batch in each other's way); the caller then splits the batch.
--
-- Two statements, and that is the point: the first locks the heads in the order of their names (no deadlock), the
-- second judges with the snapshot it takes once the locks are held. In one statement the judgement would see the
-- log as it was before the wait. The key is looked up under the lock too, so a command sent a second time, while
-- a lost connection's backend still works on the first, waits for it and is answered by it.
--
-- The plans: every table is reached through its key and every array through a hash, whatever the statistics say
-- on the day the plan is cached; hence no sequential scan, no nested loop, no JIT. An entry's bytes pass through no
-- sort and no join: they are taken out of their array, by the entry's place in it, where they are hashed and kept.
create or replace function log.append(
  c_tenant text[], c_key text[], c_request bytea[],
  g_command int[], g_stream uuid[], g_version int[],
  e_command int[], e_stream uuid[], e_version int[], e_type text[], e_at timestamptz[], e_rehearsal boolean[], e_bytes bytea[],
  wait boolean
) returns table (command int, outcome text, first bigint, last bigint, stream uuid, actual int)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
set jit = off
as $$
#variable_conflict use_column
declare
  locked text[];
begin
  if wait then
    select array_agg(held.tenant) into locked from (
      select h.tenant from log.heads h where h.tenant = any (c_tenant) order by h.tenant for no key update) held;
  else
    select array_agg(held.tenant) into locked from (
      select h.tenant from log.heads h where h.tenant = any (c_tenant) order by h.tenant for no key update skip locked) held;
  end if;

  return query
  with head as materialized (
    select h.tenant, h.size, h.latest_at from log.heads h where h.tenant = any (locked)
  ),
  entry as materialized (
    select e.command, e.stream, e.version, e.type, e.at, e.rehearsal, e.ord,
           row_number() over (partition by e.command, e.stream order by e.ord) as nth
      from unnest(e_command, e_stream, e_version, e_type, e_at, e_rehearsal)
           with ordinality as e (command, stream, version, type, at, rehearsal, ord)
  ),
  written as ( -- per command and stream it writes: what went before, and whether the versions run on without a gap
    select e.command, e.stream, min(e.version) - 1 as expected,
           min(e.version - e.nth) = max(e.version - e.nth) as contiguous,
           bool_or(e.at not between clock_timestamp() - interval '2 s' and clock_timestamp() + interval '2 s') as skewed
      from entry e group by e.command, e.stream
  ),
  place as materialized (
    select w.command, w.stream, false as guard, w.expected, w.contiguous, w.skewed,
           (select e.version from log.entries e where e.tenant = c_tenant[w.command] and e.stream = w.stream
             order by e.version desc limit 1) as actual
      from written w
    union all
    select g.command, g.stream, true, g.version, true, false,
           (select e.version from log.entries e where e.tenant = c_tenant[g.command] and e.stream = g.stream
             order by e.version desc limit 1)
      from unnest(g_command, g_stream, g_version) as g (command, stream, version)
  ),
  refused as ( -- a stream that doesn't exist is at version 0; eventsourcing's recorders may count from 0, so at -1 too
    select distinct on (p.command) p.command, p.skewed, p.guard, p.stream, coalesce(p.actual, 0) as actual
      from place p
     where p.skewed or not p.contiguous
        or case when p.actual is null then p.expected not in (0, case when p.guard then 0 else -1 end)
                else p.expected <> p.actual end
     order by p.command, p.skewed desc, p.guard, p.stream
  ),
  verdict as materialized (
    select c.no::int as no, c.tenant, c.key, c.request, known.first, known.last, r.stream, r.actual, h.size, h.latest_at,
           case when known.request = c.request then 'replay'
                when known.request is not null then 'key_reused'
                when h.tenant is null and not exists (select from log.heads x where x.tenant = c.tenant) then 'tenant'
                when h.tenant is null then 'busy'
                when r.skewed then 'clock'
                when r.guard then 'guard'
                when not r.guard then 'stale'
                else 'ok' end as outcome
      from unnest(c_tenant, c_key, c_request) with ordinality as c (tenant, key, request, no)
      left join lateral (select k.request, k.first, k.last from log.keys k
                          where k.tenant = c.tenant and k.key = c.key limit 1) known on true
      left join head h on h.tenant = c.tenant
      left join refused r on r.command = c.no::int
  ),
  placed as materialized (
    select e.command, v.tenant, e.stream, e.version, e.type, e.at, e.rehearsal, e.ord,
           v.size + row_number() over in_order as position,
           greatest(v.latest_at, max(e.at) over in_order) as latest_at
      from entry e
      join verdict v on v.no = e.command and v.outcome = 'ok'
    window in_order as (partition by v.tenant order by e.command, e.ord rows unbounded preceding)
  ),
  recorded as (
    insert into log.entries (tenant, position, stream, version, type, at, latest_at, rehearsal, bytes)
    select tenant, position, stream, version, type, at, latest_at, rehearsal, e_bytes[ord] from placed
  ),
  answer as materialized (
    select v.no, v.tenant, v.key, v.request, v.outcome, coalesce(a.first, v.first) as first,
           coalesce(a.last, v.last) as last, v.stream, v.actual
      from verdict v
      left join (select p.command, min(p.position) as first, max(p.position) as last
                   from placed p group by p.command) a on a.command = v.no
  ),
  kept as (
    insert into log.keys (tenant, key, request, first, last)
    select a.tenant, a.key, a.request, a.first, a.last from answer a where a.outcome = 'ok' and a.key is not null
  ),
  moved as (
    update log.heads h
       set size = h.size + m.number, latest_at = m.latest_at, edge = log.grow(h.size, h.edge, m.leaves)
      from (select p.tenant, count(*) as number, max(p.latest_at) as latest_at,
                   array_agg(sha256('\x00'::bytea || e_bytes[p.ord]) order by p.position) as leaves -- RFC 6962 §2.1, leaf
              from placed p group by p.tenant) m
     where h.tenant = m.tenant and h.tenant = any (locked)
  )
  select a.no, a.outcome, a.first, a.last,
         case when a.outcome in ('stale', 'guard') then a.stream end,
         case when a.outcome in ('stale', 'guard') then a.actual end
    from answer a;
end
$$;
