-- Webhooks: where records are sent to, and how far each receiver has taken them. Beside the log and never in it: an
-- address that an integrator configures is no step of a negotiation. The runtime manages its own tenant's endpoints,
-- the follower delivers for all. Every key starts with the tenant.
create schema streams;

-- version: of what is configured, for If-Match; it doesn't move with deliveries. member, role, marketplace: whose it
-- is; when nobody of that name holds a key for that role any more, nothing is sent.
create table streams.endpoints (
  tenant      text collate "C" not null references log.tenants (tenant),
  id          uuid not null,
  version     integer not null default 1,
  url         text not null check (octet_length(url) between 1 and 2000),
  description text not null check (octet_length(description) <= 800),
  member      text collate "C" not null,
  role        text collate "C" not null,
  marketplace uuid,
  wanted      jsonb not null,          -- which records: see infra.streams.endpoints.Wanted
  thin        boolean not null,
  rate        integer not null check (rate between 1 and 1000), -- messages a second, at most
  state       text collate "C" not null default 'active' check (state in ('active', 'paused', 'disabled')),
  notice      text collate "C" check (notice ~ '^[a-z-]{1,40}$'), -- why we disabled it
  noticed_at  timestamptz,
  created_at  timestamptz not null default clock_timestamp(),
  primary key (tenant, id),
  check ((state = 'disabled') = (notice is not null)),
  check ((notice is null) = (noticed_at is null))
);

-- position: everything up to it was taken, or isn't wanted. attempts: the number of the last attempt. One hot row an
-- endpoint, moved only by who holds the tenant's lock, and only from where it is known to be.
create table streams.cursors (
  tenant        text collate "C" not null,
  endpoint      uuid not null,
  position      bigint not null check (position >= 0),
  attempts      bigint not null default 0,
  failures      integer not null default 0,
  failing_since timestamptz,
  next_at       timestamptz not null default '-infinity',
  delivered_at  timestamptz,
  primary key (tenant, endpoint),
  foreign key (tenant, endpoint) references streams.endpoints (tenant, id) on delete cascade,
  check ((failures = 0) = (failing_since is null))
) with (fillfactor = 50);

-- What signs. sealed: under a key of the host's own, which the vault's master key wraps. expires_at: it is replaced,
-- and signs beside its successor until then.
create table streams.secrets (
  tenant     text collate "C" not null,
  endpoint   uuid not null,
  number     integer not null,
  scheme     text collate "C" not null check (scheme in ('v1', 'v1a')),
  sealed     bytea not null,
  public     text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  primary key (tenant, endpoint, number),
  foreign key (tenant, endpoint) references streams.endpoints (tenant, id) on delete cascade,
  check ((scheme = 'v1a') = (public is not null))
);

-- What is to be sent besides: a test (id: its message), or records once more. done: redelivered up to there.
create table streams.errands (
  tenant     text collate "C" not null,
  endpoint   uuid not null,
  id         uuid not null,
  kind       text collate "C" not null check (kind in ('test', 'redelivery')),
  first      bigint,
  last       bigint,
  done       bigint,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, endpoint, id),
  foreign key (tenant, endpoint) references streams.endpoints (tenant, id) on delete cascade,
  check ((kind = 'redelivery') = (first is not null and last is not null and done is not null))
);

-- What was tried. status: of the answer; trouble: why there was none. Bounded in number and age (infra.streams).
create table streams.attempts (
  tenant   text collate "C" not null,
  endpoint uuid not null,
  number   bigint not null,
  at       timestamptz not null,
  kind     text collate "C" not null check (kind in ('delivery', 'redelivery', 'test')),
  message  text collate "C" not null,
  position bigint,
  type     text collate "C" not null,
  taken    boolean not null,
  status   integer,
  trouble  text collate "C",
  ms       integer not null,
  retry_at timestamptz,
  primary key (tenant, endpoint, number),
  foreign key (tenant, endpoint) references streams.endpoints (tenant, id) on delete cascade,
  check ((status is null) = (trouble is not null))
);
create index attempts_failed on streams.attempts (tenant, endpoint, number) where not taken;

-- Idempotency keys of what was asked of endpoints: the request's SHA-256, and what it led to.
create table streams.requests (
  tenant   text collate "C" not null,
  key      text collate "C" not null check (octet_length(key) between 1 and 255),
  request  bytea not null,
  endpoint uuid not null,
  thing    text collate "C" not null, -- a secret's number, an errand's id
  at       timestamptz not null default clock_timestamp(),
  primary key (tenant, key)
);

do $$
declare
  target regclass;
begin
  foreach target in array array['streams.endpoints', 'streams.cursors', 'streams.secrets', 'streams.errands',
                                'streams.attempts', 'streams.requests']::regclass[]
  loop
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format($policy$create policy own_tenant on %s to handschlag_runtime
                             using (tenant = nullif(current_setting('app.tenant', true), ''))
                             with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, target);
    execute format('create policy follower on %s to handschlag_follower using (true) with check (true)', target);
    execute format('create policy every_tenant on %s for select to handschlag_backup using (true)', target);
    execute format('grant select on %s to handschlag_runtime, handschlag_follower, handschlag_backup', target);
  end loop;
end
$$;
grant usage on schema streams to handschlag_runtime, handschlag_follower, handschlag_backup;
grant insert, update, delete on streams.endpoints, streams.cursors, streams.secrets, streams.errands, streams.requests
  to handschlag_runtime;
grant update on streams.endpoints to handschlag_follower;
grant update on streams.cursors, streams.errands to handschlag_follower;
grant delete on streams.secrets, streams.errands, streams.requests to handschlag_follower;
grant insert, delete on streams.attempts to handschlag_follower;
