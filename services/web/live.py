"""Telling open pages that something changed: one watcher for each edition, however many screens show it.

A stream says `changed` with a position and nothing else; the page fetches its own fragment. Hints may be missed: the
watcher also looks every `LOOK` seconds. It lives as long as somebody listens. Every stream has a place among the
process's listeners, and ends after their lifetime: the page comes again by itself.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from random import Random
from typing import Protocol

import structlog
from litestar.response import ServerSentEventMessage

from domain.identity import MarketplaceId, TenantId
from services.application.listeners import Listeners
from services.application.trouble import TooManyListeners
from services.application.views import ResultsView

LOOK = 2.0
"""Seconds between two looks when no hint comes."""

REST = 0.2
"""Seconds after a hint before looking: the views follow the log, and a busy floor hints often."""

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
    """All editions that somebody watches. `stopping` ends every stream; whoever watches has no key."""

    def __init__(self, queries: Results, wakeups: Wakeups, stopping: asyncio.Event, listeners: Listeners) -> None:
        self._queries = queries
        self._wakeups = wakeups
        self._stopping = stopping
        self._listeners = listeners
        self._editions: dict[tuple[TenantId, MarketplaceId], _Edition] = {}
        self._spread = Random()  # noqa: S311 - spreads reconnections, guards nothing

    def must_have_room(self, tenant: TenantId) -> None:
        """Raise `TooManyListeners` when there is no place for one more."""
        self._listeners.must_have_room(tenant, stranger=True)

    async def stream(
        self, tenant: TenantId, marketplace: MarketplaceId, after: int
    ) -> AsyncGenerator[ServerSentEventMessage, None]:
        """`changed` whenever the edition's figures moved past what the page shows, `bye` and why before we go.

        Why is `stopping`, `lifetime`, `slow`, `lost` (the views are) or `full` (others were faster).
        """
        try:
            with self._listeners.place(tenant, stranger=True):
                edition = self._enter(tenant, marketplace)
                try:
                    async with aclosing(self._told(edition, after)) as told:
                        async for message in told:
                            yield message
                finally:
                    self._leave(tenant, marketplace, edition)
        except TooManyListeners:
            yield ServerSentEventMessage(event="bye", data="full")

    async def _told(self, edition: _Edition, after: int) -> AsyncGenerator[ServerSentEventMessage, None]:
        now, limits = time.monotonic, self._listeners.limits
        until = now() + limits.lifetime * self._spread.uniform(0.9, 1.1)
        yield ServerSentEventMessage(data=None, comment="here", retry=2000)
        while (why := self._end(edition, until)) is None:
            message = ServerSentEventMessage(data=None, comment="ping")
            if edition.position > after:
                after = edition.position
                message = ServerSentEventMessage(event="changed", id=after, data=str(after))
            elif await self._anything(edition, min(limits.patience / 2, until - now())):
                continue
            handed = now()
            yield message
            if now() - handed > limits.patience:
                why = "slow"
                break
        yield ServerSentEventMessage(event="bye", data=why)

    def _end(self, edition: _Edition, until: float) -> str | None:
        """Why a stream ends now, if it does."""
        if self._stopping.is_set():
            return "stopping"
        if edition.failed:
            return "lost"
        return "lifetime" if time.monotonic() >= until else None

    async def _anything(self, edition: _Edition, patience: float) -> bool:
        """Whether there were news, or the end, within `patience` seconds."""
        waits = {asyncio.ensure_future(edition.news.wait()), asyncio.ensure_future(self._stopping.wait())}
        try:
            done, _ = await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
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
