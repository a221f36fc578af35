"""The log: tenants, heads, entries, keys, tracking; the vault's and the access keys' tables; the append function.

Revision ID: 0001
"""

from infra.postgres.migrations.steps import as_role, grant_to_migrator, run_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Roles first, since tables name them in policies; functions last, made by the role that is to own them."""
    run_sql("0001_roles.sql")
    run_sql("0001_tables.sql")
    run_sql("0001_guards.sql")
    with as_role("handschlag_log_writer", schema="log"):
        run_sql("0001_create_tenant.sql")
        run_sql("grow.sql", room="event_log")
        run_sql("append.sql", room="event_log")
        run_sql("reading.sql", room="event_log")
        run_sql("0001_execute.sql")
        grant_to_migrator("execute on function log.create_tenant(text, text, text, text, text, text)")


def downgrade() -> None:
    """Refused: a log is not taken back."""
    raise NotImplementedError(downgrade.__doc__)
