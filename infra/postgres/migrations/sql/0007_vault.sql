-- The vault under keys (DESIGN §4): values and their salts are sealed under a key per person, each person's key is
-- wrapped by a master key that stands in no database. The application seals what is still plain at its next start.
-- infra/vault/own.sql makes the same tables in a database of the vault's own; a test compares them.

-- Which master keys wrap, or wrapped, a key here. closed_at: it wraps nothing new; retired_at: nothing is under it.
create table vault.masters (
  id         text collate "C" primary key check (id ~ '^[0-9a-f]{16}$'),
  created_at timestamptz not null default clock_timestamp(),
  closed_at  timestamptz,
  retired_at timestamptz
);

-- One key a person. leaving_at: an erasure is under way, nothing of the person is read or kept; erased_at: key and
-- values are destroyed, the row is what keeps new ones out.
create table vault.persons (
  tenant     text collate "C" not null,
  person     uuid not null,
  master     text collate "C" references vault.masters (id),
  wrapped    bytea,
  created_at timestamptz not null default clock_timestamp(),
  leaving_at timestamptz,
  erased_at  timestamptz,
  primary key (tenant, person),
  check ((wrapped is null) = (master is null)),
  check (wrapped is not null or leaving_at is not null or erased_at is not null),
  check (erased_at is null or wrapped is null)
);
create index persons_of_master on vault.persons (tenant, master) where master is not null;
create index persons_leaving on vault.persons (tenant) where leaving_at is not null;

-- A host's own keys: fingerprints of requests (one a period, destroyed when it is over), ids of what a file brings.
create table vault.tenant_keys (
  tenant     text collate "C" not null,
  purpose    text collate "C" not null check (purpose ~ '^[a-z_]{1,40}$'),
  period     integer not null,
  master     text collate "C" not null references vault.masters (id),
  wrapped    bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, purpose, period)
);

-- Who got to read what out of the vault beyond their daily work: beside the log, never in it.
create table vault.disclosures (
  tenant text collate "C" not null,
  id     uuid not null,
  at     timestamptz not null default clock_timestamp(),
  member text collate "C" not null,
  role   text collate "C" not null,
  what   text collate "C" not null check (what ~ '^[a-z_]{1,40}$'),
  about  uuid,
  detail jsonb not null default '{}',
  primary key (tenant, id)
);
create index disclosures_about on vault.disclosures (tenant, about, at);

-- A sealed row's salt stands inside the box. replaces: it was given in place of the person's older value of the field.
alter table vault.sealed_values
  alter column salt drop not null,
  alter column sealing drop default,
  add column replaces boolean not null default false,
  add check ((sealing = 'plain') = (salt is not null));
create index sealed_values_plain on vault.sealed_values (tenant) where sealing = 'plain';
create index sealed_values_replacing on vault.sealed_values (tenant) where replaces;

do $$
declare
  target regclass;
begin
  foreach target in array array['vault.persons', 'vault.tenant_keys', 'vault.disclosures']::regclass[]
  loop
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format($policy$create policy own_tenant on %s to handschlag_runtime
                             using (tenant = nullif(current_setting('app.tenant', true), ''))
                             with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, target);
    execute format('create policy every_tenant on %s for select to handschlag_backup using (true)', target);
    execute format('grant select on %s to handschlag_backup', target);
  end loop;
end
$$;
grant select on vault.masters to handschlag_backup;
grant select, insert, update (closed_at, retired_at) on vault.masters to handschlag_runtime;
grant select, insert, delete, update (master, wrapped, leaving_at, erased_at) on vault.persons to handschlag_runtime;
grant select, insert, delete, update (master, wrapped) on vault.tenant_keys to handschlag_runtime;
grant select, insert on vault.disclosures to handschlag_runtime;
grant update (value, salt, sealing, replaces) on vault.sealed_values to handschlag_runtime;

create trigger append_only before update or delete or truncate on vault.disclosures for each statement execute function log.refuse();
alter table vault.disclosures enable always trigger append_only;
