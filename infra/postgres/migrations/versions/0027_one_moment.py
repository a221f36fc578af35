"""Read a key and its streams as of one moment.

Revision ID: 0027
"""

from infra.postgres.migrations.steps import as_role, run_sql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The reading functions as they stand now."""
    with as_role("handschlag_log_writer", schema="log"):
        run_sql("reading.sql", room="event_log")


def downgrade() -> None:
    """Refused: a retry would be told of its own change as somebody else's."""
    raise NotImplementedError(downgrade.__doc__)
