"""Keep contracts' and tallies' documents as they were written.

Revision ID: 0019
"""

from infra.postgres.migrations.steps import run_sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The documents' type, and how they are stored."""
    run_sql("0019_documents_as_written.sql")


def downgrade() -> None:
    """Refused: nothing is gained by it."""
    raise NotImplementedError(downgrade.__doc__)
