"""A page of records told in one call.

Revision ID: 0022
"""

from infra.postgres.migrations.steps import run_sql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The function; what it writes stands as it did."""
    run_sql("telling.sql", room="projections")


def downgrade() -> None:
    """Refused: the software of this version tells by it."""
    raise NotImplementedError(downgrade.__doc__)
