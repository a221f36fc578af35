"""An edition beside its model: whatever its host may ask is decided, and nothing else is."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import AreaId, WorkshopId
from domain.instant import Instant
from domain.marketplace import commands as ask
from domain.marketplace import refusals
from domain.marketplace.decisions import decide
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Area, Counted, Reciprocity, Visibility
from domain.marketplace.rules import AreaRate, ChecklistItem, CoHost, CoHostRole, Workshop
from domain.marketplace.state import AfterTrading, Marketplace, Trading, evolve
from domain.organisation.events import Side
from tests.domain.people import end, gong, goods, know_how, plan
from tests.laws.models.driving import Bench, Course, Diced, all_in, roam, wander
from tests.laws.models.marketplace import MarketplaceModel, time_of

time, words = AreaId("time"), ("Zeit", "Hilfe", "", "x" * 201, "a\x00b")
AREAS = (*plan.areas, Area(id=time, label="Zeit"))
forty = tuple(Area(id=AreaId(f"area {number}"), label="x") for number in range(40))


def series(prefix: str, first: int, last: int) -> ask.RecordPaperSeries:
    return ask.RecordPaperSeries(series=PaperSeries(prefix=prefix, first=first, last=last))


def workshop(name: str, venue: str | None = None) -> ask.PlanWorkshop:
    return ask.PlanWorkshop(
        workshop=Workshop(id=WorkshopId(name), side=Side.COMPANY, date=date(2006, 8, 1), venue=venue)
    )


def rate(area: AreaId, minor: int) -> AreaRate:
    return AreaRate(area=area, hourly_rate_minor=minor)


def helps(name: str, *roles: CoHostRole) -> CoHost:
    return CoHost(name=name, roles=roles)


def items(*names: str, label: str = "read it") -> tuple[ChecklistItem, ...]:
    return tuple(ChecklistItem(id=name, label=label) for name in names)


REPERTOIRE: dict[type, Sequence[Any]] = {
    ask.PlanMarketplace: [
        ask.PlanMarketplace(plan=each)
        for each in (
            plan,
            replace(plan, areas=AREAS, rehearsal=True, grace_minutes=0),
            replace(plan, areas=forty),
            replace(plan, areas=(*forty, AREAS[0])),
            replace(plan, areas=()),
            replace(plan, trading_minutes=0),
            replace(plan, grace_minutes=1_441),
            replace(plan, season=0),
            replace(plan, first_contact_days=367),
            replace(plan, hourly_rate_minor=-1),
            replace(plan, noun=""),
            replace(plan, venue=""),
        )
    ],
    ask.Reschedule: [ask.Reschedule(date=day, venue=venue) for day in (None, date(2006, 9, 20)) for venue in words],
    ask.SetAreas: [
        ask.SetAreas(areas=areas)
        for areas in (AREAS, AREAS[:2], AREAS[1:], AREAS[::-1], (), (AREAS[0], AREAS[0]), (*forty, AREAS[0]))
    ],
    ask.SetPolicy: [
        ask.SetPolicy(reciprocity=policy, counted=Counted.BOTH, visibility=Visibility.NEVER) for policy in Reciprocity
    ],
    ask.SetRates: [ask.SetRates(hourly_rate_minor=minor) for minor in (0, 2_000, -1, 10**12)],
    ask.OpenRegistration: [ask.OpenRegistration()],
    ask.OpenTrading: [ask.OpenTrading(at=gong)],
    ask.ExtendTrading: [
        ask.ExtendTrading(announced_end=Instant(f"{later}.000000Z"))
        for later in ("2006-09-18T17:40:00", "2006-09-18T18:00:00", "2006-09-19T16:00:00", "2006-09-19T16:00:01")
    ]
    + [ask.ExtendTrading(announced_end=end), ask.ExtendTrading(announced_end=Instant("9999-12-31T23:59:59.999999Z"))],
    ask.CloseTrading: [
        ask.CloseTrading(at=Instant(f"2006-09-18T{rung}.000000Z")) for rung in ("16:00:00", "17:44:59", "18:30:00")
    ],
    ask.CloseForgotten: [
        ask.CloseForgotten(at=Instant(f"{now}.000000Z"))
        for now in ("2006-09-18T17:44:59", "2006-09-18T17:45:00", "2006-09-18T18:15:00", "2006-09-20T00:00:00")
    ],
    ask.CancelMarketplace: [ask.CancelMarketplace()],
    ask.RecordPaperSeries: [
        series(*told)
        for told in (
            ("A ", 1, 20),
            ("a", 20, 30),
            ("a", 21, 30),
            ("", 1, 5_000),
            ("", 1, 5_001),
            ("B 7", 1, 2),
            ("C", 2, 1),
            ("C", 0, 1),
            ("C", 999_999_999, 1_000_000_000),
            (" ", 1, 2),
            ("x" * 56, 1, 2),
        )
    ],
    ask.SetChecklist: [
        ask.SetChecklist(items=told)
        for told in (
            (),
            items("a", "b"),
            items("a", "a"),
            items(""),
            items("a", label=""),
            items(*(f"{n}" for n in range(21))),
        )
    ],
    ask.SetRateTable: [
        ask.SetRateTable(hourly_rate_minor=minor, rates=rates)
        for minor in (1_500, 0, -1)
        for rates in (
            (),
            (rate(goods, 900),),
            (rate(goods, 900), rate(time, 1_800)),
            (rate(goods, 1), rate(goods, 2)),
            (rate(know_how, -1),),
        )
    ],
    ask.AddArea: [
        ask.AddArea(area=Area(id=AreaId(name), label=label))
        for name in ("goods", "time", "rooms", "")
        for label in words
    ],
    ask.RenameArea: [ask.RenameArea(area=area, label=label) for area in (goods, know_how, time) for label in words],
    ask.RetireArea: [ask.RetireArea(area=area) for area in (goods, know_how, time)],
    ask.SetCoHosts: [
        ask.SetCoHosts(co_hosts=told)
        for told in (
            (),
            (helps("Stadt Essen", CoHostRole.VENUE, CoHostRole.PRESS),),
            (helps("Stadt Essen"),),
            (helps("Stadt Essen", CoHostRole.PRESS, CoHostRole.PRESS),),
            (helps("IHK", CoHostRole.OTHER), helps("IHK", CoHostRole.PRESS)),
            (helps("", CoHostRole.OTHER),),
            tuple(helps(f"Host {number}", CoHostRole.OTHER) for number in range(21)),
        )
    ],
    ask.PlanWorkshop: [workshop(name, venue) for name in ("October", "November", "") for venue in (None, "Hall", "")],
    ask.StartFollowUp: [ask.StartFollowUp()],
    ask.ArchiveMarketplace: [ask.ArchiveMarketplace()],
}

STAGES = {"InPreparation": "preparation", "TradingOver": "over", "InFollowUp": "follow_up", "CalledOff": "called_off"}


def see(edition: Marketplace | None) -> Any:
    """The edition's state in the model's words."""
    if edition is None:
        return None
    said, rules = edition.plan, edition.rules
    names = ("title", "season", "date", "venue", "noun", "reciprocity", "counted", "visibility", "rehearsal")
    seen: dict[str, Any] = {name: getattr(said, name) for name in names} | {
        "stage": STAGES.get(type(edition).__name__, type(edition).__name__.lower()),
        "rate": said.hourly_rate_minor,
        "tables": rules.rates_version,
        "areas": [(area.id, area.label) for area in said.areas],
        "retired": {area.id: area.label for area in rules.retired},
        "first_labels": {area.id: area.label for area in rules.renamed},
        "rates": {rate.area: rate.hourly_rate_minor for rate in rules.area_rates},
        "series": [("".join(one.prefix.split()).casefold(), one.first, one.last) for one in rules.paper_series],
        "checklist": [(item.id, item.label) for item in rules.checklist],
        "co_hosts": [(one.name, one.roles) for one in rules.co_hosts],
        "workshops": [(one.id, one.side, one.date, one.venue) for one in rules.workshops],
    }
    if isinstance(edition, Trading):
        seen |= {"opened": time_of(edition.opened_at), "end": time_of(edition.announced_end)}
    elif isinstance(edition, AfterTrading):
        seen |= {"opened": time_of(edition.opened_at), "end": time_of(edition.latest_end)}
    return seen


opened = (ask.PlanMarketplace(plan=plan), ask.OpenRegistration(), ask.OpenTrading(at=gong))
closed = (*opened, ask.CloseTrading(at=end))

BENCH = Bench(
    openings=((), (), opened[:1], opened, closed, (*closed, ask.ArchiveMarketplace())),
    model=MarketplaceModel,
    repertoire=REPERTOIRE,
    judge=lambda edition, asked, _: decide(edition, asked),
    evolve=evolve,
    see=see,
    rare=frozenset({ask.CancelMarketplace, ask.ArchiveMarketplace, ask.CloseTrading, ask.CloseForgotten}),
)


@given(data=st.data())
def test_no_illegal_request_of_a_host_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Planned, laid down, opened, extended, closed, followed up, filed: model and decisions go side by side."""
    wander(BENCH, data, 50)


def test_the_courses_reach_every_state_of_an_edition() -> None:
    """Every state and every command is reached, and every reason to refuse a host is given at least once."""
    full = Course(BENCH, Diced(random.Random(0)))
    full.ask(ask.PlanMarketplace(plan=plan))
    for number in range(21):
        full.ask(series("A", number * 10 + 1, number * 10 + 10))
        full.ask(workshop(f"workshop {number}"))
    of_guests = {refusals.RegistrationNotOpen}
    wanted = {*get_args(Marketplace), *get_args(ask.Command), *all_in(refusals)}
    assert not roam(BENCH, 60, 70, wanted - of_guests - set(full.met))
