-- What the projector says to the database; each statement has its name above it. A batch's rows
-- for a table come as one JSON array ($3) of the objects in `infra.projections.written_rows`, parsed here: client and
-- server have a processor each, and the client's is the busier one. Read as json it costs half of what jsonb does, which
-- would be made of the whole array first. Rows with large documents come column by column, so that these are parsed once;
-- arrays unnested side by side are walked together, and are kept nowhere in between as those of a `from` are.
-- Sessions that run these have enable_seqscan, enable_bitmapscan, enable_hashjoin and enable_mergejoin off
-- (infra.projections.pool): every table is reached through a key, whatever the statistics say on the day a plan is cached.
-- They know nothing of a generation that is growing, and would have it read whole for each page, as one row at most;
-- `offset 0` in a lateral keeps the planner from that: every row that is looked for is looked up by itself.

-- name: behind
-- Tenants whose live generation isn't at their log's head: one look for all of them.
select h.tenant, coalesce(g.live, 1) as generation, coalesce(t.position, 0) as position, h.size
  from log.heads h
  left join views.generations g on g.tenant = h.tenant
  left join views.tracking t on t.tenant = g.tenant and t.generation = g.live
 where h.size > coalesce(t.position, 0)
 order by h.tenant

-- name: begin_generations
-- A tenant never seen starts at generation 1.
insert into views.generations (tenant, live) values ($1, 1) on conflict (tenant) do nothing

-- name: begin_tracking
insert into views.tracking (tenant, generation, position) values ($1, $2, 0) on conflict (tenant, generation) do nothing

-- name: live
select live from views.generations where tenant = $1

-- name: take
-- Become the generation's writer for this transaction. No row: another is at work on it, or it is gone.
select position from views.tracking where tenant = $1 and generation = $2 for update skip locked

-- name: page
select pos, stream, version, type, at, rehearsal, bytes from log.page($1, $2, $3, null)

-- name: load_rows
select held.doc from unnest($3::uuid[]) as wanted (id), lateral (
  select doc from views.ledger where tenant = $1 and generation = $2 and id = wanted.id and valid_until is null offset 0) as held

-- name: load_tallies
select held.doc from unnest($3::uuid[]) as wanted (id), lateral (
  select doc from views.tallies
   where tenant = $1 and generation = $2 and marketplace = wanted.id and valid_until is null offset 0) as held

-- name: load_entries
select held.* from unnest($3::uuid[]) as wanted (id), lateral (
  select id, kind, version, marketplace, rehearsal, position, state, doc
    from views.directory where tenant = $1 and generation = $2 and id = wanted.id offset 0) as held

-- name: load_parked
select stream, first, last, type, error, things from views.parked where tenant = $1 and generation = $2

-- name: end_ledger
update views.ledger l set valid_until = e.valid_until
  from json_to_recordset($3::json) as e (id uuid, valid_from bigint, valid_until bigint), lateral (
    select ctid from views.ledger
     where tenant = $1 and generation = $2 and id = e.id and valid_from = e.valid_from offset 0) as held
 where l.ctid = held.ctid

-- name: begin_ledger
insert into views.ledger (tenant, generation, id, valid_from, valid_until, drafted, marketplace, state, rehearsal, doc)
select $1, $2, unnest($3::uuid[]), unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::uuid[]),
       unnest($8::text[]), unnest($9::boolean[]), unnest($10::json[])

-- name: end_tallies
update views.tallies l set valid_until = e.valid_until
  from json_to_recordset($3::json) as e (id uuid, valid_from bigint, valid_until bigint), lateral (
    select ctid from views.tallies
     where tenant = $1 and generation = $2 and marketplace = e.id and valid_from = e.valid_from offset 0) as held
 where l.ctid = held.ctid

-- name: begin_tallies
insert into views.tallies (tenant, generation, marketplace, valid_from, valid_until, doc)
select $1, $2, marketplace, valid_from, valid_until, doc
  from json_to_recordset($3::json) as b (marketplace uuid, valid_from bigint, valid_until bigint, doc json)

-- name: end_statements
update views.statements l set valid_until = e.valid_until
  from json_to_recordset($3::json) as e (id uuid, valid_from bigint, valid_until bigint), lateral (
    select ctid from views.statements
     where tenant = $1 and generation = $2 and id = e.id and valid_from = e.valid_from offset 0) as held
 where l.ctid = held.ctid

-- name: begin_statements
insert into views.statements (tenant, generation, id, valid_from, valid_until, marketplace, said_at, doc)
select $1, $2, id, valid_from, valid_until, marketplace, said_at, doc
  from json_to_recordset($3::json) as b (
    id uuid, valid_from bigint, valid_until bigint, marketplace uuid, said_at timestamptz, doc jsonb)

-- name: tell_trail
insert into views.trail (tenant, generation, case_id, position, nth, event, stream, type, at, actor, role, on_behalf_of,
                         rehearsal, marketplace, details)
select $1, $2, case_id, position, nth, event, stream, type, at, actor, role, on_behalf_of, rehearsal, marketplace, details
  from json_to_recordset($3::json) as b (
    case_id uuid, position bigint, nth smallint, event uuid, stream uuid, type text, at timestamptz, actor text, role text,
    on_behalf_of uuid, rehearsal boolean, marketplace uuid, details jsonb)

-- name: tell_directory
insert into views.directory as d (tenant, generation, id, kind, version, first, position, marketplace, state, rehearsal,
                                  season, doc)
select $1, $2, id, kind, version, first, position, marketplace, state, rehearsal, season, doc
  from json_to_recordset($3::json) as b (
    id uuid, kind text, version integer, first bigint, position bigint, marketplace uuid, state text, rehearsal boolean,
    season integer, doc jsonb)
on conflict (tenant, generation, id) do update
   set version = excluded.version, position = excluded.position, marketplace = excluded.marketplace,
       state = excluded.state, rehearsal = excluded.rehearsal, season = excluded.season, doc = excluded.doc

-- name: park
insert into views.parked (tenant, generation, stream, first, last, type, error, things)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (tenant, generation, stream) do update set last = excluded.last, things = excluded.things

-- name: track
update views.tracking set position = $3 where tenant = $1 and generation = $2

-- name: take_generations
-- Whoever moves the pointer holds it: rebuilds of one tenant go one after the other.
select live, building from views.generations where tenant = $1 for update

-- name: build
update views.generations set building = $2 where tenant = $1

-- name: take_both
-- The live generation's tracking and the new one's, their writers shut out until this transaction ends.
select generation, position from views.tracking
 where tenant = $1 and generation in ($2, $3) order by generation for update

-- name: switch
update views.generations set live = $2, building = null where tenant = $1

-- name: forget_tracking
delete from views.tracking where tenant = $1 and generation <> $2

-- name: sizes
select size from log.heads where tenant = $1
