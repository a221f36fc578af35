-- What has been signed: checkpoints, the hashes they stand on, cosignatures and the public keys (C2SP tlog-tiles,
-- signed-note, tlog-cosignature). All of it is public; entries are not in it. Only handschlag_signer writes here,
-- a role that the signer's session takes on: what the runtime's login could write, a checkpoint could not reveal.
-- Every key starts with the tenant.

do $$
begin
  begin
    create role handschlag_signer nologin;
  exception
    when duplicate_object or unique_violation then null;
  end;
  if current_setting('server_version_num')::int >= 160000 then
    if not pg_has_role(current_user, 'handschlag_signer', 'SET') then
      execute 'grant handschlag_signer to current_user with inherit false, set true'; -- 15 can't even parse it
    end if;
  elsif not pg_has_role(current_user, 'handschlag_signer', 'MEMBER') then
    grant handschlag_signer to current_user;
  end if;
end
$$;

create schema signed;

-- Where the signer goes on: the last signed size, right edge and root, and the numbers of the seeds that signed.
create table signed.logs (
  tenant    text collate "C" primary key references log.tenants (tenant),
  size      bigint not null check (size >= 0),
  edge      bytea[] not null,
  root      bytea not null check (octet_length(root) = 32),
  seeds     int[] not null,
  signed_at timestamptz not null
) with (fillfactor = 50);

-- Why nothing is signed any more for a host. A row goes away when its log can be followed again.
create table signed.troubles (
  tenant   text collate "C" primary key,
  kind     text not null,
  sentence text not null,
  size     bigint not null, -- the last signed one
  since    timestamptz not null default clock_timestamp()
);

create table signed.checkpoints (
  tenant    text collate "C" not null,
  size      bigint not null check (size >= 0),
  root      bytea not null check (octet_length(root) = 32),
  signed_at timestamptz not null,
  primary key (tenant, size)
);

-- Signature lines under checkpoints, without their newline: the log's own, and those of witnesses.
create table signed.signatures (
  tenant  text collate "C" not null,
  size    bigint not null,
  key     text collate "C" not null, -- name+id, as at the beginning of a vkey
  witness boolean not null,
  line    text not null,
  at      timestamptz not null,
  primary key (tenant, size, key)
);

-- Hashes of the tree: at level l, those of the subtrees of 256^l leaves, as many in a row as were signed at a time.
-- No row reaches over the border of a tile, so a tile is the rows whose `first` lies in it, one after the other.
create table signed.hashes (
  tenant text collate "C" not null,
  level  smallint not null check (level between 0 and 7),
  first  bigint not null check (first >= 0),
  hashes bytea not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192),
  primary key (tenant, level, first)
);

-- The logs' public keys. A retired one signs no more; what it has signed is as good as ever.
create table signed.keys (
  tenant     text collate "C" not null,
  vkey       text collate "C" not null,
  seed       int not null,
  since      timestamptz not null default clock_timestamp(),
  retired_at timestamptz,
  primary key (tenant, vkey)
);

-- How far each witness has cosigned.
create table signed.witnesses (
  tenant text collate "C" not null,
  key    text collate "C" not null,
  size   bigint not null,
  at     timestamptz not null,
  primary key (tenant, key)
);

do $$
declare
  target regclass;
begin
  foreach target in array array['signed.logs', 'signed.troubles', 'signed.checkpoints', 'signed.signatures',
                                'signed.hashes', 'signed.keys', 'signed.witnesses']::regclass[]
  loop
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy everybody_reads on %s for select using (true)', target);
    execute format('create policy signer on %s to handschlag_signer using (true) with check (true)', target);
    execute format('grant select on %s to handschlag_runtime, handschlag_follower, handschlag_signer, handschlag_backup', target);
  end loop;
  foreach target in array array['signed.checkpoints', 'signed.signatures', 'signed.hashes']::regclass[]
  loop
    execute format('create trigger append_only before update or delete or truncate on %s'
                   ' for each statement execute function log.refuse()', target);
    execute format('alter table %s enable always trigger append_only', target);
  end loop;
end
$$;

grant usage on schema signed to handschlag_runtime, handschlag_follower, handschlag_signer, handschlag_backup;
grant usage on schema log to handschlag_signer;
grant select on log.tenants, log.heads, log.entries to handschlag_signer;
create policy signer on log.heads for select to handschlag_signer using (true);
create policy signer on log.entries for select to handschlag_signer using (true);
grant insert, update on signed.logs, signed.keys, signed.witnesses to handschlag_signer;
grant insert, update, delete on signed.troubles to handschlag_signer;
grant insert on signed.checkpoints, signed.signatures, signed.hashes to handschlag_signer;
