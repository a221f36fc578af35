"""The entrance: organisations are entered, let in and checked in, with one submit each."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.identity import MarketplaceId, OrganisationId, ParticipationId, PersonId, StreamId, participation_of
from domain.organisation.commands import RegisterOrganisation
from domain.organisation.events import Side
from domain.participation.commands import Admit, CheckIn, RequestParticipation
from domain.participation.refusals import AlreadyCheckedIn, AlreadyRequested, NotWaiting, ParticipationOver
from domain.personal import Personal
from domain.refusal import Refusal
from infra.clock import fresh_id
from services.application.asking import ANY_VERSION, Receipt
from services.application.views import MarketplaceView, OrganisationView, ParticipationView
from services.web.desk.editions import everyone
from services.web.desk.typed import Typed
from services.web.desk.visit import Asked, Desk, Shown, Visit
from services.web.rooms import marketplace, stream

_BEGUN = Shown(typed=Typed({"here": "yes"}), focus="name")


@get("/{tenant:str}/desk/{edition:str}/organisations", name="desk-organisations")
async def organisations(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Who is here, and a form for the next one who comes."""
    visit = await desk.enter(request, tenant)
    home = marketplace(edition)
    return await _page(visit, await desk.queries.marketplace(visit.tenant, home), home)


@post("/{tenant:str}/desk/{edition:str}/organisations", status_code=200)
async def enter(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Enter an organisation, or let in one that is on the list already."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    home = marketplace(edition)
    plan = await desk.queries.marketplace(visit.tenant, home)
    arriving = typed.get("arrives")
    try:
        if arriving:
            who = ParticipationId(stream(arriving))
            done = await _let_in(visit, who, await desk.queries.participation(visit.tenant, who), here=True)
        else:
            who, done = await _enter(visit, plan, home)
    except Refusal as refusal:
        return await _page(visit, plan, home, await visit.alarmed(refusal))
    if typed.faults:
        return await _page(visit, plan, home, Shown(422, typed))
    return visit.go(f"{visit.home}/{home}/organisations", done, who=who)


async def _page(visit: Visit, plan: MarketplaceView, home: MarketplaceId, how: Shown = _BEGUN) -> Response[str]:
    people = await everyone(visit, home)
    known = await _known(visit, rehearsal=plan.rehearsal)
    host_wide = visit.session.host_wide
    taking_part = {each.organisation for each in people}
    newest = list(reversed(people))
    return visit.show(
        "organisations.html",
        how,
        edition=plan,
        people=newest,
        sides={side.value: [each for each in newest if each.side is side] for side in Side},
        arrived=sum(each.state == "on_the_floor" for each in people),
        names=sorted({each.name for each in known if each.name and each.id not in taking_part} if host_wide else ()),
        just=next((each for each in people if each.id == visit.asking.query.get("who")), None),
    )


async def _enter(visit: Visit, plan: MarketplaceView, home: MarketplaceId) -> tuple[ParticipationId, Receipt | None]:
    """Register (a name that the host knows isn't registered again), ask to take part, let in.

    Broken off in between, the same form goes on where it was: its steps' keys come from its own.
    """
    typed = visit.typed or Typed()
    name, told = typed.needed("name"), typed.get("side")
    if told not in {side.value for side in Side}:
        typed.fault("side", "side")
    if typed.faults:
        return ParticipationId(StreamId("")), None
    side, sole_trader = Side(told), typed.ticked("sole_trader")
    known = [each for each in await _known(visit, rehearsal=plan.rehearsal) if _same(each.name, name)]
    if known and known[0].side is not side:
        typed.fault("side", "other_side")
        return ParticipationId(StreamId("")), None
    if known:
        organisation = StreamId(known[0].merged_into or known[0].id)
    else:
        organisation = await _register(visit, name, side, plan, sole_trader=sole_trader)
    who = participation_of(home, OrganisationId(organisation))
    asking = RequestParticipation(marketplace=home, organisation=OrganisationId(organisation))
    try:
        asked = await visit.do("request", who, asking, creates=True)
    except AlreadyRequested:
        asked = None
    there = None if asked else await visit.desk.queries.participation(visit.tenant, who)
    return who, await _let_in(visit, who, there, here=typed.ticked("here")) or asked


async def _register(visit: Visit, name: str, side: Side, plan: MarketplaceView, *, sole_trader: bool) -> StreamId:
    """A sole trader's name is a person's: it goes to the vault, under the organisation's id."""
    target = StreamId(fresh_id())
    sealed = Personal(person=PersonId(target), values={"name": name}) if sole_trader else None
    command = RegisterOrganisation(
        name=None if sole_trader else name, side=side, rehearsal=plan.rehearsal, personal=sealed
    )
    return (await visit.do("register", target, command, creates=True)).id


async def _let_in(visit: Visit, who: ParticipationId, there: ParticipationView | None, *, here: bool) -> Receipt | None:
    """Admit and, when they are here, check in; what is so already is passed over. None: nothing was left to do."""
    if there is not None and there.state == "not_coming":
        raise ParticipationOver
    done: Receipt | None = None
    steps = [("admit", Admit(), NotWaiting), *([("check-in", CheckIn(), AlreadyCheckedIn)] if here else [])]
    for step, command, already in steps:
        try:
            done = await visit.do(step, who, command, seen=ANY_VERSION)
        except already:
            continue
    return done


async def _known(visit: Visit, *, rehearsal: bool) -> list[OrganisationView]:
    """The host's organisations of that kind, all pages of them."""
    found: list[OrganisationView] = []
    cursor: str | None = None
    while True:
        page = await visit.desk.queries.organisations(visit.tenant, cursor=cursor)
        found += [each for each in page.items if each.rehearsal is rehearsal]
        cursor = page.next
        if cursor is None:
            return found


def _same(known: str | None, name: str) -> bool:
    return known is not None and known.casefold() == name.casefold()
