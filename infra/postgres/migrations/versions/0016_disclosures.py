"""Tell what was disclosed without reading all of it.

Revision ID: 0016
"""

from infra.postgres.migrations.steps import run_sql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes."""
    run_sql("0016_disclosures.sql")


def downgrade() -> None:
    """Refused: the service's own questions need it."""
    raise NotImplementedError(downgrade.__doc__)
