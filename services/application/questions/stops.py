"""Where a replay of an edition's board can stop: every record at which one of its contracts changed."""

from msgspec import Struct

from domain.identity import MarketplaceId, TenantId, register_of
from services.application.queries import AsOf, Queries
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.moments import moment_of


class StopView(Struct, kw_only=True, frozen=True):
    """The board as of `position` stands since `since` (0: no form yet); it is other at `earlier` and `later`.

    Both are None where there is nothing other. `at` is the moment that was asked for, else the time of the record.
    """

    position: int
    at: str
    since: int
    earlier: int | None
    later: int | None


async def stop(queries: Queries, tenant: TenantId, marketplace: MarketplaceId, as_of: AsOf) -> StopView:
    """The stop at a moment; without one, the newest."""
    async with queries.at(tenant, as_of) as (snapshot, at):
        await edition_of(snapshot, marketplace)
        await must_be_told(snapshot, register_of(marketplace))
        position = snapshot.position if at is None else at
        earlier, since, later = await snapshot.tally_stops(marketplace, position)
    return StopView(
        position=position,
        at=await moment_of(queries.log, tenant, position if as_of is None else as_of),
        since=since or 0,
        earlier=since - 1 if since and earlier is None else earlier,
        later=later,
    )
