-- What readers see, folded from the log (DESIGN §5). Written by the projector alone, in the follower's role.
-- Every key starts with the tenant, then the generation: a rebuild writes generation n + 1 beside the live one.
--
-- Positions are the tenant's in the log. A row with a life holds for the positions [valid_from, valid_until);
-- valid_until null: it stands now. `doc` is the fold's value as `infra.projections.docs` writes it.

create schema views;

-- Which generation readers read, and which a rebuild is building beside it.
create table views.generations (
  tenant   text collate "C" primary key,
  live     integer not null check (live > 0),
  building integer check (building > live)
);

-- How far a generation has come. Moved in the transaction that writes its rows, and locked by whoever writes them:
-- this lock is what makes a generation's writer single.
create table views.tracking (
  tenant     text collate "C" not null,
  generation integer not null,
  position   bigint not null check (position >= 0),
  primary key (tenant, generation)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Contracts. `drafted` is the position of the first record of a contract: the order of lists, the same in every
-- generation. A contract's versions are few, so as-of for a marketplace is one range of ledger_of_marketplace.
create table views.ledger (
  tenant      text collate "C" not null,
  generation  integer not null,
  id          uuid not null,
  valid_from  bigint not null,
  valid_until bigint check (valid_until > valid_from),
  drafted     bigint not null,
  marketplace uuid not null,
  state       text collate "C" not null,
  rehearsal   boolean not null,
  doc         jsonb not null,
  primary key (tenant, generation, id, valid_from)
);
create index ledger_of_marketplace on views.ledger (tenant, generation, marketplace, drafted, valid_from);
create unique index ledger_standing on views.ledger (tenant, generation, drafted) where valid_until is null;

-- What the board shows of an edition, at every position at which one of its contracts changed.
create table views.tallies (
  tenant      text collate "C" not null,
  generation  integer not null,
  marketplace uuid not null,
  valid_from  bigint not null,
  valid_until bigint check (valid_until > valid_from),
  doc         jsonb not null,
  primary key (tenant, generation, marketplace, valid_from)
);

-- Announced results. A correction closes a row and opens another, so earlier words stay.
create table views.statements (
  tenant      text collate "C" not null,
  generation  integer not null,
  id          uuid not null,
  valid_from  bigint not null,
  valid_until bigint check (valid_until > valid_from),
  marketplace uuid not null,
  said_at     timestamptz not null,
  doc         jsonb not null,
  primary key (tenant, generation, id, valid_from)
);
create index statements_of_marketplace on views.statements (tenant, generation, marketplace, valid_from);

-- Who did what, when, as which role: a record stands here once for each case it belongs to. `nth` 0 is its first
-- case, so that a marketplace's or a person's trail tells it once.
create table views.trail (
  tenant       text collate "C" not null,
  generation   integer not null,
  case_id      uuid not null,
  position     bigint not null,
  nth          smallint not null,
  event        uuid not null,
  stream       uuid not null,
  type         text collate "C" not null,
  at           timestamptz not null,
  actor        text collate "C" not null,
  role         text collate "C" not null,
  on_behalf_of uuid,
  rehearsal    boolean not null,
  marketplace  uuid,
  details      jsonb not null,
  primary key (tenant, generation, case_id, position)
);
create index trail_of_marketplace on views.trail (tenant, generation, marketplace, position) where nth = 0;
create index trail_of_actor on views.trail (tenant, generation, actor, position) where nth = 0;

-- Every thing but contracts as it stands now. `first` is the position of its first record: the order of lists.
-- `season` is told of editions alone.
create table views.directory (
  tenant      text collate "C" not null,
  generation  integer not null,
  id          uuid not null,
  kind        text collate "C" not null,
  version     integer not null,
  first       bigint not null,
  position    bigint not null,
  marketplace uuid,
  state       text collate "C" not null,
  rehearsal   boolean not null,
  season      integer,
  doc         jsonb not null,
  primary key (tenant, generation, id)
) with (fillfactor = 80);
create index directory_of_kind on views.directory (tenant, generation, kind, first);
create index directory_of_marketplace on views.directory (tenant, generation, marketplace, kind, first);
-- Read across tenants, by the season's page and the timekeeper.
create index directory_of_season on views.directory (season, tenant, generation) where season is not null;
create index directory_trading on views.directory (tenant, generation) where kind = 'marketplace' and state = 'Trading';
create index directory_open_tables on views.directory (tenant, generation, marketplace)
  where kind = 'negotiation' and state in ('Seated', 'Proposed');

-- Streams with a record that can't be told: it and what follows on its stream stand still, loudly, until a rebuild.
-- `things` are the cases that miss these records; `first` to `last` are the positions of the records held back.
create table views.parked (
  tenant     text collate "C" not null,
  generation integer not null,
  stream     uuid not null,
  first      bigint not null,
  last       bigint not null,
  type       text collate "C" not null,
  error      text not null,
  things     uuid[] not null,
  primary key (tenant, generation, stream)
);
