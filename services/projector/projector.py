"""Follows every tenant's log and keeps its views at the head; several may run, and one of them does the work.

A round is one look at all heads and then the tenants that are behind, side by side. One tenant's trouble is its own:
it is said, and tried again after a pause, while the others go on.
"""

import asyncio

import asyncpg
import structlog

from domain.identity import TenantId
from infra.event_log.decoded import ReadEntry
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import LOST, TROUBLE
from infra.projections.pool import open_follower_pool, sql
from infra.projections.rebuild import Rebuilt, begin, rebuild
from infra.projections.writer import PAGE, READ, Step, Writer
from services.projector.hands import Hands

POLL = 1.0
"""Seconds after which it looks although nobody hinted."""

GAP = 0.02
"""Seconds after a round for which records are gathered, so that a busy hall's are told together."""

_SIDE_BY_SIDE = 3
"""Tenants told at the same time; each needs two connections."""

_LONGEST_PAUSE = 30.0
"""Seconds between two tries of a tenant, or of a database, that is in trouble."""

_log = structlog.get_logger(__name__)


class Projector:
    """The projections' process, or a part of one. `run` until cancelled; the wake-ups belong to the caller.

    `read` decodes entries; in a process that writes them it is its log's, which has most of them decoded.
    """

    def __init__(
        self,
        follower_url: str,
        wakeups: Wakeups,
        *,
        read: ReadEntry = READ,
        page: int = PAGE,
        poll: float = POLL,
    ) -> None:
        self._url = follower_url
        self._wakeups = wakeups
        self._read = read
        self._page = page
        self._poll = poll
        self._hands = Hands()
        self._paused: dict[TenantId, tuple[float, float]] = {}
        self._caught_up = False
        self._pause = 0.0

    def caught_up(self) -> bool:
        """Whether at its last look every tenant's views were at the head (what is parked counts as told)."""
        return self._caught_up

    async def run(self) -> None:
        """Keep the views at the head until cancelled; an unreachable database is waited for."""
        while True:
            try:
                await self._follow()
            except TROUBLE as error:
                self._caught_up = False
                self._pause = min(_LONGEST_PAUSE, 2 * self._pause + 0.1)
                _log.warning("projector.reconnecting", error=f"{type(error).__name__}: {error}", pause=self._pause)
                await asyncio.sleep(self._pause)

    async def rebuild(self, tenant: TenantId) -> Rebuilt:
        """Rebuild one tenant's views while they are read and, if this or another projector runs, followed."""
        return await rebuild(self._url, tenant, page=self._page)

    async def _follow(self) -> None:
        pool = await open_follower_pool(self._url, 2 * _SIDE_BY_SIDE + 1)
        try:
            async with self._wakeups.watch(None) as watch:
                while True:
                    step = await self._round(pool)
                    self._pause = 0.0
                    if step.more:
                        continue
                    await (asyncio.sleep(GAP) if step.told else watch.wait(self._poll))
        finally:
            await self._hands.close()
            await pool.close()

    async def _round(self, pool: asyncpg.Pool) -> Step:
        """Look once, tell a page of each that is behind; how much that was, and whether there is more at once."""
        behind = await pool.fetch(sql("behind"))
        self._caught_up = not behind
        now = asyncio.get_running_loop().time()
        due = [row for row in behind if self._paused.get(row["tenant"], (0.0, 0.0))[0] <= now]
        turns = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def turn(row: asyncpg.Record) -> Step:
            async with turns:
                return await self._tell(pool, TenantId(row["tenant"]), row["generation"])

        steps: list[Step] = []
        for step in await asyncio.gather(*(turn(row) for row in due), return_exceptions=True):
            if isinstance(step, BaseException):
                raise step
            steps.append(step)
        await self._hands.make_room(TenantId(row["tenant"]) for row in due)
        return Step(sum(step.told for step in steps), more=any(step.more for step in steps))

    async def _tell(self, pool: asyncpg.Pool, tenant: TenantId, generation: int) -> Step:
        """Tell one page of a tenant; nothing when it is in trouble."""
        try:
            writer = await self._writer(pool, tenant, generation)
            step = await writer.advance()
        except LOST:
            raise
        except Exception as error:
            pause = min(_LONGEST_PAUSE, 2 * self._paused.get(tenant, (0.0, 0.0))[1] + 0.5)
            self._paused[tenant] = (asyncio.get_running_loop().time() + pause, pause)
            _log.exception("projector.tenant_in_trouble", tenant=tenant, pause=pause, error=str(error))
            return Step(0, more=False)
        self._paused.pop(tenant, None)
        if step.more and step.told:
            _log.info("projector.catching_up", tenant=tenant, generation=generation, told=step.told)
        return step

    async def _writer(self, pool: asyncpg.Pool, tenant: TenantId, generation: int) -> Writer:
        """The writer of the tenant's live generation, with what it has in hand."""
        writer = self._hands.get(tenant)
        if writer is None or writer.generation != generation:
            if writer is not None:
                await writer.close()
            writer = Writer(pool, tenant, await begin(pool, tenant), read=self._read, page=self._page)
            self._hands.put(writer)
        return writer
