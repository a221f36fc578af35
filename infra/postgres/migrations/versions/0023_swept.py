"""A rebuild knows when the one before has left nothing.

Revision ID: 0023
"""

from infra.postgres.migrations.steps import run_sql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    run_sql("0023_swept.sql")


def downgrade() -> None:
    """Refused: the service's own statements name it."""
    raise NotImplementedError(downgrade.__doc__)
