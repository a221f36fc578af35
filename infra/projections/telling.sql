-- views.tell: a page of records into one tenant's generation, in one call, which is one transaction.
-- Called with the rights of whoever calls it: the follower's role alone may write the views.
--
--   after, until   the page's positions: (after, until]
--   *_ended        rows from before the page that no longer stand: JSON arrays of {id, valid_from, valid_until}
--   ledger_*       contracts, whose documents are large, column by column, so that these are parsed once; arrays unnested
--                  side by side are walked together, and are kept nowhere in between as those of a `from` are
--   the others     rows as JSON arrays of the objects in infra.projections.written_rows, parsed here: client and server
--                  have a processor each, and the client's is the busier one. Read as json it costs half of what jsonb
--                  does, which would be made of the whole array first.
-- What is null isn't touched.
--
-- Answers the position at which the generation stood. Where that isn't `after`, nothing was written: somebody else has
-- told it meanwhile. Null: another is at work on it just now, or it is gone. The tracking row's lock is what makes a
-- generation's writer single; a crash leaves the rows of whole pages and the position they reach.
--
-- The plans: as in writing.sql. Rows are looked up as in by_key.sql, but by whole rows at once: the follower's role sees
-- all hosts, so that nothing else says where to begin.
create or replace function views.tell(
  of_tenant text, of_generation int, after bigint, until bigint,
  ledger_ended json, ledger_id uuid[], ledger_from bigint[], ledger_until bigint[], ledger_drafted bigint[],
  ledger_marketplace uuid[], ledger_state text[], ledger_rehearsal boolean[], ledger_doc json[],
  tallies_ended json, tallies_begun json, statements_ended json, statements_begun json,
  steps json, entries json, held_back json
) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  stood bigint;
begin
  select t.position into stood from views.tracking t
   where t.tenant = of_tenant and t.generation = of_generation for update skip locked;
  if stood is distinct from after then
    return stood;
  end if;

  if ledger_ended is not null then
    update views.ledger l set valid_until = e.valid_until
      from json_to_recordset(ledger_ended) as e (id uuid, valid_from bigint, valid_until bigint), lateral (
        select k.ctid, k.tenant, k.generation, k.id, k.valid_from from views.ledger k
         where (k.tenant, k.generation, k.id, k.valid_from) >= (of_tenant, of_generation, e.id, e.valid_from)
         order by k.tenant, k.generation, k.id, k.valid_from limit 1) as held
     where l.ctid = held.ctid
       and (held.tenant, held.generation, held.id, held.valid_from) = (of_tenant, of_generation, e.id, e.valid_from);
  end if;
  if ledger_id is not null then
    insert into views.ledger (
      tenant, generation, id, valid_from, valid_until, drafted, marketplace, state, rehearsal, doc)
    select of_tenant, of_generation, unnest(ledger_id), unnest(ledger_from), unnest(ledger_until), unnest(ledger_drafted),
           unnest(ledger_marketplace), unnest(ledger_state), unnest(ledger_rehearsal), unnest(ledger_doc);
  end if;

  if tallies_ended is not null then
    update views.tallies l set valid_until = e.valid_until
      from json_to_recordset(tallies_ended) as e (id uuid, valid_from bigint, valid_until bigint), lateral (
        select k.ctid, k.tenant, k.generation, k.marketplace, k.valid_from from views.tallies k
         where (k.tenant, k.generation, k.marketplace, k.valid_from) >= (of_tenant, of_generation, e.id, e.valid_from)
         order by k.tenant, k.generation, k.marketplace, k.valid_from limit 1) as held
     where l.ctid = held.ctid
       and (held.tenant, held.generation, held.marketplace, held.valid_from) = (of_tenant, of_generation, e.id, e.valid_from);
  end if;
  if tallies_begun is not null then
    insert into views.tallies (tenant, generation, marketplace, valid_from, valid_until, doc)
    select of_tenant, of_generation, b.marketplace, b.valid_from, b.valid_until, b.doc
      from json_to_recordset(tallies_begun) as b (marketplace uuid, valid_from bigint, valid_until bigint, doc json);
  end if;

  if statements_ended is not null then
    update views.statements l set valid_until = e.valid_until
      from json_to_recordset(statements_ended) as e (id uuid, valid_from bigint, valid_until bigint), lateral (
        select k.ctid, k.tenant, k.generation, k.id, k.valid_from from views.statements k
         where (k.tenant, k.generation, k.id, k.valid_from) >= (of_tenant, of_generation, e.id, e.valid_from)
         order by k.tenant, k.generation, k.id, k.valid_from limit 1) as held
     where l.ctid = held.ctid
       and (held.tenant, held.generation, held.id, held.valid_from) = (of_tenant, of_generation, e.id, e.valid_from);
  end if;
  if statements_begun is not null then
    insert into views.statements (tenant, generation, id, valid_from, valid_until, marketplace, said_at, doc)
    select of_tenant, of_generation, b.id, b.valid_from, b.valid_until, b.marketplace, b.said_at, b.doc
      from json_to_recordset(statements_begun) as b (
        id uuid, valid_from bigint, valid_until bigint, marketplace uuid, said_at timestamptz, doc jsonb);
  end if;

  if steps is not null then
    insert into views.trail (
      tenant, generation, case_id, position, nth, event, stream, type, at, actor, role, on_behalf_of, rehearsal,
      marketplace, details)
    select of_tenant, of_generation, b.case_id, b.position, b.nth, b.event, b.stream, b.type, b.at, b.actor, b.role,
           b.on_behalf_of, b.rehearsal, b.marketplace, b.details
      from json_to_recordset(steps) as b (
        case_id uuid, position bigint, nth smallint, event uuid, stream uuid, type text, at timestamptz, actor text,
        role text, on_behalf_of uuid, rehearsal boolean, marketplace uuid, details jsonb);
  end if;

  if entries is not null then
    insert into views.directory as d (
      tenant, generation, id, kind, version, first, position, marketplace, state, rehearsal, season, doc)
    select of_tenant, of_generation, b.id, b.kind, b.version, b.first, b.position, b.marketplace, b.state, b.rehearsal,
           b.season, b.doc
      from json_to_recordset(entries) as b (
        id uuid, kind text, version integer, first bigint, position bigint, marketplace uuid, state text,
        rehearsal boolean, season integer, doc jsonb)
    on conflict (tenant, generation, id) do update
       set version = excluded.version, position = excluded.position, marketplace = excluded.marketplace,
           state = excluded.state, rehearsal = excluded.rehearsal, season = excluded.season, doc = excluded.doc;
  end if;

  if held_back is not null then
    insert into views.parked (tenant, generation, stream, first, last, type, error, things)
    select of_tenant, of_generation, b.stream, b.first, b.last, b.type, b.error, b.things
      from json_to_recordset(held_back) as b (stream uuid, first bigint, last bigint, type text, error text, things uuid[])
    on conflict (tenant, generation, stream) do update set last = excluded.last, things = excluded.things;
  end if;

  update views.tracking set position = until where tenant = of_tenant and generation = of_generation;
  return stood;
end
$$;
revoke all on function views.tell from public;
grant execute on function views.tell to handschlag_follower;
