"""The gongs: opening, extending and closing, each with a page that asks once more."""

from dataclasses import replace
from datetime import timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.identity import MarketplaceId
from domain.instant import Instant, instant, moment
from domain.marketplace.commands import CloseTrading, ExtendTrading, OpenTrading
from domain.refusal import Refusal
from infra.clock import present
from services.web.desk.editions import everyone
from services.web.desk.in_hand import in_hand
from services.web.desk.typed import Typed, Unreadable
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace

USUAL_MINUTES = 10
"""By which trading is usually extended."""


@get("/{tenant:str}/desk/{edition:str}/gong", name="desk-gong")
async def gong(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Before trading: may the gong ring? While trading: extend it, or end it."""
    visit = await desk.enter(request, tenant)
    return await _gong_page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}/gong", status_code=200)
async def open_trading(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Ring the opening gong."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    home = marketplace(edition)
    try:
        done = await visit.do("open", home, OpenTrading(at=present()))
    except Refusal as refusal:
        return await _gong_page(visit, home, await visit.alarmed(refusal, home))
    return visit.go(f"{visit.home}/{home}", done)


async def _gong_page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    edition = await visit.desk.queries.marketplace(visit.tenant, home)
    arrived = 0 if edition.state == "trading" else len(await everyone(visit, home, "on_the_floor"))
    how = how if how.typed else replace(how, typed=Typed({"minutes": str(USUAL_MINUTES)}))
    return visit.show("gong.html", how, edition=edition, arrived=arrived, may=visit.may(OpenTrading) is not None)


@get("/{tenant:str}/desk/{edition:str}/gong/extend", name="desk-extend")
async def may_extend(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Extend by `?minutes=`? The page names the new end."""
    visit = await desk.enter(request, tenant)
    home = marketplace(edition)
    typed = Typed({"minutes": visit.asking.query.get("minutes", "")})
    minutes = typed.whole("minutes", most=240)
    if minutes is None:
        typed.fault("minutes", "whole")
        return await _gong_page(visit, home, Shown(422, typed))
    told = await visit.desk.queries.marketplace(visit.tenant, home)
    end = None
    if told.announced_end is not None:
        end = instant(moment(Instant(told.announced_end)) + timedelta(minutes=minutes))
    return await _extend_page(visit, home, end, minutes)


@post("/{tenant:str}/desk/{edition:str}/gong/extend", status_code=200)
async def extend(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Announce the later end that the page named."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    home = marketplace(edition)
    try:
        end = instant(moment(Instant(typed.get("end"))))
    except ValueError as error:
        raise Unreadable from error
    try:
        done = await visit.do("extend", home, ExtendTrading(announced_end=end))
    except Refusal as refusal:
        return await _extend_page(visit, home, end, None, await visit.alarmed(refusal, home))
    return visit.go(f"{visit.home}/{home}", done)


async def _extend_page(
    visit: Visit, home: MarketplaceId, end: Instant | None, minutes: int | None, how: Shown = FIRST
) -> Response[str]:
    edition = await visit.desk.queries.marketplace(visit.tenant, home)
    if edition.state != "trading" or end is None:
        return await _gong_page(visit, home, how)
    may = visit.may(ExtendTrading) is not None
    return visit.show("gong_extend.html", how, edition=edition, end=end, minutes=minutes, may=may)


@get("/{tenant:str}/desk/{edition:str}/gong/close", name="desk-close")
async def may_close(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """End trading? The page says what that means."""
    visit = await desk.enter(request, tenant)
    return await _close_page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}/gong/close", status_code=200)
async def close(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Ring the closing gong."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    home = marketplace(edition)
    try:
        done = await visit.do("close", home, CloseTrading(at=present()))
    except Refusal as refusal:
        return await _close_page(visit, home, await visit.alarmed(refusal, home))
    return visit.go(f"{visit.home}/{home}", done)


async def _close_page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    results = await visit.desk.queries.results(visit.tenant, home)
    if results.marketplace.state != "trading":
        return await _gong_page(visit, home, how)
    may = visit.may(CloseTrading) is not None
    forms = await in_hand(visit, home, results.marketplace.time_zone)
    return visit.show("gong_close.html", how, edition=results.marketplace, results=results, forms=forms, may=may)
