"""Relays every host's records to the broker; several may run, and for each host one of them does the work.

A session has one line to the broker and one to the database. It begins by looking at where every stream ends, since
nobody knows what became of the messages that were under way when a line broke. When one of the lines is lost, the
session is over and the next one begins so again, after a pause that grows; an unreachable broker is said once.

One host's trouble is its own: it is said, noted, and tried again after a pause, while the others go on. Each host has a
task while there is something to send, and hosts in trouble wait for their turns in a line of their own, so that streams
that don't answer hold up none that do.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import asyncpg
import structlog

from domain.identity import TenantId
from infra.event_log.reader import open_pool
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import LOST, TROUBLE
from infra.streams.broker import Broker, BrokerAway, BrokerRefused, Connect, Overtaken, StreamSilent
from infra.streams.outgoing import Outgoing
from infra.streams.relayed import RelayStore, Standing
from services.relay.jetstream_lane import PAGE, Lane

POLL = 1.0
"""Seconds after which it looks although nobody hinted."""

GAP = 0.02
"""Seconds between two looks, however many hints there are: what comes meanwhile goes out together."""

SAY = 10.0
"""Seconds between two lines about a host that is being caught up with."""

_WELL, _IN_TROUBLE = 32, 16
"""Pages under way at the same time: of hosts whose last try went well, and of the others."""

_READING = 4
"""Pages read from the log at the same time."""

_SILENCE = 60.0
"""Seconds without an answer of any stream, though one was asked, after which the line is made anew."""

_HANDS = 256
"""Hosts that are kept in hand; one that was idle longest is let go first."""

_LONGEST_PAUSE = 30.0
"""Seconds between two tries of a broker, a database, or a host in trouble."""

_OVER: tuple[type[Exception], ...] = (BrokerAway, *LOST)
"""What ends a session."""

_log = structlog.get_logger(__name__)


class Relay:
    """The relay's process, or a part of one. `run` until cancelled; the wake-ups belong to the caller.

    `read` makes the reader of the log, over the pool of a session.
    """

    def __init__(
        self,
        follower_url: str,
        wakeups: Wakeups,
        connect: Connect,
        read: Callable[[asyncpg.Pool], Outgoing],
        *,
        page: int = PAGE,
        poll: float = POLL,
    ) -> None:
        self._url = follower_url
        self._wakeups = wakeups
        self._connect = connect
        self._read = read
        self._page = page
        self._poll = poll
        self._lanes: dict[TenantId, Lane] = {}
        self._tasks: dict[TenantId, asyncio.Task[None]] = {}
        self._missed: set[TenantId] = set()
        self._well, self._in_trouble = asyncio.Semaphore(_WELL), asyncio.Semaphore(_IN_TROUBLE)
        self._paused: dict[TenantId, tuple[float, float]] = {}
        self._pause = 0.0
        self._said: dict[TenantId, float] = {}
        self._said_away = False

    async def run(self) -> None:
        """Relay until cancelled; a broker or a database that can't be reached is waited for."""
        while True:
            try:
                async with self._connect() as broker:
                    await self._session(broker)
            except BrokerAway as error:
                if not self._said_away:
                    _log.warning("relay.broker_away", error=str(error), then="trying again, silently, until it answers")
                self._said_away = True
            except TROUBLE as error:
                _log.warning("relay.reconnecting", error=f"{type(error).__name__}: {error}")
            self._pause = min(_LONGEST_PAUSE, 2 * self._pause + 0.1)
            await asyncio.sleep(self._pause)

    async def _session(self, broker: Broker) -> None:
        """Relay as long as both lines hold. At the end nobody works any more, and then all claims are given back."""
        store = await RelayStore.open(self._url)
        try:
            pool = await open_pool(self._url, _READING)
            try:
                await self._look_again_and_again(_Session(broker, store, self._read(pool)))
            finally:
                await self._end_tasks()
                await pool.close()
        finally:
            self._lanes.clear()
            await store.close()

    async def _look_again_and_again(self, work: "_Session") -> None:
        """At first at every host: the broker may have lost the end of a stream that tracking calls complete."""
        async with self._wakeups.watch(None) as watch:
            every = True
            while True:
                self._begin(work, await work.store.hosts(every=every), watch.hint)
                every = False
                await asyncio.sleep(GAP)
                await watch.wait(self._poll)
                self._judge(work)
                work.broker.must_be_open()
                await self._let_idle_go(work)

    def _begin(self, work: "_Session", hosts: Sequence[Standing], hint: Callable[[], None]) -> None:
        """A task for each host that has none and isn't paused; none waits for another."""
        clock = asyncio.get_running_loop().time()
        for host in hosts:
            tenant = host.tenant
            if tenant in self._tasks:
                self._missed.add(tenant)
            elif self._paused.get(tenant, (0.0, 0.0))[0] <= clock:
                task = self._tasks[tenant] = asyncio.create_task(self._serve(work, host), name=f"relay-{tenant}")
                task.add_done_callback(partial(self._ended, tenant, hint))

    def _ended(self, tenant: TenantId, hint: Callable[[], None], task: "asyncio.Task[None]") -> None:
        """Have a look taken at once if there is a reason: always to have one would be a circle."""
        failed = not task.cancelled() and task.exception() is not None
        if failed or tenant in self._missed:
            hint()
        self._missed.discard(tenant)

    def _judge(self, work: "_Session") -> None:
        """Clear away tasks that have ended. Raises what ended one of them, and with it the session.

        The pause between sessions begins anew after one that was of use and lasted longer than it: what ends every
        session soon is met with growing pauses.
        """
        for tenant, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[tenant]
                if (error := task.exception()) is not None:
                    raise error
        if not (work.answered or not self._tasks):
            return
        if not work.connected:
            work.connected = True
            _log.info("relay.connected")
        if asyncio.get_running_loop().time() - work.begun >= self._pause:
            self._pause, self._said_away = 0.0, False

    async def _end_tasks(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        self._missed.clear()

    async def _serve(self, work: "_Session", host: Standing) -> None:
        """Page by page, until there is no more to send just now, or something is in the way."""
        more = True
        while more:
            async with self._in_trouble if host.tenant in self._paused else self._well:
                more = await self._relay(work, host)
            host = replace(host, trouble=None)

    async def _relay(self, work: "_Session", host: Standing) -> bool:
        """One page of a host; True when there may be more."""
        tenant = host.tenant
        try:
            lane = await self._lane(work, tenant)
            more = lane is not None and await lane.advance(self._page)
        except _OVER:
            raise
        except StreamSilent as error:
            work.must_be_of_use()
            await self._set_aside(work, tenant)
            await work.store.trouble(tenant, str(error))
            _log.warning("relay.silent", tenant=tenant, sentence=str(error), lag=host.lag, pause=self._put_off(tenant))
            return False
        except Overtaken as error:
            await self._set_aside(work, tenant)
            _log.info("relay.overtaken", tenant=tenant, detail=str(error), pause=self._put_off(tenant))
            return False
        except BrokerRefused as error:
            await self._set_aside(work, tenant)
            await work.store.trouble(tenant, str(error))
            _log.error("relay.refused", tenant=tenant, sentence=str(error), lag=host.lag, pause=self._put_off(tenant))
            return False
        except Exception as error:
            await self._set_aside(work, tenant)
            await work.store.trouble(tenant, f"{type(error).__name__}: {error}")
            _log.exception("relay.host_in_trouble", tenant=tenant, lag=host.lag, pause=self._put_off(tenant))
            return False
        self._paused.pop(tenant, None)
        if lane is None:
            return False
        work.heard()
        if host.trouble is not None:
            await work.store.settle(tenant)
            _log.info("relay.trouble_over", tenant=tenant)
        if more and self._said.get(tenant, -SAY) + SAY <= (now := asyncio.get_running_loop().time()):
            self._said[tenant] = now
            _log.info("relay.catching_up", tenant=tenant, lag=max(0, host.size - lane.position))
        return more

    async def _lane(self, work: "_Session", tenant: TenantId) -> Lane | None:
        """The host's lane, moved to the end of the line; None while another relay holds the host."""
        lane = self._lanes.pop(tenant, None)
        if lane is None:
            if not await work.store.claim(tenant):
                return None
            work.claimed.add(tenant)
            lane = await Lane.open(tenant, work.store, work.broker, work.log)
        self._lanes[tenant] = lane
        return lane

    async def _let_idle_go(self, work: "_Session") -> None:
        idle = [tenant for tenant in self._lanes if tenant not in self._tasks]
        for tenant in idle[: max(0, len(self._lanes) - _HANDS)]:
            await self._set_aside(work, tenant)

    async def _set_aside(self, work: "_Session", tenant: TenantId) -> None:
        """Forget what is in hand of a host, and let another relay have it."""
        self._lanes.pop(tenant, None)
        if tenant in work.claimed:
            work.claimed.discard(tenant)
            await work.store.let_go(tenant)

    def _put_off(self, tenant: TenantId) -> float:
        """Leave a host alone for a while, longer each time; returns for how many seconds."""
        pause = min(_LONGEST_PAUSE, 2 * self._paused.get(tenant, (0.0, 0.0))[1] + 0.1)
        self._paused[tenant] = (asyncio.get_running_loop().time() + pause, pause)
        return pause


class _Session:
    """What one session works with; it ends with either line."""

    def __init__(self, broker: Broker, store: RelayStore, log: Outgoing) -> None:
        self.broker = broker
        self.store = store
        self.log = log
        self.claimed: set[TenantId] = set()
        self.begun = self._heard_at = asyncio.get_running_loop().time()
        self.answered = False
        self.connected = False

    def heard(self) -> None:
        """A stream has answered."""
        self.answered, self._heard_at = True, asyncio.get_running_loop().time()

    def must_be_of_use(self) -> None:
        """Raises `BrokerAway` when no stream has answered for long: a server that is cut off answers pings, too."""
        if asyncio.get_running_loop().time() - self._heard_at > _SILENCE:
            raise BrokerAway(f"no stream has answered for {_SILENCE:g} s")
