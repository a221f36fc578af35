"""What every test may ask for: one PostgreSQL a session, migrated, and a fresh tenant a test.

Append-only tables can't be cleaned, so tests don't share a tenant. `HANDSCHLAG_OWNER_DATABASE_URL` and
`HANDSCHLAG_DATABASE_URL` (and, if it's given, `HANDSCHLAG_FOLLOWER_DATABASE_URL`) name a server to use instead
of the embedded one.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from domain.identity import TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.migrate import migrate
from infra.postgres.tenancy import create_tenant

# No test asserts a time, Hypothesis's deadline for an example included.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

# A shell that starts the tests in its background has them ignore Ctrl-C, and whatever they start would with them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """`postgresql://` URLs of one migrated database, by the login each names."""

    runtime: str
    owner: str
    follower: str


@contextmanager
def some_server(variables: Mapping[str, str]) -> Iterator[DatabaseUrls]:
    """The server that these variables name, or else a fresh one for as long as this lasts; nothing is migrated yet."""
    owner, runtime = variables.get("HANDSCHLAG_OWNER_DATABASE_URL"), variables.get("HANDSCHLAG_DATABASE_URL")
    if owner and runtime:
        separator = "&" if "?" in owner else "?"
        own_role = f"{owner}{separator}role=handschlag_follower"
        yield DatabaseUrls(runtime, owner, variables.get("HANDSCHLAG_FOLLOWER_DATABASE_URL", own_role))
        return
    home = Path(tempfile.mkdtemp(prefix="hs-test-"))
    server = EmbeddedPostgres(home)
    try:
        urls = server.start()
        yield DatabaseUrls(urls.runtime, urls.owner, urls.follower)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def database_server() -> Iterator[DatabaseUrls]:
    """A running server, not migrated yet. Started from the main thread, since it dies with that (DESIGN §7)."""
    with some_server(os.environ) as urls:
        yield urls


@pytest.fixture(scope="session")
def vault_server() -> Iterator[str]:
    """Another server than the log's; the URL of a login that owns a database there."""
    home = Path(tempfile.mkdtemp(prefix="hs-vault-"))
    server = EmbeddedPostgres(home)
    try:
        yield server.start().owner
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
async def database(database_server: DatabaseUrls) -> DatabaseUrls:
    """The session's database, migrated to head."""
    await migrate(database_server.owner, database_server.runtime, database_server.follower, signs=True)
    return database_server


@pytest.fixture
async def tenant(database: DatabaseUrls) -> TenantId:
    """A new host with an empty log."""
    return await new_tenant(database)


@pytest.fixture(scope="session")
async def event_log(database: DatabaseUrls) -> AsyncIterator[EventLog]:
    """The session's event log, as a service's process would hold it."""
    log = await EventLog.open(database.runtime)
    yield log
    await log.close()


async def new_tenant(database: DatabaseUrls) -> TenantId:
    """A new host with an empty log, its name like no other's."""
    name = TenantId(f"t-{fresh_id()}")
    await create_tenant(
        database.owner, name, name="Testbörse", city="Essen", region="Nordrhein-Westfalen", time_zone="Europe/Berlin"
    )
    return name
