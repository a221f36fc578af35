-- What is to be destroyed once its record stands in the log: noted before the record is appended, done after it, and
-- taken up again by whoever finds it after a crash. It takes the place of sealed_values.replaces.
create table vault.pending (
  tenant     text collate "C" not null,
  event_id   uuid not null,                   -- the record that says so
  person     uuid not null,
  kind       text collate "C" not null check (kind in ('person', 'note', 'replaced')),
  field      text collate "C",
  target     uuid,                            -- of a note: the record at which it was written
  log_size   bigint not null,                 -- the head when it was noted: the record can only come after
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, event_id),
  check ((kind = 'note') = (target is not null)),
  check ((kind = 'replaced') = (field is not null))
);
alter table vault.pending enable row level security;
alter table vault.pending force row level security;
create policy own_tenant on vault.pending to handschlag_runtime
  using (tenant = nullif(current_setting('app.tenant', true), ''))
  with check (tenant = nullif(current_setting('app.tenant', true), ''));
create policy every_tenant on vault.pending for select to handschlag_backup using (true);
grant select on vault.pending to handschlag_backup;
grant select, insert, delete on vault.pending to handschlag_runtime;

drop index vault.sealed_values_replacing;
alter table vault.sealed_values drop column replaces;
