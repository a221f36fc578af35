"""Keep a person's values in one call.

Revision ID: 0021
"""

from infra.postgres.migrations.steps import run_sql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The vault's function, which a vault in a database of its own makes from the same file."""
    run_sql("keeping.sql", room="vault")
    run_sql("0021_keep.sql")


def downgrade() -> None:
    """Refused: the service keeps values by it."""
    raise NotImplementedError(downgrade.__doc__)
