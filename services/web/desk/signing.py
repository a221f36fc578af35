"""Signing in and out at a host's desk, and the desk itself: the host's editions."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.clock import now
from services.web.desk import session
from services.web.desk.typed import Typed
from services.web.desk.visit import Asked, Desk, Shown, Visit, must_come_from_here

_AROUND = " \"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}»«"


@get("/{tenant:str}/desk", name="desk")
async def home(request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str]) -> Response[str]:
    """The host's editions for who is signed in; for anybody else, where to sign in."""
    visit = await desk.come_in(request, tenant)
    if not visit.session.seats or "add" in visit.asking.query:
        return sign_in_page(visit, Typed({"next": visit.asking.query.get("next", "")}))
    visit = await desk.enter(request, tenant)
    editions = list(reversed((await desk.queries.marketplaces(visit.tenant)).items))
    theirs = [edition for edition in editions if visit.session.at(edition.id).seats]
    return visit.show("home.html", editions=theirs, may_plan=visit.session.host_wide)


@post("/{tenant:str}/desk", status_code=200)
async def sign_in(request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str]) -> Response[str]:
    """Sign in with a key, beside those that are signed in already."""
    visit = await desk.come_in(request, tenant)
    must_come_from_here(request)
    typed = Typed.sent(request.headers.get("content-type", ""), await request.body())
    seat = await session.seated(_bare(typed.get("secret")), visit.tenant, desk.keyring, now())
    if seat is None:
        typed.fault("secret", "key")
    elif seat.caller.role not in session.AT_THE_DESK:
        typed.fault("secret", "no_work")
    if seat is None or typed.faults:
        return sign_in_page(visit, typed, status=403 if seat else 401)
    cookie = visit.session.with_seat(seat).cookie(now(), secure=request.url.scheme == "https")
    return visit.go(_onward(visit, typed.get("next")), cookie=cookie)


@post("/{tenant:str}/desk/sign-out", status_code=200)
async def sign_out(request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str]) -> Response[str]:
    """Everybody at this browser leaves the desk."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    cookie = session.Session(visit.tenant).cookie(now(), secure=request.url.scheme == "https")
    return visit.go(visit.home, cookie=cookie)


def _bare(pasted: str) -> str:
    """A key without the quotation marks that were copied with it; no key has any."""
    return pasted.strip(_AROUND)


def sign_in_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response[str]:
    """Where to sign in. What was typed as a key is never shown again."""
    return visit.show("sign_in.html", Shown(status, Typed({"next": typed.get("next")}, typed.faults), focus="secret"))


def _onward(visit: Visit, wanted: str) -> str:
    """Where somebody wanted to go, if that is at this desk; else the desk."""
    ours = wanted.startswith(f"{visit.home}/") and wanted.isascii() and not any(sign in wanted for sign in "\\\r\n?#")
    return wanted if ours else visit.home
