"""All input and output: PostgreSQL, the event log, projections, the vault."""
