-- A page of the ledger as of a position: contracts in the order in which they were drafted, whatever came later.
create index ledger_in_order on views.ledger (tenant, generation, drafted, valid_from);
