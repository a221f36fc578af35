-- The ledger's rows in the order in which they began: what became different between two moments is a range of it.
create index ledger_turned on views.ledger (tenant, generation, valid_from);
