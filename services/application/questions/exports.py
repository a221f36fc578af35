"""What exports are made of: all contracts as of one position, page by page, and what they need to be told."""

from collections.abc import AsyncIterator

from domain.frozen import dataclass
from domain.identity import MarketplaceId, TenantId, register_of
from services.application.queries import AsOf, Queries
from services.application.questions.listings import listings as published
from services.application.reading import shapes
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.paging import MOST
from services.application.views import LedgerRowView, ListingView, MarketplaceView, ParticipationView


@dataclass(frozen=True, slots=True)
class Extent:
    """What an export tells: one edition, or with None all of the host's, as of `position`."""

    tenant: TenantId
    marketplace: MarketplaceId | None
    position: int


async def extent(queries: Queries, tenant: TenantId, marketplace: MarketplaceId | None, as_of: AsOf = None) -> Extent:
    """The extent that is asked for; every page of it is read as of one and the same position."""
    async with queries.at(tenant, as_of) as (snapshot, at):
        if marketplace is not None:
            await edition_of(snapshot, marketplace)
            await must_be_told(snapshot, register_of(marketplace))
        return Extent(tenant, marketplace, snapshot.position if at is None else at)


async def contracts(queries: Queries, of: Extent) -> AsyncIterator[LedgerRowView]:
    """All contracts of an extent, in the order in which they were drafted; a page of them is in hand at a time."""
    cursor: str | None = None
    while True:
        page = await queries.ledger(of.tenant, of.marketplace, as_of=of.position, limit=MOST, cursor=cursor)
        for row in page.items:
            yield row
        cursor = page.next
        if cursor is None:
            return


async def listings(queries: Queries, tenant: TenantId, marketplace: MarketplaceId) -> AsyncIterator[ListingView]:
    """All offers and needs of an edition as they stand now."""
    cursor: str | None = None
    while True:
        page = await published(queries, tenant, marketplace, limit=MOST, cursor=cursor)
        for listing in page.items:
            yield listing
        cursor = page.next
        if cursor is None:
            return


async def guests(queries: Queries, tenant: TenantId, marketplace: MarketplaceId) -> dict[str, ParticipationView]:
    """Who takes part in an edition, by participation, as it stands now."""
    found: dict[str, ParticipationView] = {}
    cursor: str | None = None
    while True:
        page = await queries.participations(tenant, marketplace, limit=MOST, cursor=cursor)
        found |= {guest.id: guest for guest in page.items}
        cursor = page.next
        if cursor is None:
            return found


class Editions:
    """The host's editions as they stand now, each looked up once."""

    def __init__(self, queries: Queries, tenant: TenantId) -> None:
        self._queries = queries
        self._tenant = tenant
        self._known: dict[str, MarketplaceView] = {}

    async def get(self, marketplace: MarketplaceId) -> MarketplaceView:
        """One edition."""
        if marketplace not in self._known:
            async with self._queries.at(self._tenant, None) as (snapshot, _):
                self._known[marketplace] = shapes.marketplace_view(await edition_of(snapshot, marketplace))
        return self._known[marketplace]
