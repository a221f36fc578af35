"""One table of what can be read: address, query parameters, the shape that comes back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.identity import (
    ContractId,
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    ParticipationId,
    StreamId,
    TenantId,
)
from domain.ledger.row import LedgerState
from services.api.paths import Query
from services.api.problems import QueryUnusable
from services.application import views
from services.application.queries import Queries

Ask = Callable[[Queries, TenantId, StreamId, Query], Awaitable[Any]]

PAGED = ("limit", "cursor")


@dataclass(frozen=True)
class QueryRoute:
    """`GET /v1/{tenant}/{path}` answers with `view`. `parameters` are those of its query besides `wait_for`."""

    path: str
    operation: str
    summary: str
    view: Any
    ask: Ask
    parameters: tuple[str, ...] = ()

    @property
    def paged(self) -> bool:
        """Whether it is a list with a cursor."""
        return "cursor" in self.parameters


async def _marketplaces(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    state = query.one_of("state", MARKETPLACE_STATES)
    return await queries.marketplaces(tenant, state=state, limit=query.limit(), cursor=query.text("cursor"))


async def _marketplace(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await queries.marketplace(tenant, MarketplaceId(id_))


async def _results(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await queries.results(tenant, MarketplaceId(id_), as_of=query.as_of())


async def _ledger(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    state = query.one_of("state", LEDGER_STATES)
    marketplace = query.id("marketplace")
    return await queries.ledger(
        tenant,
        None if marketplace is None else MarketplaceId(marketplace),
        state=None if state is None else LedgerState(state),
        as_of=query.as_of(),
        newest=query.one_of("order", ("drafted", "newest")) == "newest",
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _contract(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await queries.contract(tenant, ContractId(id_), as_of=query.as_of())


async def _trail(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await queries.trail(tenant, id_, limit=query.limit(), cursor=query.text("cursor"))


async def _edition_trail(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await queries.trail_of_marketplace(
        tenant, MarketplaceId(id_), limit=query.limit(), cursor=query.text("cursor")
    )


async def _organisations(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    return await queries.organisations(tenant, limit=query.limit(), cursor=query.text("cursor"))


async def _organisation(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await queries.organisation(tenant, OrganisationId(id_))


async def _participations(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    return await queries.participations(
        tenant,
        _required_marketplace(query),
        state=query.one_of("state", PARTICIPATION_STATES),
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _participation(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await queries.participation(tenant, ParticipationId(id_))


async def _listings(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    return await queries.listings(
        tenant, _required_marketplace(query), limit=query.limit(), cursor=query.text("cursor")
    )


async def _negotiations(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    return await queries.negotiations(
        tenant,
        _required_marketplace(query),
        state=query.one_of("state", NEGOTIATION_STATES),
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _negotiation(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await queries.negotiation(tenant, NegotiationId(id_))


def _required_marketplace(query: Query) -> MarketplaceId:
    marketplace = query.id("marketplace")
    if marketplace is None:
        raise QueryUnusable(errors=[{"parameter": "marketplace", "detail": "Say of which edition: its id."}])
    return MarketplaceId(marketplace)


MARKETPLACE_STATES = ("planned", "registering", "trading", "over", "called_off")
PARTICIPATION_STATES = ("requested", "admitted", "on_the_floor", "not_coming")
NEGOTIATION_STATES = ("proposed", "agreed", "rejected", "withdrawn", "lapsed")
LEDGER_STATES = tuple(state.value for state in LedgerState)

QUERIES: tuple[QueryRoute, ...] = (
    QueryRoute(
        "marketplaces",
        "ListMarketplaces",
        "The host's editions, in the order in which they were planned.",
        views.Page[views.MarketplaceView],
        _marketplaces,
        ("state", *PAGED),
    ),
    QueryRoute("marketplaces/{id}", "GetMarketplace", "One edition.", views.MarketplaceView, _marketplace),
    QueryRoute(
        "marketplaces/{id}/results",
        "GetResults",
        "The ledger's figures of an edition, and what was announced.",
        views.ResultsView,
        _results,
        ("as_of",),
    ),
    QueryRoute(
        "marketplaces/{id}/trail",
        "GetMarketplaceTrail",
        "Everything that happened at an edition.",
        views.Page[views.TrailStepView],
        _edition_trail,
        PAGED,
    ),
    QueryRoute(
        "ledger",
        "GetLedger",
        "Contracts, as they stand or as of a position or time.",
        views.Page[views.LedgerRowView],
        _ledger,
        ("marketplace", "state", "as_of", "order", *PAGED),
    ),
    QueryRoute("contracts/{id}", "GetContract", "One contract.", views.LedgerRowView, _contract, ("as_of",)),
    QueryRoute(
        "contracts/{id}/trail",
        "GetContractTrail",
        "Every step of a contract, from the first proposal or draft on.",
        views.Page[views.TrailStepView],
        _trail,
        PAGED,
    ),
    QueryRoute(
        "organisations",
        "ListOrganisations",
        "The organisations that the host knows.",
        views.Page[views.OrganisationView],
        _organisations,
        PAGED,
    ),
    QueryRoute("organisations/{id}", "GetOrganisation", "One organisation.", views.OrganisationView, _organisation),
    QueryRoute(
        "participations",
        "ListParticipations",
        "Who takes part in an edition.",
        views.Page[views.ParticipationView],
        _participations,
        ("marketplace", "state", *PAGED),
    ),
    QueryRoute(
        "participations/{id}", "GetParticipation", "One participation.", views.ParticipationView, _participation
    ),
    QueryRoute(
        "listings",
        "ListListings",
        "Offers and needs of an edition.",
        views.Page[views.ListingView],
        _listings,
        ("marketplace", *PAGED),
    ),
    QueryRoute(
        "negotiations",
        "ListNegotiations",
        "Negotiations of an edition.",
        views.Page[views.NegotiationView],
        _negotiations,
        ("marketplace", "state", *PAGED),
    ),
    QueryRoute("negotiations/{id}", "GetNegotiation", "One negotiation.", views.NegotiationView, _negotiation),
)

REQUIRED: Mapping[str, frozenset[str]] = {
    operation: frozenset({"marketplace"}) for operation in ("ListParticipations", "ListListings", "ListNegotiations")
}
"""Query parameters that must be given, by operation."""

STATES: Mapping[str, tuple[str, ...]] = {
    "ListMarketplaces": MARKETPLACE_STATES,
    "ListParticipations": PARTICIPATION_STATES,
    "ListNegotiations": NEGOTIATION_STATES,
    "GetLedger": LEDGER_STATES,
}
"""The words that `state` can be, by operation."""
