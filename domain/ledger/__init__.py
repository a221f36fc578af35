"""The ledger (Vertragsbuch): one row a contract, folded from its records, with the positions it came from."""
