-- The vault in a database of its own (HANDSCHLAG_VAULT_DATABASE_URL), made by the login that works with it. The tables
-- are those of the migrations' vault schema; a test compares them. Row-level security is forced on that login, too.
-- The functions that keep and read values are made after them, from keeping.sql and reading.sql.
create schema if not exists vault;

create table if not exists vault.masters (
  id         text collate "C" primary key check (id ~ '^[0-9a-f]{16}$'),
  created_at timestamptz not null default clock_timestamp(),
  closed_at  timestamptz,
  retired_at timestamptz
);

create table if not exists vault.persons (
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
create index if not exists persons_of_master on vault.persons (tenant, master) where master is not null;
create index if not exists persons_leaving on vault.persons (tenant) where leaving_at is not null;

create table if not exists vault.tenant_keys (
  tenant     text collate "C" not null,
  purpose    text collate "C" not null check (purpose ~ '^[a-z_]{1,40}$'),
  period     integer not null,
  master     text collate "C" not null references vault.masters (id),
  wrapped    bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, purpose, period)
);

create table if not exists vault.disclosures (
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
create index if not exists disclosures_about on vault.disclosures (tenant, about, at);
create index if not exists disclosures_told on vault.disclosures (tenant, at desc, id desc);
create index if not exists disclosures_to on vault.disclosures (tenant, member, what, at desc, id desc);

create table if not exists vault.sealed_values (
  tenant     text collate "C" not null,
  person     uuid not null,
  event_id   uuid not null,
  field      text collate "C" not null check (field ~ '^[A-Za-z0-9_.-]{1,100}$'),
  salt       bytea check (octet_length(salt) = 32),
  value      bytea not null,
  sealing    text not null,
  commitment bytea not null check (octet_length(commitment) = 32),
  log_size   bigint not null,
  confirmed  boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, person, field, event_id),
  check ((sealing = 'plain') = (salt is not null))
);
create index if not exists sealed_values_of_event on vault.sealed_values (tenant, event_id);
create index if not exists sealed_values_unconfirmed on vault.sealed_values (tenant, created_at) where not confirmed;
create index if not exists sealed_values_plain on vault.sealed_values (tenant) where sealing = 'plain';

create table if not exists vault.pending (
  tenant     text collate "C" not null,
  event_id   uuid not null,
  person     uuid not null,
  kind       text collate "C" not null check (kind in ('person', 'note', 'replaced')),
  field      text collate "C",
  target     uuid,
  log_size   bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, event_id),
  check ((kind = 'note') = (target is not null)),
  check ((kind = 'replaced') = (field is not null))
);

do $$
declare
  target regclass;
begin
  foreach target in array array['vault.sealed_values', 'vault.pending', 'vault.persons', 'vault.tenant_keys', 'vault.disclosures']::regclass[]
  loop
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('drop policy if exists own_tenant on %s', target);
    execute format($policy$create policy own_tenant on %s
                             using (tenant = nullif(current_setting('app.tenant', true), ''))
                             with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, target);
  end loop;
end
$$;

create or replace function vault.refuse() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: % refused', tg_table_schema, tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end
$$;
create or replace trigger append_only before update or delete or truncate on vault.disclosures for each statement execute function vault.refuse();
alter table vault.disclosures enable always trigger append_only;
