"""Planning an edition, and an edition's desk: the next thing to do, in one sentence and one button."""

import re
import unicodedata

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.contract.commands import Certify, CorrectForm, DraftFromForm, RecordCall
from domain.frozen import dataclass
from domain.identity import AreaId, MarketplaceId, StreamId
from domain.marketplace.commands import OpenRegistration, OpenTrading, PlanMarketplace
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.organisation.commands import RegisterOrganisation
from domain.organisation.events import Side
from domain.refusal import NotThere, Refusal
from domain.results.statement import AnnounceResults
from infra.clock import fresh_id, now
from services.application.views import MarketplaceView, ParticipationView, ResultsView
from services.web.desk.in_hand import InHand, in_hand
from services.web.desk.typed import Typed
from services.web.desk.visit import FIRST, Asked, Desk, Shown, Visit
from services.web.rooms import marketplace
from services.web.speech import zone_of

TRADING_MINUTES, GRACE_MINUTES, HOURLY_RATE, CONTACT_DAYS = 120, 15, 1500, 14
"""A house's defaults: two hours, a quarter of an hour's grace, 15 euro an hour (in cents), two weeks."""

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": "-und-"})

_ID = 40
"""Characters of an area's id."""


@get("/{tenant:str}/desk/plan", name="desk-plan")
async def plan(request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str]) -> Response[str]:
    """A form for a new edition, filled in as the last one was."""
    visit = await desk.enter(request, tenant)
    last = (await desk.queries.marketplaces(visit.tenant)).items[-1:]
    areas = (
        [area.label for area in last[0].areas] if last else visit.asking.speech.word("desk.plan.areas.usual").split("|")
    )
    minutes = last[0].trading_minutes if last else TRADING_MINUTES
    return visit.show(
        "plan.html", Shown(typed=Typed({"areas": "\n".join(areas), "minutes": str(minutes)}), focus="title")
    )


@post("/{tenant:str}/desk/plan", status_code=200)
async def plan_it(request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str]) -> Response[str]:
    """Plan the edition."""
    visit = await desk.enter(request, tenant)
    typed = await visit.sent()
    last = (await desk.queries.marketplaces(visit.tenant)).items[-1:]
    wanted = _plan(typed, visit.host.time_zone, last[0] if last else None)
    if wanted is None:
        return visit.show("plan.html", Shown(422, typed))
    try:
        done = await visit.do("plan", StreamId(fresh_id()), PlanMarketplace(plan=wanted), creates=True)
    except Refusal as refusal:
        return visit.show("plan.html", await visit.alarmed(refusal))
    return visit.go(f"{visit.home}/{done.id}", done)


def _plan(typed: Typed, time_zone: str, last: MarketplaceView | None) -> Plan | None:
    """The plan that was typed, what isn't asked as at the `last` edition; None when something can't be read."""
    title, day = typed.needed("title"), typed.day("date")
    minutes = typed.whole("minutes", most=24 * 60)
    labels = [label for line in typed.needed("areas").splitlines() if (label := " ".join(line.split()))]
    ids = [slug(label) for label in labels]
    if labels and (len(set(ids)) < len(ids) or not all(ids)):
        typed.fault("areas", "areas")
    if typed.faults:
        return None
    return Plan(
        title=title,
        season=(day or now().astimezone(zone_of(time_zone))).year,
        date=day,
        venue=None,
        time_zone=time_zone,
        trading_minutes=minutes or TRADING_MINUTES,
        grace_minutes=last.grace_minutes if last else GRACE_MINUTES,
        noun=last.noun if last else "Vereinbarungen",
        areas=tuple(Area(id=AreaId(id_), label=label) for id_, label in zip(ids, labels, strict=True)),
        reciprocity=last.reciprocity if last else Reciprocity.ENCOURAGED,
        counted=last.counted if last else Counted.COMPANIES,
        visibility=last.visibility if last else Visibility.AT_THE_DOOR,
        hourly_rate_minor=last.hourly_rate_minor if last else HOURLY_RATE,
        first_contact_days=last.first_contact_days if last else CONTACT_DAYS,
        rehearsal=typed.ticked("rehearsal"),
    )


def slug(label: str) -> str:
    """An area's lasting id from its label: `helfende-haende`."""
    spelled = label.lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_ID].strip("-")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done now. `words` names sentence and button, `path` leads there; None is this page's own form.

    `allowed` says whether somebody at this browser may do it.
    """

    words: str
    path: str | None
    allowed: bool
    count: int = 0


@get("/{tenant:str}/desk/{edition:str}", name="desk-edition")
async def edition(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """An edition's desk."""
    visit = await desk.enter(request, tenant)
    return await _edition_page(visit, marketplace(edition))


@post("/{tenant:str}/desk/{edition:str}", status_code=200)
async def open_registration(
    request: Asked, desk: NamedDependency[Desk], tenant: FromPath[str], edition: FromPath[str]
) -> Response[str]:
    """Open registration."""
    visit = await desk.enter(request, tenant)
    await visit.sent()
    home = marketplace(edition)
    try:
        done = await visit.do("open-registration", home, OpenRegistration())
    except Refusal as refusal:
        if isinstance(refusal, NotThere):
            raise
        return await _edition_page(visit, home, await visit.alarmed(refusal, home))
    return visit.go(f"{visit.home}/{home}", done)


async def _edition_page(visit: Visit, home: MarketplaceId, how: Shown = FIRST) -> Response[str]:
    results = await visit.desk.queries.results(visit.tenant, home)
    here = await everyone(visit, home, "on_the_floor") if results.marketplace.state == "registering" else []
    forms = await in_hand(visit, home, results.marketplace.time_zone)
    step = _next(visit, results, here, forms)
    return visit.show("edition.html", how, edition=results.marketplace, results=results, step=step, forms=forms)


def _next(visit: Visit, results: ResultsView, here: list[ParticipationView], forms: InHand) -> NextStep:
    """The one thing to do now."""
    edition, ledger = results.marketplace, results.ledger
    desk = f"{visit.home}/{edition.id}"
    sides = {each.side for each in here}
    match edition.state:
        case "planned":
            return NextStep("open", None, visit.may(OpenRegistration) is not None)
        case "registering" if sides != set(Side):
            return NextStep("enter", f"{desk}/organisations", visit.may(RegisterOrganisation) is not None)
        case "registering":
            return NextStep("gong", f"{desk}/gong", visit.may(OpenTrading) is not None, len(here))
        case "trading" | "over" if ledger.at_notary and visit.may(Certify):
            return NextStep("notary", f"{desk}/notary", True, ledger.at_notary)
        case "trading" if forms.returned and visit.may(CorrectForm):
            return NextStep("returned", f"{visit.home}/contracts/{forms.returned[0].id}", True, len(forms.returned))
        case "trading":
            return NextStep("form", f"{desk}/form", visit.may(DraftFromForm) is not None)
        case "over" if ledger.at_notary:
            return NextStep("notary", f"{desk}/notary", False, ledger.at_notary)
        case "over" if not (edition.rehearsal or results.statements):
            return NextStep("announce", f"{desk}/announce", visit.may(AnnounceResults) is not None)
        case "over" | "follow_up" if ledger.contracts:
            return NextStep("call", f"{desk}/calls", visit.may(RecordCall) is not None)
        case _:
            return NextStep("done", f"/{visit.tenant}/marketplaces/{edition.id}", True)


async def everyone(visit: Visit, home: MarketplaceId, state: str | None = None) -> list[ParticipationView]:
    """Who takes part in the edition, all pages of it."""
    found: list[ParticipationView] = []
    cursor: str | None = None
    while True:
        page = await visit.desk.queries.participations(visit.tenant, home, state=state, cursor=cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found
