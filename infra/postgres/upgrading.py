"""What migrating does when there is something to do: Alembic's revisions, and roles granted to logins."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

_LOCK = "handschlag/migrate"


async def upgrade(owner_url: str, grants: Sequence[tuple[str, str]]) -> None:
    """Run the revisions to head and grant each role to its login, in one transaction, one process after the other."""
    engine = create_async_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:lock, 0))"), {"lock": _LOCK})
            await connection.execute(text("create schema if not exists log"))
            await connection.run_sync(_upgrade)
            for role, login in grants:
                await _grant(connection, role, login)
    finally:
        await engine.dispose()


def sqlalchemy_url(url: str) -> str:
    """`url` with the driver SQLAlchemy needs to be told."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _grant(connection: AsyncConnection, role: str, login: str) -> None:
    """Grant `role` to `login`, which has to exist; both are quoted by the server."""
    sql = "select format('grant %I to %I', cast(:role as text), cast(:login as text))"
    statement = (await connection.execute(text(sql), {"role": role, "login": login})).scalar_one()
    await connection.execute(text(statement))
