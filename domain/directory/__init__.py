"""The directory: every thing of a host as it stands, for lists and look-ups. Contracts stand in the ledger."""
