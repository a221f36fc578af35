"""Open the views in one call, and look their rows up by key, whatever the planner knows of a host.

Revision ID: 0025
"""

from infra.postgres.migrations.steps import run_sql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The functions; what they read stands as it did."""
    run_sql("opening.sql", room="projections")
    run_sql("by_key.sql", room="projections")


def downgrade() -> None:
    """Refused: the software of this version reads by them."""
    raise NotImplementedError(downgrade.__doc__)
