"""One tail of a host's log for all who listen to it live: read once, decoded once, framed once.

A tail begins with its first listener, at the head of then, and ends with its last. It keeps the newest records in
hand; whoever is further behind reads the log itself (`Feed.stretch`), a few at a time, until it has caught up. A
listener holds a place in the log and nothing of the tail: however slow it is, it holds up nobody.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from domain.identity import TenantId
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import TROUBLE
from infra.streams.feed import Feed, Heard

HELD = 1_000
"""Records in hand; they are dropped by halves, so up to half as many more."""

POLL = 1.0
"""Seconds after which a tail looks although nobody hinted."""

CATCHING_UP = 4
"""Listeners of a process that read the log themselves at the same time; others wait for their turn."""

_EVERYTHING = Filter(audience=Audience.INTERNAL)

_log = structlog.get_logger(__name__)


class Held:
    """A record in hand, with the forms in which it has been written so far."""

    __slots__ = ("_frames", "heard")

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self._frames: dict[object, bytes] = {}

    def frame(self, form: object, write: Callable[[Heard], bytes]) -> bytes:
        """The record as `write` writes it, once for everybody who asks for the same `form`."""
        found = self._frames.get(form)
        if found is None:
            found = self._frames[form] = write(self.heard)
        return found


class Tail:
    """A host's newest records, for its listeners. `reached` is how far the log has been read."""

    def __init__(self, reached: int) -> None:
        self.reached = reached
        self.listeners = 0
        self.failed = False
        self._first = reached + 1
        self._held: list[Held] = []
        self._news = asyncio.Event()

    def after(self, position: int, most: int) -> Sequence[Held] | None:
        """Up to `most` records after `position`; None when some of them aren't in hand any more."""
        if position + 1 < self._first:
            return None
        begin = position + 1 - self._first
        return self._held[begin : begin + most]

    async def news(self) -> None:
        """Return when there are records that weren't here before, at every tick, and when the tail has failed."""
        await self._news.wait()

    def take(self, heard: Sequence[Heard]) -> None:
        """Put the log's next records in hand, and wake everybody."""
        self._held += map(Held, heard)
        self.reached = heard[-1].recorded.position
        if len(self._held) > HELD + HELD // 2:
            self._first += len(self._held) - HELD
            del self._held[:-HELD]
        self.wake()

    def wake(self) -> None:
        """Wake everybody who waits now; those who come later wait for the next news."""
        self._news.set()
        self._news = asyncio.Event()


class Tails:
    """All tails of a process. Feed and wake-ups are the caller's; `stopping` wakes every listener once more.

    Listeners are woken every `tick` seconds although there is nothing: time for a sign of life.
    """

    def __init__(self, feed: Feed, wakeups: Wakeups, stopping: asyncio.Event, *, tick: float = 15.0) -> None:
        self.feed = feed
        self.tick = tick
        self.turns = asyncio.Semaphore(CATCHING_UP)
        self._wakeups = wakeups
        self._stopping = stopping
        self._tails: dict[TenantId, tuple[Tail, asyncio.Task[None]]] = {}
        self._beginning: dict[TenantId, asyncio.Lock] = {}

    @asynccontextmanager
    async def listen(self, tenant: TenantId) -> AsyncIterator[Tail]:
        """The host's tail while one listens. Raises `LookupError` when there is no such host."""
        async with self._beginning.setdefault(tenant, asyncio.Lock()):
            if tenant not in self._tails:
                tail = Tail(await self.feed.head(tenant))
                self._tails[tenant] = tail, asyncio.create_task(self._follow(tenant, tail), name=f"tail-{tenant}")
            tail, task = self._tails[tenant]
            tail.listeners += 1
        try:
            yield tail
        finally:
            tail.listeners -= 1
            if not tail.listeners:
                task.cancel()
                self._forget(tenant, tail)

    async def _follow(self, tenant: TenantId, tail: Tail) -> None:
        """Read, wait for a hint. When the log can't be read the tail fails: its listeners end, and come again."""
        ticking = asyncio.create_task(self._tick(tail))
        try:
            async with self._wakeups.watch(tenant) as watch:
                while True:
                    stretch = await self.feed.stretch(tenant, tail.reached, _EVERYTHING)
                    if stretch.heard:
                        tail.take(stretch.heard)
                    if not stretch.more:
                        await watch.wait(POLL)
        except TROUBLE as error:
            _log.warning("tail.lost", tenant=tenant, error=type(error).__name__)
        except Exception:
            _log.exception("tail.failed", tenant=tenant)
        finally:
            ticking.cancel()
            tail.failed = True
            self._forget(tenant, tail)
            tail.wake()

    def _forget(self, tenant: TenantId, tail: Tail) -> None:
        if tenant in self._tails and self._tails[tenant][0] is tail:
            del self._tails[tenant]

    async def _tick(self, tail: Tail) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.tick):
                    await self._stopping.wait()
            tail.wake()
