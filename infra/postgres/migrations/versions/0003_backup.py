"""The backup role reads which revision a database is at, or `pg_dump` stops at that table.

Revision ID: 0003
"""

from infra.postgres.migrations.steps import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One grant."""
    run_sql("0003_backup.sql")


def downgrade() -> None:
    """Refused: a backup that misses a table is none."""
    raise NotImplementedError(downgrade.__doc__)
