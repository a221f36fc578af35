"""What is to be destroyed once its record stands in the log.

Revision ID: 0011
"""

from infra.postgres.migrations.steps import run_sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table."""
    run_sql("0011_leaving.sql")


def downgrade() -> None:
    """Refused: what is under way would be forgotten."""
    raise NotImplementedError(downgrade.__doc__)
