"""Views are told anew: the whole method gives rows, editions and listings more to say.

Revision ID: 0004
"""

from infra.postgres.migrations.steps import run_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget what was told; the projector tells it again."""
    run_sql("0004_tell_anew.sql")


def downgrade() -> None:
    """Refused: an older service can't read newer records."""
    raise NotImplementedError(downgrade.__doc__)
