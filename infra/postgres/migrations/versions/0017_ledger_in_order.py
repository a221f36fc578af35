"""Turn the ledger's pages as of a position without reading all of it.

Revision ID: 0017
"""

from infra.postgres.migrations.steps import run_sql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index."""
    run_sql("0017_ledger_in_order.sql")


def downgrade() -> None:
    """Refused: the service's own questions need it."""
    raise NotImplementedError(downgrade.__doc__)
