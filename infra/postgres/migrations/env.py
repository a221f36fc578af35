"""Alembic's entry: runs the revisions on the connection that `infra.postgres.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="revision",
    version_table_schema="log",
    transaction_per_migration=False,
)
context.run_migrations()
