"""Checkpoints, tiles, cosignatures and public keys, which the signer alone writes.

Revision ID: 0008
"""

from infra.postgres.migrations.steps import run_sql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A role, a schema, its tables, and who may see and do what."""
    run_sql("0008_signed.sql")


def downgrade() -> None:
    """Refused: what has been signed can't be taken back."""
    raise NotImplementedError(downgrade.__doc__)
