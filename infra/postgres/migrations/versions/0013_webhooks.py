"""Endpoints that records are sent to.

Revision ID: 0013
"""

from infra.postgres.migrations.steps import run_sql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A schema with its tables."""
    run_sql("0013_webhooks.sql")


def downgrade() -> None:
    """Refused: receivers would be forgotten, and how far they had come."""
    raise NotImplementedError(downgrade.__doc__)
