"""Finding the position of a moment, waiting for it, and telling under which checkpoint it stands."""

import asyncio
from datetime import UTC, datetime

from msgspec import UNSET, UnsetType

from domain.identity import TenantId
from domain.instant import Instant, instant
from infra.clock import present
from infra.event_log.store import EventLog
from infra.projections.reader import Views
from infra.signing.reader import SignedReader
from services.application.reading.trouble import (
    MomentsReversed,
    MomentUnclear,
    NotRecordedYet,
    Parked,
    ProjectionBehind,
)
from services.application.views import MomentView, SignedUnderView

_FIRST_LOOK, _LONGEST_LOOK = 0.002, 0.05
"""Seconds between two looks at how far the views have come."""


async def position_of(log: EventLog, tenant: TenantId, as_of: int | datetime | None) -> int | None:
    """The position that a reader means: None is now, a moment is the last position up to which nothing is later.

    Raises `MomentUnclear` for a moment without its offset from UTC (a doubled hour would be two moments), and for one
    in no year of UTC's calendar.
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
            return await log.position_at(tenant, _in_utc(as_of))


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise MomentUnclear
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise MomentUnclear from None


async def moment_of(log: EventLog, tenant: TenantId, as_of: int | datetime | None) -> Instant:
    """The moment that a reader means: that of the record at a position, or now."""
    match as_of:
        case datetime():
            return instant(as_of)
        case int() if recorded := await log.page(tenant, as_of - 1, 1) if as_of > 0 else []:
            return instant(recorded[0].time)
        case _:
            return present()


async def beginning_of(log: EventLog, tenant: TenantId, since: int | datetime, end: int) -> int:
    """The position of the earlier of two moments; raises `MomentsReversed` when it lies after `end`, and as above."""
    begin = await position_of(log, tenant, since)
    if begin is None or begin > end:
        raise MomentsReversed
    return begin


async def stands_under(log: EventLog, tenant: TenantId, at: int | None) -> MomentView | UnsetType:
    """The moment of an answer as of `at`; nothing to tell when none was asked for (None)."""
    return UNSET if at is None else await moment(log, tenant, at)


async def moment(log: EventLog, tenant: TenantId, at: int) -> MomentView:
    """A position, and the first signed checkpoint that covers it."""
    found = await SignedReader(log.pool).covering(tenant, at)
    if found is None:
        return MomentView(position=at, checkpoint=None)
    size, root, signed_at = found
    address = f"/v1/{tenant}/log/checkpoints/{size}"
    checkpoint = SignedUnderView(size=size, root=root.hex(), signed_at=signed_at, address=address)
    return MomentView(position=at, checkpoint=checkpoint)


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
