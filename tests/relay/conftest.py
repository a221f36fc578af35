"""A database for relays alone, and a broker for a test."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.postgres.migrate import migrate
from infra.settings import NatsSettings
from tests.conftest import DatabaseUrls, new_tenant, some_server
from tests.infra.event_log.entries import CLASSES
from tests.relay.broker import NatsServer, nats_server
from tests.running import own_database


@pytest.fixture(scope="module")
def relayed_server() -> Iterator[DatabaseUrls]:
    """A migrated database that no other tests write to."""
    with own_database() as given, some_server(given) as urls:
        yield urls


@pytest.fixture
async def relayed(relayed_server: DatabaseUrls) -> DatabaseUrls:
    """The relays' database, migrated."""
    await migrate(relayed_server.owner, relayed_server.runtime, relayed_server.follower)
    return relayed_server


@pytest.fixture
async def tenant(relayed: DatabaseUrls) -> TenantId:
    """A new host with an empty log."""
    return await new_tenant(relayed)


@pytest.fixture
async def log(relayed: DatabaseUrls) -> AsyncIterator[EventLog]:
    """A log of Notes."""
    log = await EventLog.open(relayed.runtime, CLASSES)
    yield log
    await log.close()


@pytest.fixture(scope="module")
def standing_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A server of NATS with JetStream: it lasts as long as the database, or every stream would be filled again."""
    with nats_server(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest.fixture
def broker(standing_broker: NatsServer) -> NatsServer:
    """The server, up again if a test left it dead."""
    if standing_broker.process is None:
        standing_broker.start()
    return standing_broker


@pytest.fixture
def nats_settings(broker: NatsServer) -> NatsSettings:
    """How the relay reaches it; it recognises a message again for a fifth of a second alone."""
    return NatsSettings(url=broker.url, window=0.2)


@pytest.fixture
async def beyond_the_window(nats_settings: NatsSettings) -> "Beyond":
    """Wait until the server has forgotten the ids of all messages."""
    return Beyond(nats_settings.window)


class Beyond:
    """Waits for longer than the deduplication window."""

    def __init__(self, window: float) -> None:
        self._window = window

    async def wait(self) -> None:
        """Return when every message that is there now has left the window."""
        await asyncio.sleep(3 * self._window)
