"""The vault under keys: a key per person, wrapped by a master key that stands in no database; disclosures.

Revision ID: 0007
"""

from infra.postgres.migrations.steps import run_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables and rights. What is plain is sealed by the application at its next start, which has the keys."""
    run_sql("0007_vault.sql")


def downgrade() -> None:
    """Refused: sealed values can't be read without their keys."""
    raise NotImplementedError(downgrade.__doc__)
