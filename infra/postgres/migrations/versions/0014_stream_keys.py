"""Keys that open streams alone.

Revision ID: 0014
"""

from infra.postgres.migrations.steps import run_sql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns."""
    run_sql("0014_stream_keys.sql")


def downgrade() -> None:
    """Refused: keys for streams alone would open everything."""
    raise NotImplementedError(downgrade.__doc__)
