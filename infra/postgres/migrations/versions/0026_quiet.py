"""Wait for the appends that are under way.

Revision ID: 0026
"""

from infra.postgres.migrations.steps import as_role, run_sql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One function of the log writer's."""
    with as_role("handschlag_log_writer", schema="log"):
        run_sql("quiet.sql", room="event_log")
    run_sql("0026_execute.sql")


def downgrade() -> None:
    """Refused: the vault asks by it whether a record may still come."""
    raise NotImplementedError(downgrade.__doc__)
