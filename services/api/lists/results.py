"""What can be read of results: statements with their provenance, why a count changed, and an edition's report."""

from typing import Any

from domain.identity import MarketplaceId, StatementId, StreamId, TenantId
from services.api.lists.route import PAGED, QueryRoute, required_moment
from services.api.paths import Query
from services.application import views
from services.application.queries import Queries
from services.application.questions.changes import ChangesView, changes
from services.application.questions.difference import DifferenceView, difference
from services.application.questions.report import ReportView, report
from services.application.questions.statements import StatementHistoryView, contracts_behind, statement


async def _statement(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await statement(queries, tenant, StatementId(id_), as_of=query.as_of())


async def _contracts_behind(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await contracts_behind(
        queries, tenant, StatementId(id_), as_of=query.as_of(), limit=query.limit(), cursor=query.text("cursor")
    )


async def _changes(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await changes(
        queries,
        tenant,
        MarketplaceId(id_),
        since=required_moment(query, "since"),
        until=query.as_of("until"),
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _difference(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    marketplace = query.id("marketplace")
    return await difference(
        queries,
        tenant,
        None if marketplace is None else MarketplaceId(marketplace),
        since=required_moment(query, "since"),
        until=query.as_of("until"),
        limit=query.limit(),
        cursor=query.text("cursor"),
    )


async def _report(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await report(queries, tenant, MarketplaceId(id_), as_of=query.as_of())


RESULTS: tuple[QueryRoute, ...] = (
    QueryRoute(
        "statements/{id}",
        "GetStatement",
        "Every word of a statement, each with its source, its time and the state of the ledger that it was drawn from.",
        StatementHistoryView,
        _statement,
        ("as_of",),
    ),
    QueryRoute(
        "statements/{id}/contracts",
        "ListStatementContracts",
        "The contracts that counted in the state of the ledger from which a statement's words were drawn.",
        views.Page[views.LedgerRowView],
        _contracts_behind,
        ("as_of", *PAGED),
    ),
    QueryRoute(
        "marketplaces/{id}/results/changes",
        "ListResultChanges",
        "Why the count or the value changed between two positions or times.",
        ChangesView,
        _changes,
        ("since", "until", *PAGED),
        frozenset({"since"}),
    ),
    QueryRoute(
        "ledger/difference",
        "GetLedgerDifference",
        "Every contract that stands otherwise than at an earlier moment, as it stood at both.",
        DifferenceView,
        _difference,
        ("marketplace", "since", "until", *PAGED),
        frozenset({"since"}),
    ),
    QueryRoute(
        "marketplaces/{id}/report",
        "GetReport",
        "An edition's report: by area, by side, over time, at the tables; every share names what it is a share of.",
        ReportView,
        _report,
        ("as_of",),
    ),
)
