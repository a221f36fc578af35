"""Offers and needs: lists, search, one of them."""

import unicodedata

from domain.directory.fold import Entry, Kind
from domain.identity import ListingId, MarketplaceId, TenantId
from domain.refusal import NotThere
from infra.projections.listings import Wanted, found, listed
from infra.projections.reader import Listed, Snapshot
from services.application.queries import Queries
from services.application.reading import visibility
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.names import Names
from services.application.reading.paging import MOST, first, page
from services.application.reading.shapes import listing_view
from services.application.views import ListingView, Page

EVERYTHING = Wanted()
MOST_FOUND = 100
"""Listings that a search answers with at most: the best ones, without a further page."""


async def listings(
    queries: Queries,
    tenant: TenantId,
    marketplace: MarketplaceId,
    *,
    wanted: Wanted = EVERYTHING,
    limit: int = MOST,
    cursor: str | None = None,
    public: bool = False,
) -> Page[ListingView]:
    """Offers and needs in the order of their publication; the public reads them when the host lets it."""

    async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Listed]:
        return await listed(snapshot, marketplace, wanted, limit=most, after=begin or 0)

    async with queries.at(tenant, None) as (snapshot, _):
        await _must_be_shown(snapshot, marketplace, public=public)
        items, following = await page(snapshot, Kind.LISTING.value, cursor, limit, fetch, first)
        return Page(items=await _shown(queries, snapshot, [item.entry for item in items], public), next=following)


async def search(
    queries: Queries,
    tenant: TenantId,
    marketplace: MarketplaceId,
    words: str,
    *,
    wanted: Wanted = EVERYTHING,
    limit: int = MOST_FOUND,
    public: bool = False,
) -> Page[ListingView]:
    """The listings whose titles hold all `words`, best first: `MOST_FOUND` at most, and no further page."""
    async with queries.at(tenant, None) as (snapshot, _):
        await _must_be_shown(snapshot, marketplace, public=public)
        asked = unicodedata.normalize("NFC", words)
        best = await found(snapshot, marketplace, wanted, asked, limit=min(limit, MOST_FOUND))
        return Page(items=await _shown(queries, snapshot, [item.entry for item in best], public), next=None)


async def listing(queries: Queries, tenant: TenantId, id_: ListingId) -> ListingView:
    """One listing."""
    async with queries.at(tenant, None) as (snapshot, _):
        (view,) = await _shown(queries, snapshot, [await listing_of(snapshot, id_)], public=False)
        return view


async def listing_of(snapshot: Snapshot, listing: ListingId) -> Entry:
    """The listing, or `NotThere`."""
    await must_be_told(snapshot, listing)
    entry = (await snapshot.entries([listing])).get(listing)
    if entry is None or entry.kind is not Kind.LISTING:
        raise NotThere
    return entry


async def _must_be_shown(snapshot: Snapshot, marketplace: MarketplaceId, *, public: bool) -> None:
    edition = await edition_of(snapshot, marketplace)
    if public and not visibility.listings_in_public(edition.state):
        raise NotThere


async def _shown(queries: Queries, snapshot: Snapshot, entries: list[Entry], public: bool) -> list[ListingView]:
    names = Names(snapshot, queries.vault)
    named = [entry for entry in entries if not public or visibility.organisation_named_in_public(entry)]
    await names.ask({entry.state.by for entry in named})
    return [listing_view(entry, names.of_participation(entry.state.by)) for entry in entries]
