-- How far each host's records have been relayed to the broker. The broker's own stream is the truth of what has
-- arrived; this says what was looked at without being sent, and where the broker's stream ended then.
create table streams.relayed (
  tenant   text collate "C" primary key references log.tenants (tenant),
  position bigint not null default 0 check (position >= 0), -- acknowledged, or kept back, up to here
  sequence bigint not null default 0 check (sequence >= 0), -- the number the broker gave last
  moved_at timestamptz not null default clock_timestamp(),
  trouble  text,                                            -- why nothing is relayed for this host any more
  since    timestamptz,                                     -- of the trouble
  check ((trouble is null) = (since is null))
) with (fillfactor = 50);

alter table streams.relayed enable row level security;
alter table streams.relayed force row level security;
create policy own_tenant on streams.relayed for select to handschlag_runtime
  using (tenant = nullif(current_setting('app.tenant', true), ''));
create policy follower on streams.relayed to handschlag_follower using (true) with check (true);
create policy every_tenant on streams.relayed for select to handschlag_backup using (true);
grant select, insert, update on streams.relayed to handschlag_follower;
grant select on streams.relayed to handschlag_runtime, handschlag_backup;
