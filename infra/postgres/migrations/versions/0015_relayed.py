"""How far each host's records have been relayed to the broker.

Revision ID: 0015
"""

from infra.postgres.migrations.steps import run_sql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table."""
    run_sql("0015_relayed.sql")


def downgrade() -> None:
    """Refused: records would be sent twice."""
    raise NotImplementedError(downgrade.__doc__)
