"""Hints that a tenant's head has moved. The log is the truth; a hint only spares its followers the waiting.

Within a process a hint is there as soon as a commit is known. Between processes it goes by NOTIFY, outside the
append transaction (inside, it would serialise all commits of the server), gathered for 20 ms, on a connection of
its own that also listens. Hints can be lost with that connection; whoever follows therefore waits with a timeout
and then looks. After every reconnect all followers are woken once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog

from domain.identity import TenantId
from infra.postgres.away import TROUBLE

CHANNEL = "handschlag_log"
COALESCE = 0.02
"""Seconds for which moved tenants are gathered into one NOTIFY."""

PROBE = 5.0
"""Seconds between probes of the connection; asyncpg's listeners don't notice its loss by themselves."""

_PAYLOAD = 7_900
"""Bytes; PostgreSQL refuses a payload of 8000."""

_log = structlog.get_logger(__name__)


class Watch:
    """One follower's eye on a tenant, or on all. Made by `Wakeups.watch`."""

    def __init__(self) -> None:
        self._moved = asyncio.Event()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a hint that doesn't come is no error
        """Return when the head has moved since the last `wait`, or after `timeout` seconds; True for a hint."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):  # wait_for of Python 3.11 may swallow a cancellation
                await self._moved.wait()
        hinted = self._moved.is_set()
        self._moved.clear()
        return hinted

    def hint(self) -> None:
        """Wake whoever waits, now or next."""
        self._moved.set()


class Wakeups:
    """The process's hub of hints, and its line to the hubs of others."""

    def __init__(self, url: str, *, probe: float = PROBE) -> None:
        self._url = url
        self._probe = probe
        self._watches: dict[TenantId | None, set[Watch]] = {}
        self._moved: set[TenantId] = set()
        self._work = asyncio.Event()
        self._closing = False
        self._line: asyncio.Task[None] | None = None
        self._connection: asyncpg.Connection | None = None

    async def open(self) -> None:
        """Connect, listen, and keep doing so in the background."""
        self._connection = await self._connect()
        self._line = asyncio.create_task(self._keep(), name="wakeups")

    async def close(self) -> None:
        """Send what has been gathered and hang up."""
        self._closing = True
        self._work.set()
        if self._line is not None:
            await self._line

    @asynccontextmanager
    async def watch(self, tenant: TenantId | None) -> AsyncIterator[Watch]:
        """Watch one tenant's head, or every tenant's (None)."""
        watch = Watch()
        self._watches.setdefault(tenant, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[tenant]
            watches.discard(watch)
            if not watches:
                del self._watches[tenant]

    def moved(self, tenants: set[TenantId]) -> None:
        """A commit of this process has moved these heads: wake its followers at once and the others' soon."""
        self._hint(tenants)
        self._moved |= tenants
        self._work.set()

    def _hint(self, tenants: Iterable[TenantId]) -> None:
        for tenant in (*tenants, None):
            for watch in self._watches.get(tenant, ()):
                watch.hint()

    def _hint_all(self) -> None:
        for watches in self._watches.values():
            for watch in watches:
                watch.hint()

    async def _keep(self) -> None:
        """Tell and probe until closed; a lost connection is made anew, and everybody looks for themselves once."""
        pause = 0.0
        while True:
            try:
                if self._connection is None:
                    self._connection = await self._connect()
                    self._hint_all()
                pause = 0.0
                if await self._tell_or_probe(self._connection):
                    break
            except TROUBLE as error:
                self._drop()
                if self._closing:
                    break
                _log.warning("wakeups.reconnecting", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(1.0, 2 * pause + COALESCE)
        if self._connection is not None:
            with contextlib.suppress(*TROUBLE):
                await self._connection.close(timeout=5)

    async def _tell_or_probe(self, connection: asyncpg.Connection) -> bool:
        """One round: gather and tell what moved, or probe when nothing did; True when closed and all is told."""
        closing = self._closing
        if not (self._moved or closing):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._probe):
                    await self._work.wait()
        self._work.clear()
        if not self._moved:
            await connection.execute("select 1", timeout=self._probe)
            return closing
        if not closing:
            await asyncio.sleep(COALESCE)
        told = set(self._moved)
        for payload in _payloads(told):
            await connection.execute("select pg_notify($1, $2)", CHANNEL, payload, timeout=self._probe)
        self._moved -= told
        return False

    async def _connect(self) -> asyncpg.Connection:
        settings = {"application_name": "handschlag-wakeups"}
        connection = await asyncpg.connect(self._url, timeout=5, server_settings=settings)
        await connection.add_listener(CHANNEL, self._heard)
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    def _heard(self, connection: Any, pid: int, _channel: str, payload: object) -> None:
        if pid != connection.get_server_pid():
            self._hint(TenantId(name) for name in str(payload).split())


def _payloads(tenants: Iterable[TenantId]) -> Iterator[str]:
    """The tenants' names, separated by spaces, in as many payloads as they need (names are ASCII, 63 at most)."""
    payload = ""
    for tenant in tenants:
        if len(payload) + len(tenant) >= _PAYLOAD:
            yield payload
            payload = ""
        payload = f"{payload} {tenant}" if payload else tenant
    yield payload
