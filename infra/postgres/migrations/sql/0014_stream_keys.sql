-- A key may open streams alone: as an audience sees them, with personal values or without. Null: any other key.
alter table access.keys
  add column audience text collate "C" check (audience in ('public', 'partner', 'internal')),
  add column persons boolean not null default false,
  add constraint persons_go_with_streams check (audience is not null or not persons);
