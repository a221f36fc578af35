"""The pages: what people read. Each handler asks the application and hands the answer to a template."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from domain.identity import ContractId, TenantId
from domain.ledger.row import LedgerState
from domain.refusal import NotThere
from infra.clock import now
from services.application.views import MarketplaceView
from services.web import showing
from services.web.assets import SERVED
from services.web.live import position_of
from services.web.rendering import HEADERS, Asking, page
from services.web.rooms import Hall, Rooms, marketplace, stream
from services.web.steps import told

PAGE_ROWS = 50
"""Rows of the ledger on a page."""

PRINTED_ROWS = 200
"""Rows of the ledger on a page that is to be printed."""

Asked = Request[Any, Any, Any]


@get("/", name="front")
async def front(request: Asked, rooms: NamedDependency[Rooms]) -> Response[str]:
    """The newest season, and what goes on in the halls."""
    hall = await rooms.hall()
    return await _season(Asking(request), rooms, hall, hall.seasons[0] if hall.seasons else None)


@get("/season/{season:int}", name="season")
async def season(request: Asked, rooms: NamedDependency[Rooms], season: FromPath[int]) -> Response[str]:
    """One season; a year without an edition has no page."""
    hall = await rooms.hall()
    if season not in hall.seasons:
        raise NotThere
    return await _season(Asking(request), rooms, hall, season)


async def _season(asking: Asking, rooms: Rooms, hall: Hall, year: int | None) -> Response[str]:
    told_season = None if year is None else await rooms.queries.season(year)
    shown = None if told_season is None else showing.season(told_season, asking.speech)
    return page("season.html", asking, season=told_season, shown=shown, hall=hall)


@get("/{tenant:str}", name="host")
async def host(request: Asked, rooms: NamedDependency[Rooms], tenant: FromPath[str]) -> Response[str]:
    """A host's editions and rehearsals."""
    asking = Asking(request)
    found = await rooms.host(tenant)
    editions = await rooms.queries.marketplaces(found.tenant, cursor=asking.query.get("after"))
    newest = list(reversed(editions.items))
    real = [edition for edition in newest if not edition.rehearsal]
    rehearsals = [edition for edition in newest if edition.rehearsal]
    said = {one.id: await rooms.results(found.tenant, one) for one in real}
    return page("host.html", asking, host=found, real=real, rehearsals=rehearsals, said=said, next=editions.next)


@get("/{tenant:str}/marketplaces/{edition:str}", name="board")
async def board(
    request: Asked, rooms: NamedDependency[Rooms], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """The board. `?theme=light` for a bright hall; `?part=live` is the region that the script replaces."""
    asking = Asking(request)
    found, home = await rooms.host(tenant), marketplace(edition)
    results = await rooms.queries.results(found.tenant, home)
    newest = await rooms.newest(found.tenant, home, position_of(results))
    theme = "light" if asking.query.get("theme") == "light" else "dark"
    template = "board_live.html" if asking.query.get("part") == "live" else "board.html"
    return page(
        template,
        asking,
        host=found,
        edition=results.marketplace,
        theme=theme,
        rehearsal=results.marketplace.rehearsal,
        position=position_of(results),
        board=showing.board(results, newest, asking.speech, now()),
    )


@get("/{tenant:str}/marketplaces/{edition:str}/ledger", name="ledger")
async def ledger(
    request: Asked, rooms: NamedDependency[Rooms], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """The ledger, newest first, a page at a time; `?state=` for one state only, `?rows=200` for printing."""
    asking = Asking(request)
    found, home = await rooms.host(tenant), marketplace(edition)
    results = await rooms.queries.results(found.tenant, home)
    state = _state(asking.query.get("state"))
    rows = await rooms.queries.ledger(
        found.tenant,
        home,
        state=state,
        newest=True,
        limit=PRINTED_ROWS if asking.query.get("rows") == str(PRINTED_ROWS) else PAGE_ROWS,
        cursor=asking.query.get("after") or None,
        public=True,
    )
    return page(
        "ledger_live.html" if asking.query.get("part") == "live" else "ledger.html",
        asking,
        host=found,
        edition=results.marketplace,
        position=position_of(results),
        rows=[showing.row(row, asking.speech, results.marketplace.time_zone) for row in rows.items],
        next=rows.next,
        state=state,
        states=_states(results.marketplace),
    )


@get("/{tenant:str}/contracts/{contract:str}", name="contract")
async def contract(
    request: Asked, rooms: NamedDependency[Rooms], tenant: FromPath[str], contract: FromPath[str]
) -> Response[str]:
    """A contract and how it came about."""
    asking = Asking(request)
    found, case = await rooms.host(tenant), stream(contract)
    row = await rooms.queries.contract(found.tenant, ContractId(case), public=True)
    cursor = asking.query.get("after") or None
    trail = await rooms.queries.trail(found.tenant, case, cursor=cursor, public=True)
    results = await rooms.queries.results(found.tenant, marketplace(row.marketplace))
    return page(
        "contract_live.html" if asking.query.get("part") == "live" else "contract.html",
        asking,
        host=found,
        edition=results.marketplace,
        position=position_of(results),
        contract=showing.row(row, asking.speech, results.marketplace.time_zone),
        sides=showing.sides(row, asking.speech),
        trail=[told(step, row, asking.speech) for step in trail.items],
        next=trail.next,
    )


@get("/{tenant:str}/marketplaces/{edition:str}/live", name="live")
async def live(
    request: Asked, rooms: NamedDependency[Rooms], tenant: FromPath[str], edition: FromPath[str]
) -> ServerSentEvent:
    """`changed` hints for open pages (text/event-stream); `?after=` or `Last-Event-ID` says what they show.

    Where too many listen (`TooManyListeners`), nothing is asked for: the page looks for itself now and then.
    """
    rooms.live.must_have_room(TenantId(tenant))
    found, home = await rooms.host(tenant), marketplace(edition)
    await rooms.queries.marketplace(found.tenant, home)
    after = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    seen = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    headers = {**HEADERS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return ServerSentEvent(rooms.live.stream(found.tenant, home, seen), headers=headers)


@get("/static/{name:str}", name="static", sync_to_thread=False)
def static(name: FromPath[str]) -> Response[bytes]:
    """An asset by its name with its hash, to be kept for ever."""
    if name not in SERVED:
        raise NotThere
    asset = SERVED[name]
    headers = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def _state(asked: str | None) -> LedgerState | None:
    return LedgerState(asked) if asked in {state.value for state in LedgerState} else None


def _states(edition: MarketplaceView) -> list[LedgerState]:
    """The states that a reader can choose from: of a real edition only what is certified is public."""
    return list(LedgerState) if edition.rehearsal else [one for one in LedgerState if one in showing.CERTIFIED]
