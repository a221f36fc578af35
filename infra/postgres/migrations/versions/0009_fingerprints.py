"""Old fingerprints of requests are wiped: they were plain hashes.

Revision ID: 0009
"""

from infra.postgres.migrations.steps import run_sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One update."""
    run_sql("0009_fingerprints.sql")


def downgrade() -> None:
    """Refused: what was wiped is gone."""
    raise NotImplementedError(downgrade.__doc__)
