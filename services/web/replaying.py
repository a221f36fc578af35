"""An edition replayed: the board and the ledger as they stood at a moment, and from there on, step by step."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.instant import Instant, moment
from infra.clock import now
from services.application.questions.stops import stop
from services.application.reading.trouble import MomentUnclear
from services.web import showing
from services.web.pages import PAGE_ROWS
from services.web.rendering import Asking, page
from services.web.rooms import Rooms, marketplace
from services.web.speech import zone_of


@get("/{tenant:str}/marketplaces/{edition:str}/replay", name="replay")
async def replay(
    request: Request[Any, Any, Any], rooms: NamedDependency[Rooms], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """As of `?as_of=`, a position, or `?time=`, a local time of the edition; without either, as of now."""
    asking = Asking(request)
    found, home = await rooms.host(tenant), marketplace(edition)
    plan = await rooms.queries.marketplace(found.tenant, home)
    asked = _moment(asking.query, plan.time_zone)
    at = await stop(rooms.queries, found.tenant, home, asked)
    results = await rooms.queries.results(found.tenant, home, as_of=at.position)
    rows = await rooms.queries.ledger(
        found.tenant,
        home,
        as_of=at.position,
        newest=True,
        limit=PAGE_ROWS,
        cursor=asking.query.get("after") or None,
        public=True,
    )
    speech, zone = asking.speech, plan.time_zone
    return page(
        "replay.html",
        asking,
        host=found,
        edition=plan,
        stop=at,
        board=showing.board(results, [], speech, now()),
        checkpoint=results.moment.checkpoint if results.moment else None,
        rows=[showing.row(row, speech, zone) for row in rows.items],
        state=None,
        next=rows.next,
        day=speech.short_day(at.at, zone),
        time=speech.clock(at.at, zone, seconds=True),
        zone=speech.zone(at.at, zone),
        local=moment(Instant(at.at)).astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M:%S"),
    )


def _moment(query: dict[str, str], zone: str) -> int | datetime | None:
    """What the address asks for. Raises `MomentUnclear` for an hour that a clock change doubles or leaves out."""
    position, time = query.get("as_of"), query.get("time")
    if position:
        if not (position.isascii() and position.isdigit() and len(position) < 16 and int(position)):
            raise MomentUnclear
        return int(position)
    return _local(time, zone) if time else None


def _local(time: str, zone: str) -> datetime:
    try:
        told = datetime.fromisoformat(time)
    except ValueError:
        raise MomentUnclear from None
    if told.tzinfo is not None:
        return told
    first, second = (told.replace(tzinfo=zone_of(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise MomentUnclear
    return first
