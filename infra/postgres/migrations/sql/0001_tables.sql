-- The log, the vault and the access keys (DESIGN §4). Every unique key starts with the tenant.

create schema if not exists log;
create schema vault;
create schema access;

-- One row per host. Public among tenants: it says which hosts there are and nothing of what they do.
create table log.tenants (
  tenant     text collate "C" primary key check (tenant ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  origin     text collate "C" not null check (origin ~ '^[!-*,-~]{1,255}$'), -- the log's name: no space, no plus (C2SP tlog-checkpoint)
  name       text not null check (name <> ''),
  city       text not null check (city <> ''),
  region     text not null,
  time_zone  text not null check (time_zone <> ''),
  created_at timestamptz not null default clock_timestamp()
);

-- The tenant's head: how many entries, the right edge of its Merkle tree (edge[l+1] is the root of the perfect
-- subtree of 2^l leaves where bit l of size is set, RFC 6962 §2.1), and the greatest time so far.
-- One hot row per tenant: a low fillfactor lets every update stay on its page (HOT).
create table log.heads (
  tenant    text collate "C" primary key references log.tenants (tenant),
  size      bigint not null default 0 check (size >= 0),
  edge      bytea[] not null default '{}',
  latest_at timestamptz not null default '-infinity'
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table log.entries (
  tenant    text collate "C" not null,
  position  bigint not null check (position > 0),
  stream    uuid not null,
  version   integer not null check (version >= 0),
  type      text collate "C" not null,
  at        timestamptz not null,
  latest_at timestamptz not null, -- the greatest time up to this position: what "as of" searches
  rehearsal boolean not null,
  bytes     bytea not null check (octet_length(bytes) <= 65535),
  primary key (tenant, position),
  unique (tenant, stream, version)
);

-- Idempotency keys: which request, and the positions that answered it.
create table log.keys (
  tenant  text collate "C" not null,
  key     text collate "C" not null check (octet_length(key) between 1 and 255),
  request bytea not null,
  first   bigint not null,
  last    bigint not null,
  at      timestamptz not null default clock_timestamp(),
  primary key (tenant, key)
);

-- How far a follower of another log has come (eventsourcing's Tracking); goes forward only.
create table log.tracking (
  tenant      text collate "C" not null,
  application text collate "C" not null,
  position    bigint not null,
  primary key (tenant, application)
);

-- Personal values. The log holds the commitment alone; the salt stands nowhere but here.
-- sealing says how value is kept ('plain': UTF-8). Encryption under a key per person changes value and sealing,
-- never salt or commitment: those are over the plain value, so what the log holds stays right.
create table vault.sealed_values (
  tenant     text collate "C" not null,
  person     uuid not null,
  event_id   uuid not null,
  field      text collate "C" not null check (field ~ '^[A-Za-z0-9_.-]{1,100}$'),
  salt       bytea not null check (octet_length(salt) = 32),
  value      bytea not null,
  sealing    text not null default 'plain',
  commitment bytea not null check (octet_length(commitment) = 32),
  log_size   bigint not null,                  -- the head when it was kept: its event can only come after
  confirmed  boolean not null default false,   -- its event has been seen in the log
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant, person, field, event_id)
);
create index sealed_values_of_event on vault.sealed_values (tenant, event_id);
create index sealed_values_unconfirmed on vault.sealed_values (tenant, created_at) where not confirmed;

-- Access keys: only the SHA-256 of a random key of 256 bits, so a copy of this table opens nothing.
create table access.keys (
  tenant     text collate "C" not null,
  hash       bytea not null check (octet_length(hash) = 32),
  key_id     text collate "C" not null,
  member     text collate "C" not null,
  role       text collate "C" not null,
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz,
  primary key (tenant, hash),
  unique (tenant, key_id)
);
