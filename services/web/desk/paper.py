"""Blank forms: which numbers were printed, recorded before the gong."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.identity import MarketplaceId
from domain.marketplace.commands import RecordPaperSeries
from domain.marketplace.paper import LARGEST_NUMBER, PaperSeries
from domain.refusal import Refusal
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace


@get("/{tenant:str}/desk/{edition:str}/paper", name="desk-paper")
async def paper(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """The series that are recorded, and a form for another one."""
    visit = await desk.enter(request, tenant)
    return await _page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}/paper", status_code=200)
async def record(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Record a series."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    home = marketplace(edition)
    first, last = typed.whole("first", most=LARGEST_NUMBER), typed.whole("last", most=LARGEST_NUMBER)
    for name, number in (("first", first), ("last", last)):
        if number is None:
            typed.fault(name, "whole")
    if first is None or last is None:
        return await _page(visit, home, Shown(422, typed))
    series = PaperSeries(prefix=typed.get("prefix"), first=first, last=last)
    try:
        done = await visit.do("series", home, RecordPaperSeries(series=series))
    except Refusal as refusal:
        return await _page(visit, home, await visit.alarmed(refusal, home))
    return visit.go(f"{visit.home}/{home}/paper", done)


async def _page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    edition = await visit.desk.queries.marketplace(visit.tenant, home)
    how = Shown(how.status, how.typed, how.alarm, how.focus or "prefix")
    return visit.show("paper.html", how, edition=edition, may=visit.may(RecordPaperSeries) is not None)
