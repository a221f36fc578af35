"""Relays every host's records to the broker; several may run, and for each host one of them does the work.

A session has one line to the broker and one to the database. It begins by looking at where every stream ends, since
nobody knows what became of the messages that were under way when a line broke. When one of the lines is lost, the
session is over and the next one begins so again, after a pause that grows; an unreachable broker is said once.

One host's trouble is its own: it is said, noted, and tried again after a pause, while the others go on.
"""

import asyncio
from collections.abc import Callable, Sequence

import asyncpg
import structlog

from domain.identity import TenantId
from infra.event_log.reader import open_pool
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import LOST, TROUBLE
from infra.streams.broker import Broker, BrokerAway, BrokerRefused, Connect, Overtaken
from infra.streams.outgoing import Outgoing
from infra.streams.relayed import RelayStore, Standing
from services.relay.jetstream_lane import PAGE, Lane

POLL = 1.0
"""Seconds after which it looks although nobody hinted."""

GAP = 0.02
"""Seconds between two looks, however many hints there are: what comes meanwhile goes out together."""

SAY = 10.0
"""Seconds between two lines about a host that is being caught up with."""

_SIDE_BY_SIDE = 4
"""Hosts relayed at the same time."""

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
        store = await RelayStore.open(self._url)
        try:
            pool = await open_pool(self._url, _SIDE_BY_SIDE)
            try:
                work = _Session(broker, store, self._read(pool))
                async with self._wakeups.watch(None) as watch:
                    await self._round(work, await store.hosts(every=True))
                    _log.info("relay.connected")
                    while True:
                        self._pause, self._said_away = 0.0, False
                        if not await self._round(work, await store.hosts(every=False)):
                            await asyncio.sleep(GAP)
                            await watch.wait(self._poll)
                        broker.must_be_open()
            finally:
                await pool.close()
        finally:
            self._lanes.clear()
            await store.close()

    async def _round(self, work: "_Session", hosts: Sequence[Standing]) -> bool:
        """Send a page of each host that isn't paused; True when there may be more to send at once."""
        now = asyncio.get_running_loop().time()
        due = [host for host in hosts if self._paused.get(host.tenant, (0.0, 0.0))[0] <= now]
        turns = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def turn(host: Standing) -> bool:
            async with turns:
                return await self._relay(work, host)

        told = await asyncio.gather(*(turn(host) for host in due), return_exceptions=True)
        for trouble in told:
            if isinstance(trouble, BaseException):
                raise trouble
        await self._let_idle_go(work)
        return any(told)

    async def _relay(self, work: "_Session", host: Standing) -> bool:
        """One page of a host; True when there may be more."""
        tenant = host.tenant
        try:
            lane = await self._lane(work, tenant)
            more = lane is not None and await lane.advance(self._page)
        except _OVER:
            raise
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
        if lane is not None and host.trouble is not None:
            await work.store.settle(tenant)
            _log.info("relay.trouble_over", tenant=tenant)
        if more and self._said.get(tenant, -SAY) + SAY <= (now := asyncio.get_running_loop().time()):
            self._said[tenant] = now
            _log.info("relay.catching_up", tenant=tenant, lag=host.lag)
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
        while len(self._lanes) > _HANDS:
            await self._set_aside(work, next(iter(self._lanes)))

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
