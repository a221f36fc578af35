"""A database for signers alone: one signs for all hosts that it finds, so it must find none of other tests."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.postgres.migrate import migrate
from tests.conftest import DatabaseUrls, new_tenant, some_server
from tests.running import own_database

_TABLES = (
    "signed.logs", "signed.keys", "signed.troubles", "signed.checkpoints", "signed.signatures", "signed.hashes",
    "log.heads", "log.entries",
)  # fmt: skip
_APPEND_ONLY = ("signed.checkpoints", "signed.signatures", "signed.hashes", "log.heads", "log.entries")


@pytest.fixture(scope="package")
def signers_server() -> Iterator[DatabaseUrls]:
    """A server, or a database at the one that tests were given, that no other tests write to."""
    with own_database() as given, some_server(given) as urls:
        yield urls


@pytest.fixture(scope="package")
async def database(signers_server: DatabaseUrls) -> DatabaseUrls:
    """The signers' database, migrated to head."""
    await migrate(signers_server.owner, signers_server.runtime, signers_server.follower, signs=True)
    return signers_server


@pytest.fixture(scope="package")
async def event_log(database: DatabaseUrls) -> AsyncIterator[EventLog]:
    """The log of that database, as a service's process would hold it."""
    log = await EventLog.open(database.runtime)
    yield log
    await log.close()


@pytest.fixture
async def alone(database: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the owner's. Earlier tests' logs, and what their homes have signed, are put aside."""
    connection = await asyncpg.connect(database.owner)
    earlier = ("signed.logs", "signed.keys", "signed.troubles", "log.entries", "log.heads")
    await as_superuser(connection, "; ".join(f"delete from {table}" for table in earlier))
    yield connection
    await connection.close()


@pytest.fixture
async def tenant(database: DatabaseUrls, alone: asyncpg.Connection) -> TenantId:  # noqa: ARG001
    """A new host with an empty log, the only one that has a log."""
    return await new_tenant(database)


async def as_superuser(connection: asyncpg.Connection, statements: str) -> None:
    """Run statements with row-level security and triggers out of the way, as the tables' owner can, and on again."""
    off = "".join(
        f"alter table {table} no force row level security; alter table {table} disable trigger user;"
        for table in _TABLES
    )
    on = "".join(
        f"alter table {table} force row level security; alter table {table} enable trigger user;" for table in _TABLES
    )
    always = "".join(f"alter table {table} enable always trigger append_only;" for table in _APPEND_ONLY)
    await connection.execute(f"begin; {off} {statements}; {on} {always} commit")
