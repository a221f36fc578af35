"""What can be taken away: ledger and report as CSV and XLSX, an edition as ValueFlows JSON-LD.

Any key of the host opens them, as it does the lists. The first part is made before an answer begins, so that what
can't be told is refused with a problem; from then on CSV and JSON-LD are sent as they are read, in constant memory.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId, TenantId
from domain.refusal import NotThere
from infra.documents.spreadsheet import Cell, workbook
from services.api.exporting import ledger, report, valueflows
from services.api.exporting.cells import csv_text
from services.api.exporting.words import LANGUAGES, say
from services.api.keys import Doorkeeper
from services.api.one_edition import must_be_of_its_edition
from services.api.paths import Query, stream_id
from services.application.queries import Queries
from services.application.questions import exports
from services.application.questions import report as question
from services.application.questions.exports import Editions, Extent
from services.application.reading.trouble import TooManyForABook
from services.application.views import LedgerRowView

MOST_IN_A_BOOK = 5_000
"""Contracts in one workbook: ten times the largest marketplace known."""

CSV, JSON_LD = "text/csv", "application/ld+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose export, of what, in which language, as of when."""

    queries: Queries
    tenant: TenantId
    marketplace: MarketplaceId | None
    query: Query


Thing = TypeVar("Thing")
Make = Callable[[Asked], Awaitable[bytes | AsyncIterator[bytes]]]


@dataclass(frozen=True, slots=True)
class ExportRoute:
    """`GET /v1/{tenant}/{path}` answers with a file of `media_type`, made by `make`."""

    path: str
    operation: str
    summary: str
    media_type: str
    make: Make
    parameters: tuple[str, ...]


def export_routes(queries: Queries, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """A route handler for every export."""
    return [_handler(route, queries, doorkeeper) for route in EXPORTS]


def _handler(route: ExportRoute, queries: Queries, doorkeeper: Doorkeeper) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[Any]:
        tenant = TenantId(request.path_params["tenant"])
        caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
        query = Query(request.query_params.dict())
        position = query.whole("wait_for")
        if position is not None:
            await queries.wait_for(tenant, position)
        await must_be_of_its_edition(caller, route.path, (), request, queries)
        made = await route.make(Asked(queries, tenant, _edition(request), query))
        query.end()
        name = route.path.rpartition("/")[2]
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        if isinstance(made, bytes):
            return Response(made, media_type=route.media_type, headers=headers)
        return Stream(await _begun(made), media_type=route.media_type, headers=headers)

    handle.__name__ = route.operation
    return get("/v1/{tenant:str}/" + route.path.replace("{id}", "{id:str}"), name=route.operation)(handle)


def _edition(request: Request[Any, Any, Any]) -> MarketplaceId | None:
    told = request.path_params.get("id")
    if told is None:
        return None
    found = stream_id(told)
    if found is None:
        raise NotThere
    return MarketplaceId(found)


async def _begun(made: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`made`, its first part in hand."""
    first = await anext(made)

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for more in made:
            yield more

    return whole()


def _language(query: Query) -> str:
    return query.one_of("lang", LANGUAGES) or LANGUAGES[0]


async def _contract_rows(asked: Asked, of: Extent, lang: str) -> AsyncIterator[Sequence[Cell]]:
    editions = Editions(asked.queries, asked.tenant)
    async for row in exports.contracts(asked.queries, of):
        yield ledger.contract_cells(row, await editions.get(_home(row)), lang)


async def _pledge_rows(asked: Asked, of: Extent, lang: str) -> AsyncIterator[Sequence[Cell]]:
    editions = Editions(asked.queries, asked.tenant)
    async for row in exports.contracts(asked.queries, of):
        for cells in ledger.pledge_cells(row, await editions.get(_home(row)), lang):
            yield cells


def _home(row: LedgerRowView) -> MarketplaceId:
    return MarketplaceId(StreamId(row.marketplace))


async def _ledger_csv(asked: Asked) -> AsyncIterator[bytes]:
    lang, wanted = _language(asked.query), asked.query.one_of("part", PARTS) or PARTS[0]
    of = await exports.extent(asked.queries, asked.tenant, asked.marketplace, asked.query.as_of())
    columns, rows = {
        "contracts": (ledger.CONTRACTS, _contract_rows),
        "pledges": (ledger.PLEDGES, _pledge_rows),
    }[wanted]
    return csv_text(ledger.header(columns, lang), rows(asked, of, lang), lang)


async def _ledger_xlsx(asked: Asked) -> bytes:
    lang = _language(asked.query)
    of = await exports.extent(asked.queries, asked.tenant, asked.marketplace, asked.query.as_of())
    contracts, pledges = say(lang, "contracts"), say(lang, "pledges")

    async def rows() -> AsyncIterator[tuple[str, Sequence[Cell]]]:
        editions = Editions(asked.queries, asked.tenant)
        told = 0
        async for row in exports.contracts(asked.queries, of):
            told += 1
            if told > MOST_IN_A_BOOK:
                raise TooManyForABook
            edition = await editions.get(_home(row))
            yield contracts, ledger.contract_cells(row, edition, lang)
            for cells in ledger.pledge_cells(row, edition, lang):
                yield pledges, cells

    headers = {contracts: ledger.header(ledger.CONTRACTS, lang), pledges: ledger.header(ledger.PLEDGES, lang)}
    return await workbook(headers, rows())


async def _report_rows(asked: Asked, lang: str) -> list[list[Cell]]:
    marketplace = asked.marketplace or MarketplaceId(StreamId(""))
    told = await question.report(asked.queries, asked.tenant, marketplace, as_of=asked.query.as_of())
    edition = await Editions(asked.queries, asked.tenant).get(marketplace)
    return list(report.report_rows(told, edition, lang))


async def _report_csv(asked: Asked) -> AsyncIterator[bytes]:
    lang = _language(asked.query)
    return csv_text(ledger.header(report.COLUMNS, lang), _each(await _report_rows(asked, lang)), lang)


async def _report_xlsx(asked: Asked) -> bytes:
    lang = _language(asked.query)
    sheet = say(lang, "report")
    rows = await _report_rows(asked, lang)
    return await workbook({sheet: ledger.header(report.COLUMNS, lang)}, _each([(sheet, cells) for cells in rows]))


async def _each(things: Sequence[Thing]) -> AsyncIterator[Thing]:
    for thing in things:
        yield thing


async def _valueflows(asked: Asked) -> AsyncIterator[bytes]:
    marketplace = asked.marketplace or MarketplaceId(StreamId(""))
    of = await exports.extent(asked.queries, asked.tenant, marketplace)
    edition = await Editions(asked.queries, asked.tenant).get(marketplace)
    guests = await exports.guests(asked.queries, asked.tenant, marketplace)

    async def nodes() -> AsyncIterator[dict[str, Any]]:
        graph = valueflows.Graph(edition, {guest.organisation: guest.name for guest in guests.values()})
        for node in graph.edition():
            yield node
        async for listing in exports.listings(asked.queries, asked.tenant, marketplace):
            if listing.by in guests:
                for node in graph.listing(listing, guests[listing.by].organisation):
                    yield node
        async for row in exports.contracts(asked.queries, of):
            for node in graph.contract(row):
                yield node

    return valueflows.document(nodes())


PARTS = ("contracts", "pledges")

EXPORTS: tuple[ExportRoute, ...] = (
    ExportRoute(
        "ledger.csv",
        "ExportHostLedger",
        "The ledger of all the host's editions as CSV.",
        CSV,
        _ledger_csv,
        ("part", "lang", "as_of"),
    ),
    ExportRoute(
        "marketplaces/{id}/ledger.csv",
        "ExportLedgerCSV",
        "An edition's ledger as CSV: a row a contract, or with `part=pledges` a row a pledge.",
        CSV,
        _ledger_csv,
        ("part", "lang", "as_of"),
    ),
    ExportRoute(
        "marketplaces/{id}/ledger.xlsx",
        "ExportLedgerXLSX",
        "An edition's ledger as a workbook: a sheet of contracts and a sheet of pledges.",
        XLSX,
        _ledger_xlsx,
        ("lang", "as_of"),
    ),
    ExportRoute(
        "marketplaces/{id}/report.csv",
        "ExportReportCSV",
        "An edition's report as CSV: a row a figure, with what it is of.",
        CSV,
        _report_csv,
        ("lang", "as_of"),
    ),
    ExportRoute(
        "marketplaces/{id}/report.xlsx",
        "ExportReportXLSX",
        "An edition's report as a workbook.",
        XLSX,
        _report_xlsx,
        ("lang", "as_of"),
    ),
    ExportRoute(
        "marketplaces/{id}/valueflows.jsonld",
        "ExportValueFlows",
        "An edition as ValueFlows JSON-LD, as it stands now: organisations, offers and needs, contracts, pledges.",
        JSON_LD,
        _valueflows,
        (),
    ),
)
"""Everything that can be taken away."""
