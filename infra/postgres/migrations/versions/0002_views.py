"""The views: ledger, tallies, statements, trail and directory, their generations and how far they have come.

Revision ID: 0002
"""

from infra.postgres.migrations.steps import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables first, then who may see and do what."""
    run_sql("0002_views.sql")
    run_sql("0002_guards.sql")


def downgrade() -> None:
    """Everything here is folded from the log and can be folded again."""
    run_sql("0002_drop.sql")
