-- Contracts' and tallies' documents are written once for every record of a contract, and read whole: so they are json,
-- which is checked but not taken apart, and contracts' are kept uncompressed as far as a page goes. Taking apart and
-- compressing were most of what a rebuild took.
drop index views.ledger_to_be_reminded;
alter table views.ledger set (toast_tuple_target = 8160);
alter table views.ledger alter column doc type json using doc::json;
alter table views.tallies alter column doc type json using doc::json;
create index ledger_to_be_reminded on views.ledger (tenant, generation, id)
  where valid_until is null and not rehearsal and state in ('certified', 'running')
    and not (doc::jsonb @> '{"calls": [{"reminder": "did_it_happen"}]}');
