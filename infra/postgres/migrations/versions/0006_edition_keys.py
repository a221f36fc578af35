"""Keys for one edition.

Revision ID: 0006
"""

from infra.postgres.migrations.steps import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the edition that a key is for."""
    run_sql("0006_edition_keys.sql")


def downgrade() -> None:
    """Refused: an older service would let such a key open everything."""
    raise NotImplementedError(downgrade.__doc__)
