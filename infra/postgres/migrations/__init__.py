"""The database's history: one Alembic revision per step, its SQL written by hand in a file with a name."""
