-- vault.keep: values of one person, sealed by the caller, in one round trip. It names the tenant for its own transaction
-- and then works with the caller's rights, so row-level security decides whose rows it sees and writes. Both vaults are
-- made from this file: the one beside the log by a migration (0021), the one in a database of its own at each opening.
--
--   at_size                     how far the log reached before: the record can only come after. Null: the log is in this
--                               database, and is looked at here
--   by_master, under_key        the key under which the values are sealed, as that master key wraps it
--   fields, boxes, commitments  the i-th value: its field, the box it is sealed in, what the log will hold of it
--
-- Outcomes, of which 'kept' alone writes anything:
--   kept     the values stand under that key; somebody new has it for theirs from here on
--   other    the person has another key, or it is wrapped by another master key: `master`, `wrapped`. The caller seals
--            under that one and calls again
--   closed   the person is new, and that master key wraps nothing new any more
--   leaving  the person is erased, or about to be
--
-- What is locked stays so until the transaction ends, in this order: the person, so that an erasure, or a rotation, waits
-- for what is being kept and then sees it; of somebody new the master key, so that it can't be closed before their key
-- is there to be wrapped anew. Of two callers with somebody new the second waits at its insert, which then does nothing;
-- it looks again, sees what was committed meanwhile (each statement has a snapshot of its own), and is told 'other'.
-- A person who has a key is never deleted while the service runs, so no key that was answered is ever inserted.
--
-- A crash leaves all of a call or nothing. Values that were kept and whose record never comes are the sweep's.
create or replace function vault.keep(
  of_tenant text, of_person uuid, of_event uuid, at_size bigint, by_master text, under_key bytea, sealed_by text,
  fields text[], boxes bytea[], commitments bytea[],
  out outcome text, out master text, out wrapped bytea
)
language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  known record;
begin
  perform set_config('app.tenant', of_tenant, true);
  if at_size is null then
    at_size := coalesce((select h.size from log.heads h where h.tenant = of_tenant), 0);
  end if;
  select p.master, p.wrapped, p.leaving_at into known
    from vault.persons p where p.tenant = of_tenant and p.person = of_person for share;
  if not found then
    perform from vault.masters m where m.id = by_master and m.closed_at is null for share;
    if not found then
      outcome := 'closed';
      return;
    end if;
    insert into vault.persons (tenant, person, master, wrapped) values (of_tenant, of_person, by_master, under_key)
      on conflict do nothing;
    select p.master, p.wrapped, p.leaving_at into known
      from vault.persons p where p.tenant = of_tenant and p.person = of_person for share;
  end if;
  if known.wrapped is null or known.leaving_at is not null then
    outcome := 'leaving';
  elsif known.wrapped <> under_key then
    outcome := 'other';
    master := known.master;
    wrapped := known.wrapped;
  else
    insert into vault.sealed_values (tenant, person, event_id, field, value, sealing, commitment, log_size)
    select of_tenant, of_person, of_event, told.field, told.box, sealed_by, told.commitment, at_size
      from unnest(fields, boxes, commitments) as told (field, box, commitment);
    outcome := 'kept';
  end if;
end
$$;
revoke all on function vault.keep(text, uuid, uuid, bigint, text, bytea, text, text[], bytea[], bytea[]) from public;
