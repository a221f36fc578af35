"""Telling open pages that something changed: one watcher for each edition, however many screens show it.

A stream says `changed` with a position and nothing else; the page fetches its own fragment. Hints may be missed: the
watcher also looks every `LOOK` seconds. It lives as long as somebody listens.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import structlog
from litestar.response import ServerSentEventMessage

from domain.identity import MarketplaceId, TenantId
from services.application.views import ResultsView

LOOK = 2.0
"""Seconds between two looks when no hint comes."""

REST = 0.2
"""Seconds after a hint before looking: the views follow the log, and a busy floor hints often."""

PING = 15.0
"""Seconds of silence after which a stream shows that it is there."""

_log = structlog.get_logger(__name__)


class Watch(Protocol):
    """What `infra.event_log.wakeups.Watch` does for us."""

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a hint that doesn't come is no error
        """Return at a hint (True), or after `timeout` seconds."""
        ...


class Wakeups(Protocol):
    """What `infra.event_log.wakeups.Wakeups` does for us."""

    def watch(self, tenant: TenantId | None) -> AbstractAsyncContextManager[Watch]:
        """Watch a tenant's head."""
        ...


class Results(Protocol):
    """What we ask of `services.application.queries.Queries` here."""

    async def results(self, tenant: TenantId, marketplace: MarketplaceId) -> ResultsView:
        """An edition's results."""
        ...


class _Edition:
    """What listeners of one edition share."""

    def __init__(self) -> None:
        self.listeners = 0
        self.position = 0
        self.failed = False
        self.news = asyncio.Event()
        self.watcher: asyncio.Task[None] | None = None

    def tell(self) -> None:
        """Wake everyone who listens now; those who come later wait for the next news."""
        self.news.set()
        self.news = asyncio.Event()


class Live:
    """All editions that somebody watches. `stopping` ends every stream."""

    def __init__(self, queries: Results, wakeups: Wakeups, stopping: asyncio.Event) -> None:
        self._queries = queries
        self._wakeups = wakeups
        self._stopping = stopping
        self._editions: dict[tuple[TenantId, MarketplaceId], _Edition] = {}

    async def stream(
        self, tenant: TenantId, marketplace: MarketplaceId, after: int
    ) -> AsyncGenerator[ServerSentEventMessage, None]:
        """`changed` whenever the edition's figures moved past what the page shows, `bye` before we go."""
        edition = self._enter(tenant, marketplace)
        try:
            yield ServerSentEventMessage(data=None, comment="here", retry=2000)
            while not self._stopping.is_set() and not edition.failed:
                if edition.position > after:
                    after = edition.position
                    yield ServerSentEventMessage(event="changed", id=after, data=str(after))
                elif not await self._anything(edition):
                    yield ServerSentEventMessage(data=None, comment="ping")
            yield ServerSentEventMessage(event="bye", data="bye")
        finally:
            self._leave(tenant, marketplace, edition)

    async def _anything(self, edition: _Edition) -> bool:
        """Whether there were news, or the end, within a ping's time."""
        waits = {asyncio.ensure_future(edition.news.wait()), asyncio.ensure_future(self._stopping.wait())}
        try:
            done, _ = await asyncio.wait(waits, timeout=PING, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
        return bool(done)

    def _enter(self, tenant: TenantId, marketplace: MarketplaceId) -> _Edition:
        edition = self._editions.setdefault((tenant, marketplace), _Edition())
        edition.listeners += 1
        if edition.watcher is None:
            edition.watcher = asyncio.create_task(self._watch(tenant, marketplace, edition), name="live")
        return edition

    def _leave(self, tenant: TenantId, marketplace: MarketplaceId, edition: _Edition) -> None:
        """The last one out ends the watcher. Nothing is awaited, so that a cancelled stream leaves cleanly."""
        edition.listeners -= 1
        if edition.listeners:
            return
        if edition.watcher is not None:
            edition.watcher.cancel()
        if self._editions.get((tenant, marketplace)) is edition:
            del self._editions[tenant, marketplace]

    async def _watch(self, tenant: TenantId, marketplace: MarketplaceId, edition: _Edition) -> None:
        """Look, tell, wait for a hint. When looking fails, the streams end and the pages say that they are stale."""
        try:
            async with self._wakeups.watch(tenant) as watch:
                while not self._stopping.is_set():
                    position = position_of(await self._queries.results(tenant, marketplace))
                    if position > edition.position:
                        edition.position = position
                        edition.tell()
                    if await watch.wait(LOOK):
                        await asyncio.sleep(REST)
        except Exception as error:
            _log.warning("live.lost", tenant=tenant, error=type(error).__name__)
        finally:
            edition.failed = True
            self._editions.pop((tenant, marketplace), None)
            with contextlib.suppress(RuntimeError):
                edition.tell()


def position_of(results: ResultsView) -> int:
    """The record up to which an edition's board tells."""
    said = [statement.position for statement in results.statements]
    return max(results.marketplace.position, results.ledger.position, *said, 0)
