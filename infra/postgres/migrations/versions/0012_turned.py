"""Find what became different between two moments without reading every contract.

Revision ID: 0012
"""

from infra.postgres.migrations.steps import run_sql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    run_sql("0012_turned.sql")


def downgrade() -> None:
    """Refused: the service's own questions need it."""
    raise NotImplementedError(downgrade.__doc__)
