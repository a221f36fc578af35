"""Closes trading that nobody closed, lets lapse what wasn't agreed, asks whether it happened.

Several may run: keys and versions see to it. What can't be asked for (a stream whose records nobody here can read, a
refusal) is put off for a while that grows, and holds up nothing else.
"""

import asyncio
from hashlib import sha256
from typing import Any

import structlog

from domain.access.roles import Role
from domain.contract.commands import Remind
from domain.identity import KeyId, StreamId, TenantId
from domain.instant import minutes_after
from domain.marketplace.commands import CloseForgotten
from domain.negotiation.commands import LapseNegotiation
from domain.refusal import Refusal
from infra.clock import present
from infra.event_log.outcomes import FateUnknown, LogUnavailable
from infra.event_log.wakeups import Wakeups
from infra.postgres.away import LOST, TROUBLE
from infra.projections.across import OpenTable, RunningEdition
from infra.projections.reminders import Place
from services.application.asking import ANY_VERSION, Caller, Wish
from services.application.commands import Application
from services.application.queries import Queries

ROUND = 1.0
"""Seconds between looks; a hint that records have come brings the next look forward."""

REMINDING = 60.0
"""Seconds between walks through what the parties may have to be asked."""

LOOK = 200
"""Contracts that a round of such a walk looks at."""

NAME = "timekeeper"

LONGEST_PAUSE = 60.0
"""Seconds between two tries of what is put off, at most."""

_AWAY: tuple[type[Exception], ...] = (FateUnknown, LogUnavailable, *LOST)
"""What a database that starts, stops or is gone looks like."""

_log = structlog.get_logger(__name__)


class Timekeeper:
    """Looks at what is running and what is left open, and asks for what time demands."""

    def __init__(self, application: Application, queries: Queries, wakeups: Wakeups, *, most: int = LOOK) -> None:
        self._application = application
        self._queries = queries
        self._wakeups = wakeups
        self._most = most
        self._reminding_from = 0.0
        self._reminded_up_to: Place | None = None
        self._put_off: dict[tuple[TenantId, StreamId], tuple[float, float]] = {}

    async def run(self) -> None:
        """Keep time until cancelled; an unreachable database is waited for."""
        async with self._wakeups.watch(None) as watch:
            while True:
                try:
                    await self.round()
                except (*_AWAY, *TROUBLE) as error:
                    _log.warning("timekeeper.waiting", error=type(error).__name__)
                await watch.wait(ROUND)
                # A hint comes with every commit of a busy hall; what time brings can wait a moment.
                await asyncio.sleep(ROUND / 5)

    async def round(self) -> None:
        """One look."""
        for edition in await self._queries.running_editions():
            if _is_forgotten(edition):
                await self._close(edition)
        for table in await self._queries.tables_left_open(*self._waiting()):
            await self._lapse(table)
        if asyncio.get_running_loop().time() >= self._reminding_from:
            await self._remind()

    async def _remind(self) -> None:
        """Days pass slowly: a walk through all that may be due a minute, some of them each round.

        Most of what it meets waits, for a day that hasn't ended or for another pledge: it goes on behind them.
        """
        due, reached = await self._queries.reminders_due(self._reminded_up_to, self._most)
        for one in due:
            key = _key("remind", one.contract, one.kind)
            await self._ask(one.tenant, key, one.contract, Remind(parties=one.parties, kind=one.kind), ANY_VERSION)
        self._reminded_up_to = reached
        self._reminding_from = asyncio.get_running_loop().time() + (REMINDING if reached is None else 0)

    async def _close(self, edition: RunningEdition) -> None:
        command = CloseForgotten(at=present())
        key = _key("close", edition.marketplace, edition.version)
        await self._ask(edition.tenant, key, edition.marketplace, command, edition.version)

    async def _lapse(self, table: OpenTable) -> None:
        key = _key("lapse", table.negotiation, table.version)
        await self._ask(table.tenant, key, table.negotiation, LapseNegotiation(), table.version)

    async def _ask(self, tenant: TenantId, key: str, target: StreamId, command: Any, version: int) -> None:
        """A refusal means that somebody else was first, or that the views were behind: a later look tells."""
        until, _ = self._put_off.get((tenant, target), (0.0, 0.0))
        if until > asyncio.get_running_loop().time():
            return
        wish = Wish(
            caller=Caller(tenant=tenant, key=KeyId(NAME), member=NAME, role=Role.TIMEKEEPER),
            key=key,
            fingerprint=sha256(key.encode()).digest(),
            if_match=version,
            correlation=None,
        )
        try:
            await self._application.carry_out(wish, target, command, creates=False)
        except Refusal as refusal:
            _log.info("timekeeper.refused", tenant=tenant, key=key, refusal=type(refusal).__name__)
            self._wait_with(tenant, target)
        except _AWAY:
            raise
        except Exception as error:
            _log.exception("timekeeper.in_trouble", tenant=tenant, key=key, error=f"{type(error).__name__}: {error}")
            self._wait_with(tenant, target)
        else:
            self._put_off.pop((tenant, target), None)

    def _wait_with(self, tenant: TenantId, target: StreamId) -> None:
        """Put something off: a second the first time, twice as long as the last time after that."""
        _, pause = self._put_off.get((tenant, target), (0.0, ROUND / 2))
        pause = min(LONGEST_PAUSE, 2 * pause)
        self._put_off[tenant, target] = asyncio.get_running_loop().time() + pause, pause

    def _waiting(self) -> set[tuple[TenantId, StreamId]]:
        """What is put off. What nobody came back to for long is forgotten."""
        clock = asyncio.get_running_loop().time()
        for thing in [each for each, (until, _) in self._put_off.items() if until + LONGEST_PAUSE < clock]:
            del self._put_off[thing]
        return {thing for thing, (until, _) in self._put_off.items() if until > clock}


def _key(*what: object) -> str:
    """An idempotency key that nobody else can use: over HTTP keys have no spaces (`services.api.posting`)."""
    return " ".join(map(str, (NAME, *what)))


def _is_forgotten(edition: RunningEdition) -> bool:
    """Whether the announced end and its grace are over; the domain judges again."""
    return present() >= minutes_after(edition.announced_end, edition.grace_minutes)
