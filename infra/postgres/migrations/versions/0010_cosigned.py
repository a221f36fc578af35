"""Find what witnesses have cosigned without reading every checkpoint since.

Revision ID: 0010
"""

from infra.postgres.migrations.steps import run_sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    run_sql("0010_cosigned.sql")


def downgrade() -> None:
    """Refused: the service's own questions need it."""
    raise NotImplementedError(downgrade.__doc__)
