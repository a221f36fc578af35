-- What the projector says to the database beside `views.tell` (telling.sql); each statement has its name above it.
-- Sessions that run these have enable_seqscan, enable_bitmapscan, enable_hashjoin and enable_mergejoin off
-- (infra.projections.pool): every table is reached through a key, whatever the statistics say on the day a plan is cached.

-- name: behind
-- Tenants whose live generation isn't at their log's head: one look for all of them.
select h.tenant, coalesce(g.live, 1) as generation, coalesce(t.position, 0) as position, h.size
  from log.heads h
  left join views.generations g on g.tenant = h.tenant
  left join views.tracking t on t.tenant = g.tenant and t.generation = g.live
 where h.size > coalesce(t.position, 0)
 order by h.tenant

-- name: begin_generations
-- A tenant never seen starts at generation 1, and has no rows of another.
insert into views.generations (tenant, live, swept) values ($1, 1, 1) on conflict (tenant) do nothing

-- name: begin_tracking
insert into views.tracking (tenant, generation, position) values ($1, $2, 0) on conflict (tenant, generation) do nothing

-- name: live
select live from views.generations where tenant = $1

-- name: page
select pos, stream, version, type, at, rehearsal, bytes from log.page($1, $2, $3, null)

-- name: load_parked
select stream, first, last, type, error, things from views.parked where tenant = $1 and generation = $2

-- name: take_generations
-- Whoever moves the pointer holds it: rebuilds of one tenant go one after the other.
select live, building, swept = live and building is null as clean from views.generations where tenant = $1 for update

-- name: build
update views.generations set building = $2 where tenant = $1

-- name: take_both
-- The live generation's tracking and the new one's, their writers shut out until this transaction ends.
select generation, position from views.tracking
 where tenant = $1 and generation in ($2, $3) order by generation for update

-- name: switch
update views.generations set live = $2, building = null where tenant = $1

-- name: swept
update views.generations set swept = live where tenant = $1 and live = $2 and building is null

-- name: forget_tracking
delete from views.tracking where tenant = $1 and generation <> $2

-- name: sizes
select size from log.heads where tenant = $1
