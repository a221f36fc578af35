"""Waiting for a position, and finding the position of a moment."""

import asyncio
from datetime import datetime

from domain.identity import TenantId
from domain.instant import Instant, instant
from infra.clock import now
from infra.event_log.store import EventLog
from infra.projections.reader import Views
from services.application.reading.trouble import MomentUnclear, NotRecordedYet, Parked, ProjectionBehind

_FIRST_LOOK, _LONGEST_LOOK = 0.002, 0.05
"""Seconds between two looks at how far the views have come."""


async def position_of(log: EventLog, tenant: TenantId, as_of: int | datetime | None) -> int | None:
    """The position that a reader means: None is now, a moment is the last position up to which nothing is later.

    Raises `MomentUnclear` for a moment without its offset from UTC (a doubled hour would be two moments).
    """
    match as_of:
        case None:
            return None
        case bool():
            raise MomentUnclear
        case int():
            if as_of < 0:
                raise MomentUnclear
            return as_of
        case datetime():
            if as_of.utcoffset() is None:
                raise MomentUnclear
            return await log.position_at(tenant, as_of)


async def moment_of(log: EventLog, tenant: TenantId, as_of: int | datetime | None) -> Instant:
    """The moment that a reader means: that of the record at a position, or now."""
    match as_of:
        case datetime():
            return instant(as_of)
        case int() if recorded := await log.page(tenant, as_of - 1, 1) if as_of > 0 else []:
            return instant(recorded[0].time)
        case _:
            return instant(now())


async def reach(views: Views, log: EventLog, tenant: TenantId, position: int, timeout: float) -> None:  # noqa: ASYNC109 - the reader's patience
    """Return when the views have come to `position`; raise `ProjectionBehind` when they don't in `timeout` seconds.

    A position that the log itself hasn't come to isn't waited for: `NotRecordedYet`. `Parked` when the record there
    is held back.
    """
    pause, until = _FIRST_LOOK, asyncio.get_running_loop().time() + timeout
    while True:
        async with views.snapshot(tenant) as snapshot:
            if snapshot.position >= position:
                if await snapshot.held_back_at(position):
                    raise Parked
                return
        left = until - asyncio.get_running_loop().time()
        if position > (await log.head(tenant)).size:
            raise NotRecordedYet(position, snapshot.position)
        if left <= 0:
            raise ProjectionBehind(position, snapshot.position)
        await asyncio.sleep(min(pause, left))
        pause = min(_LONGEST_LOOK, 1.5 * pause)
