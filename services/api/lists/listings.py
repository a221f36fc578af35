"""What can be read of offers and needs."""

from typing import Any

from domain.identity import AreaId, ListingId, MarketplaceId, StreamId, TenantId
from domain.listing.events import ListingKind
from infra.projections.listings import Wanted
from services.api.lists.route import OF_AN_EDITION, PAGED, QueryRoute, required_marketplace
from services.api.paths import Query
from services.api.problems import QueryUnusable
from services.application import views
from services.application.queries import Queries
from services.application.questions import listings, matching

KINDS = tuple(kind.value for kind in ListingKind)


async def _listings(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    marketplace, wanted, limit = required_marketplace(query), _wanted(query), query.limit()
    words, cursor = query.text("q", 200), query.text("cursor")
    if words is None:
        return await listings.listings(queries, tenant, marketplace, wanted=wanted, limit=limit, cursor=cursor)
    if cursor is not None:
        raise QueryUnusable(errors=[{"parameter": "cursor", "detail": "A search has one page: leave the cursor out."}])
    return await listings.search(queries, tenant, marketplace, words, wanted=wanted, limit=limit)


async def _listing(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await listings.listing(queries, tenant, ListingId(id_))


async def _matches_of_listing(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await matching.matches_of_listing(queries, tenant, ListingId(id_), limit=query.limit())


async def _matches(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await matching.matches(queries, tenant, MarketplaceId(id_), limit=query.limit())


def _wanted(query: Query) -> Wanted:
    kind, area, is_open = query.one_of("kind", KINDS), query.text("area", 64), query.one_of("open", ("true", "false"))
    return Wanted(
        kind=None if kind is None else ListingKind(kind),
        area=None if area is None else AreaId(area),
        open=None if is_open is None else is_open == "true",
    )


LISTINGS: tuple[QueryRoute, ...] = (
    QueryRoute(
        "listings",
        "ListListings",
        "Offers and needs of an edition; with `q` the 100 best at most, best first and without a further page.",
        views.Page[views.ListingView],
        _listings,
        ("marketplace", "kind", "area", "q", "open", *PAGED),
        OF_AN_EDITION,
    ),
    QueryRoute("listings/{id}", "GetListing", "One offer or need.", views.ListingView, _listing),
    QueryRoute(
        "listings/{id}/matches",
        "GetMatchesOfListing",
        "What might fit an offer or a need: best first, each suggestion with its reasons.",
        matching.MatchesView,
        _matches_of_listing,
        ("limit",),
    ),
    QueryRoute(
        "marketplaces/{id}/matches",
        "GetMatches",
        "Which offers and needs of an edition might fit: best first, each suggestion with its reasons.",
        matching.MatchesView,
        _matches,
        ("limit",),
    ),
)
