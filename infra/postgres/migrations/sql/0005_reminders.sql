-- Contracts of real editions that the timekeeper may have to ask about; each leaves the index once its parties were
-- asked whether it happened.
create index ledger_to_be_reminded on views.ledger (tenant, generation, id)
  where valid_until is null and not rehearsal and state in ('certified', 'running')
    and not (doc @> '{"calls": [{"reminder": "did_it_happen"}]}');
