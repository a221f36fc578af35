"""What can be read of the things of a host: editions, the ledger, trails, and who and what the directory knows."""

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
from services.api.lists.route import OF_AN_EDITION, PAGED, QueryRoute, required_marketplace
from services.api.paths import Query
from services.application import views
from services.application.queries import Queries
from services.application.questions.ledger import ledger_text


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
    return await ledger_text(
        queries,
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
        required_marketplace(query),
        state=query.one_of("state", PARTICIPATION_STATES),
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _participation(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await queries.participation(tenant, ParticipationId(id_))


async def _negotiations(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    return await queries.negotiations(
        tenant,
        required_marketplace(query),
        state=query.one_of("state", NEGOTIATION_STATES),
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _negotiation(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await queries.negotiation(tenant, NegotiationId(id_))


MARKETPLACE_STATES = ("planned", "registering", "trading", "over", "follow_up", "archived", "called_off")
PARTICIPATION_STATES = ("requested", "admitted", "on_the_floor", "no_show", "not_coming")
NEGOTIATION_STATES = ("proposed", "agreed", "rejected", "withdrawn", "lapsed")
LEDGER_STATES = tuple(state.value for state in LedgerState)

DIRECTORY: tuple[QueryRoute, ...] = (
    QueryRoute(
        "marketplaces",
        "ListMarketplaces",
        "The host's editions, in the order in which they were planned.",
        views.Page[views.MarketplaceView],
        _marketplaces,
        ("state", *PAGED),
        states=MARKETPLACE_STATES,
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
        states=LEDGER_STATES,
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
        OF_AN_EDITION,
        PARTICIPATION_STATES,
    ),
    QueryRoute(
        "participations/{id}", "GetParticipation", "One participation.", views.ParticipationView, _participation
    ),
    QueryRoute(
        "negotiations",
        "ListNegotiations",
        "Negotiations of an edition.",
        views.Page[views.NegotiationView],
        _negotiations,
        ("marketplace", "state", *PAGED),
        OF_AN_EDITION,
        NEGOTIATION_STATES,
    ),
    QueryRoute("negotiations/{id}", "GetNegotiation", "One negotiation.", views.NegotiationView, _negotiation),
)
