"""Look an access key up in one round trip.

Revision ID: 0018
"""

from infra.postgres.migrations.steps import run_sql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A function."""
    run_sql("0018_access_holder.sql")


def downgrade() -> None:
    """Refused: the service's own look-ups need it."""
    raise NotImplementedError(downgrade.__doc__)
