"""What revisions are made of: SQL files run as they stand, and objects made by the role that is to own them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import op

_INFRA = Path(__file__).parents[2]


def run_sql(name: str, room: str = "postgres/migrations/sql") -> None:
    """Run the SQL file `name` (many statements, as written) in the migration's transaction.

    It stands in `infra/postgres/migrations/sql`, or in another `room` of `infra` when that owns it.
    """
    _execute((_INFRA / room / name).read_text(encoding="utf-8"))


def grant_to_migrator(right: str) -> None:
    """Grant `right` to the login that migrates (usable inside `as_role`)."""
    _execute(f"do $$ begin execute format('grant {right} to %I', session_user); end $$")


@contextmanager
def as_role(role: str, *, schema: str) -> Iterator[None]:
    """Let what is made inside belong to `role`, which may make things in `schema` only for so long."""
    _execute(f"grant create on schema {schema} to {role}; set local role {role}")
    yield
    _execute(f"reset role; revoke create on schema {schema} from {role}")


def _execute(sql: str) -> None:
    """Hand `sql` to asyncpg itself: SQLAlchemy's prepared statements hold one command each."""
    adapted: Any = op.get_bind().connection.dbapi_connection
    adapted.run_async(lambda connection: connection.execute(sql))
