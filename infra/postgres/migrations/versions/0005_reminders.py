"""The timekeeper finds contracts that nobody has asked about.

Revision ID: 0005
"""

from infra.postgres.migrations.steps import run_sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    run_sql("0005_reminders.sql")


def downgrade() -> None:
    """Refused: the service's own questions need it."""
    raise NotImplementedError(downgrade.__doc__)
