"""Read persons' values in one call.

Revision ID: 0024
"""

from infra.postgres.migrations.steps import run_sql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The vault's function, which a vault in a database of its own makes from the same file."""
    run_sql("reading.sql", room="vault")
    run_sql("0024_read.sql")


def downgrade() -> None:
    """Refused: the service reads values by it."""
    raise NotImplementedError(downgrade.__doc__)
