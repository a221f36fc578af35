"""Delivers webhooks; several processes may run, and of a tenant's endpoints one of them takes care.

It looks which endpoints are due, by hints and every second, and gives each a lane of its own (`services.relay.lane`).
What a lane has to wait for stands in the tables, so nothing is lost with the process; a lost connection to the
database ends all lanes at once, since somebody else may have the tenants' locks by then.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg
import structlog

from domain.identity import TenantId
from infra.clock import now
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import LOST, TROUBLE
from infra.streams.addresses import Reach
from infra.streams.deliveries import DeliveryStore
from infra.streams.endpoints import Endpoint
from infra.streams.keeping import SecretKeeper
from infra.streams.sending import TIMEOUT, Sender
from services.relay.lane import AT_ONCE, SLOW_AT_ONCE, Lane, Source, Tools, Turns

POLL = 1.0
"""Seconds after which it looks although nobody hinted."""

_GATHER = 0.02
"""Seconds between two looks at the least, however many hints come."""

_SWEEP = 300.0
"""Seconds between two sweeps of what is too old."""

_TROUBLED = 30.0
"""Seconds for which an endpoint is left alone after a fault of ours."""

_LONGEST_PAUSE = 30.0

_log = structlog.get_logger(__name__)

MakeSource = Callable[[asyncpg.Pool], Source]
Entitled = Callable[[Endpoint], Awaitable[bool]]


class Deliverer:
    """The deliveries' process, or a part of one. `run` until cancelled; the wake-ups belong to the caller."""

    def __init__(
        self,
        follower_url: str,
        wakeups: Wakeups,
        keeper: SecretKeeper,
        source: MakeSource,
        entitled: Entitled,
        reach: Reach,
        *,
        clock: Callable[[], datetime] = now,
        timeout: float = TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = follower_url
        self._wakeups = wakeups
        self._keeper = keeper
        self._source = source
        self._entitled = entitled
        self._reach = reach
        self._clock = clock
        self._timeout = timeout
        self._tls = tls
        self._lanes: dict[tuple[TenantId, str], asyncio.Task[None]] = {}
        self._troubled: dict[tuple[TenantId, str], float] = {}
        self._ours: set[TenantId] = set()
        self._sweep_at = 0.0

    async def run(self) -> None:
        """Deliver until cancelled; an unreachable database is waited for."""
        pause = 0.0
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                await self._session()
            except TROUBLE as error:
                lasted = asyncio.get_running_loop().time() - begun
                pause = 0.1 if lasted > _LONGEST_PAUSE else min(_LONGEST_PAUSE, 2 * pause + 0.1)
                _log.warning("webhooks.reconnecting", error=f"{type(error).__name__}: {error}", pause=pause)
                await asyncio.sleep(pause)

    async def _session(self) -> None:
        """Deliver as long as the connections hold. At the end no lane is left, and then the locks are given back."""
        store = await DeliveryStore.open(self._url)
        self._ours.clear()
        try:
            async with (
                store.pool.acquire() as locks,
                Sender(self._reach, connections=AT_ONCE + SLOW_AT_ONCE, timeout=self._timeout, tls=self._tls) as sender,
            ):
                tools = Tools(
                    store=store,
                    source=self._source(store.pool),
                    sender=sender,
                    keeper=self._keeper,
                    turns=Turns(),
                    entitled=self._entitled,
                    clock=self._clock,
                )
                try:
                    await self._look_again_and_again(tools, locks)
                finally:
                    await self._end_lanes()
        finally:
            await store.close()

    async def _look_again_and_again(self, tools: Tools, locks: asyncpg.Connection) -> None:
        async with self._wakeups.watch(None) as watch:
            while True:
                await self._round(tools, locks, watch.hint)
                await watch.wait(POLL)
                await asyncio.sleep(_GATHER)

    async def _round(self, tools: Tools, locks: asyncpg.Connection, hint: Callable[[], None]) -> None:
        """Look once: a lane for every endpoint that is due, and has none. Raises what ended a lane, if it is lost."""
        due = await tools.store.due(self._clock())
        clock = asyncio.get_running_loop().time()
        strange = {tenant for tenant, _ in due} - self._ours
        # Also without strangers: this is how a lost connection, and with it lost locks, is noticed.
        self._ours |= await tools.store.claim(locks, strange)
        for lane in due:
            if lane[0] in self._ours and lane not in self._lanes and self._troubled.get(lane, 0.0) <= clock:
                task = asyncio.create_task(Lane(tools, *lane).run(), name=f"webhook-{lane[1]}")
                self._lanes[lane] = task
                task.add_done_callback(lambda _: hint())
        for lane, task in list(self._lanes.items()):
            if task.done():
                del self._lanes[lane]
                self._judge(lane, task)
        if clock >= self._sweep_at:
            self._sweep_at = clock + _SWEEP
            await tools.store.sweep(self._clock())

    def _judge(self, lane: tuple[TenantId, str], task: "asyncio.Task[None]") -> None:
        """A lane has ended: what a lost database says ends the session, any other fault leaves this lane alone."""
        error = task.exception()
        if error is None:
            self._troubled.pop(lane, None)
        elif isinstance(error, LOST):
            raise error
        else:
            self._troubled[lane] = asyncio.get_running_loop().time() + _TROUBLED
            _log.error("webhook.in_trouble", tenant=lane[0], endpoint=lane[1], exc_info=error)

    async def _end_lanes(self) -> None:
        for task in self._lanes.values():
            task.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        self._lanes.clear()
