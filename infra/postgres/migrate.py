"""Bring a database to the state this software needs, whoever else is trying to at the same time."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

_LOCK = "handschlag/migrate"


class SameLogin(ValueError):
    """The runtime's login must not be the owner's: whoever owns the tables can take their guards away."""


async def migrate(owner_url: str, runtime_url: str, follower_url: str | None = None, *, signs: bool = False) -> None:
    """Run the migrations to head as the owner, and grant the group roles to the logins the other URLs name.

    URLs are `postgresql://login:password@host:port/database`. Everything happens in one transaction under an
    advisory lock: of two processes the second waits, finds nothing to do, and a crash leaves no half a step.
    A follower that `signs` may take on the signer's role; one that has it keeps it. Raises `SameLogin` when
    `runtime_url` names the owner.
    """
    owner, runtime = login_of(owner_url), login_of(runtime_url)
    if runtime == owner:
        raise SameLogin(SameLogin.__doc__)
    engine = create_async_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:lock, 0))"), {"lock": _LOCK})
            await connection.execute(text("create schema if not exists log"))
            await connection.run_sync(_upgrade)
            await _grant(connection, "handschlag_runtime", runtime)
            if follower_url is not None and login_of(follower_url) != owner:
                await _grant(connection, "handschlag_follower", login_of(follower_url))
                if signs:
                    await _grant(connection, "handschlag_signer", login_of(follower_url))
    finally:
        await engine.dispose()


def sqlalchemy_url(url: str) -> str:
    """`url` with the driver SQLAlchemy needs to be told."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]


def login_of(url: str) -> str:
    """The login that `url` names."""
    login = urlsplit(url).username
    if not login:
        raise ValueError("a database URL of Handschlag names its login: postgresql://login@host/database")
    return unquote(login)


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
