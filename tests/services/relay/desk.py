"""Endpoints, records and a deliverer for the tests of webhooks; they know of each other through PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.identity import StreamId, TenantId
from infra.clock import fresh_id, now
from infra.event_log.store import EventLog
from infra.streams.addresses import Reach
from infra.streams.endpoints import Attempt, Endpoint, Endpoints, Wanted
from infra.streams.keeping import SecretKeeper
from infra.streams.webhook import Scheme, Secret
from infra.vault.vault import Vault
from services.relay.messages import Messages
from services.relay.webhooks import Deliverer
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import appending, new_stream, note

PATIENCE = 15.0
ADDRESS = "https://marktplatz.example"
LOOPBACK = Reach.parse("127.0.0.0/8")
BEGINNING = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass
class Desk:
    """One tenant's webhooks, as a test works with them."""

    database: DatabaseUrls
    log: EventLog
    tenant: TenantId
    vault: Vault
    ahead: timedelta = timedelta(0)
    secrets: dict[str, Secret] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.log.pool)

    def clock(self) -> datetime:
        """This machine's time, or later: a test may let three days pass."""
        return now() + self.ahead

    async def entitled(self, endpoint: Endpoint) -> bool:
        return endpoint.id not in self.withdrawn

    async def records(self, number: int, stream: StreamId | None = None, after: int = 0) -> None:
        """So many records of one stream."""
        told = stream or new_stream()
        versions = range(after + 1, after + number + 1)
        await self.log.append(appending(self.tenant, *(note(self.tenant, told, version) for version in versions)))

    async def endpoint(self, url: str, *, after: int = 0, scheme: Scheme = Scheme.HMAC, **more: Any) -> str:
        """A new endpoint, which gets everything after a position."""
        id_, secret = fresh_id(), Secret.fresh(scheme)
        wanted = more.pop("wanted", Wanted(audience="internal"))
        sealed = await SecretKeeper(self.vault).seal(self.tenant, id_, 1, secret)
        told: dict[str, Any] = {"thin": False, "rate": 1000, "description": "", "marketplace": None} | more
        async with self.endpoints.changing(self.tenant) as book:
            await book.add(
                Endpoint(
                    tenant=self.tenant, id=id_, version=1, url=url, member="p-1", role="integrator", wanted=wanted,
                    state="active", notice=None, noticed_at=None, created_at=BEGINNING, position=after, failures=0,
                    failing_since=None, next_at=None, delivered_at=None, **told,
                )
            )  # fmt: skip
            await book.add_secret(id_, 1, scheme, sealed, secret.public)
        self.secrets[id_] = secret
        return id_

    async def now_at(self, id_: str) -> Endpoint:
        """An endpoint as it stands."""
        async with self.endpoints.reading(self.tenant) as book:
            found = await book.one(id_)
        assert found is not None
        return found

    async def attempts(self, id_: str) -> list[Attempt]:
        """What was tried, in order."""
        async with self.endpoints.reading(self.tenant) as book:
            return (await book.attempts(id_, 2**53, 2000, failed=False))[::-1]

    async def until_position(self, id_: str, position: int) -> Endpoint:
        """The endpoint when it has come so far."""

        async def there() -> Endpoint | None:
            found = await self.now_at(id_)
            return found if found.position >= position else None

        found: Endpoint = await eventually(there)
        return found

    @asynccontextmanager
    async def delivering(self, **more: Any) -> AsyncIterator[Deliverer]:
        """A deliverer at work."""
        deliverer = Deliverer(
            self.database.follower,
            self.log.wakeups,
            SecretKeeper(self.vault),
            lambda pool: Messages(pool, ADDRESS),
            self.entitled,
            LOOPBACK,
            clock=self.clock,
            timeout=more.pop("patience", 1.0),
        )
        task = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task


async def eventually(ask: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> Any:
    """The first true answer."""
    async with asyncio.timeout(patience):
        while True:
            answer = await ask()
            if answer:
                return answer
            await asyncio.sleep(0.02)
