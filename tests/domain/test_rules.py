"""What a host lays down beside its plan, on the day and afterwards."""

from dataclasses import replace
from datetime import date

import pytest

from domain.identity import AreaId, WorkshopId
from domain.instant import Instant
from domain.marketplace import refusals as why
from domain.marketplace.commands import (
    AddArea,
    ArchiveMarketplace,
    CloseTrading,
    Command,
    PlanWorkshop,
    RecordPaperSeries,
    RenameArea,
    RetireArea,
    SetAreas,
    SetChecklist,
    SetCoHosts,
    SetRateTable,
    StartFollowUp,
)
from domain.marketplace.decisions import decide, must_not_be_over
from domain.marketplace.events import (
    AreaRenamed,
    AreaRetired,
    Closing,
    PaperSeriesRecorded,
    RatesSet,
    TradingClosed,
    TradingExtended,
    TradingOpened,
)
from domain.marketplace.paper import PaperSeries, plain_number
from domain.marketplace.plan import Area
from domain.marketplace.rules import AreaRate, ChecklistItem, CoHost, CoHostRole, Workshop
from domain.marketplace.state import Archived, InFollowUp, InPreparation, Marketplace, TradingOver, evolve
from domain.refusal import LogDamaged, Refusal
from domain.words import TooManyWords, WordsMissing
from tests.domain.people import (
    called_off,
    end,
    gong,
    goods,
    know_how,
    over,
    plan,
    planned,
    refused,
    registering,
    trading,
)

blank = PaperSeries(prefix="A", first=1, last=250)
seal = ChecklistItem(id="signed", label="Alle haben unterschrieben")
press = CoHost(name="Zeitung am Ort", roles=(CoHostRole.PRESS, CoHostRole.OTHER))
evening = Workshop(id=WorkshopId("companies"), side=None, date=date(2006, 8, 18), venue="Rathaus")
called = InFollowUp(plan=plan, opened_at=gong, latest_end=over.latest_end)
filed = Archived(plan=plan, opened_at=gong, latest_end=over.latest_end)


def after(state: Marketplace, command: Command) -> Marketplace:
    """The edition after a command that is granted."""
    (fact,) = decide(state, command)
    return evolve(state, fact)


def test_the_gong_is_remembered_when_trading_is_over() -> None:
    """Given records that don't say when the gong rang, when asked, then the grace is the latest end, as ever."""
    state: Marketplace = evolve(registering, TradingOpened(announced_end=end))
    assert state == trading
    state = evolve(state, TradingExtended(announced_end=Instant("2006-09-18T18:00:00.000000Z")))
    closed = evolve(state, TradingClosed(closing=Closing.GONG))
    assert closed == TradingOver(plan=plan, opened_at=gong, latest_end=Instant("2006-09-18T18:15:00.000000Z"))


@pytest.mark.parametrize(("rung", "latest"), [("17:15", "17:15"), ("17:45", "17:45"), ("18:00", "17:45")])
def test_trading_ended_with_the_closing_gong_or_with_its_grace(rung: str, latest: str) -> None:
    """Given a gong rung at a time, when trading is over, then by then at the latest, and never after the grace."""
    state: Marketplace = trading
    for fact in decide(trading, CloseTrading(at=Instant(f"2006-09-18T{rung}:00.000000Z"))):
        state = evolve(state, fact)
    last = Instant(f"2006-09-18T{latest}:00.000000Z")
    assert state == TradingOver(plan=plan, opened_at=gong, latest_end=last)


def test_an_end_at_the_calendar_s_last_day_can_be_told() -> None:
    """Given an end that no grace can follow, when trading closes, then the latest end is that end."""
    last = Instant("9999-12-31T23:59:59.000000Z")
    closed = evolve(replace(trading, announced_end=last), TradingClosed(closing=Closing.GONG))
    assert isinstance(closed, TradingOver)
    assert closed.latest_end == last


@pytest.mark.parametrize("spelt", ["A17", "a 17", "A0017", " A  017 ", "A\u00a017", "A250", "A1"])
def test_a_form_s_number_is_known_however_it_is_spelt(spelt: str) -> None:
    """Given forms A1 to A250, when a clerk types a number in its own way, then it is one of them."""
    assert after(registering, RecordPaperSeries(series=blank)).rules.holds_form_number(spelt)


@pytest.mark.parametrize("other", ["A251", "A0", "17", "B17", "A", "", "A17b", "AA17", "A١٧", "A" + "9" * 5_000])
def test_another_number_is_not(other: str) -> None:
    """Given forms A1 to A250, when another number is typed in, then it is none of them."""
    assert not after(registering, RecordPaperSeries(series=blank)).rules.holds_form_number(other)


def test_two_spellings_of_a_number_are_one() -> None:
    """Given one form typed in twice, when the numbers are compared, then they are one."""
    assert {plain_number(spelt) for spelt in ("A 17", "a0017", "A17")} == {"a17"}
    assert plain_number("000") == "0"
    assert plain_number("Form X") == "formx"


def test_forms_without_a_prefix_make_a_series() -> None:
    """Given forms 1 to 99, when 0042 is typed in, then it is one of them."""
    assert PaperSeries(prefix="", first=1, last=99).holds("0042")


@pytest.mark.parametrize(
    ("series", "refusal"),
    [
        (replace(blank, last=5_001), why.SeriesOutOfRange),
        (replace(blank, first=0), why.SeriesOutOfRange),
        (replace(blank, first=9, last=8), why.SeriesOutOfRange),
        (replace(blank, prefix="A1"), why.SeriesOutOfRange),
        (replace(blank, last=10**30, first=10**30), why.SeriesOutOfRange),
        (replace(blank, prefix=" "), WordsMissing),
        (replace(blank, prefix="A" * 60), TooManyWords),
        (PaperSeries(prefix=" a", first=250, last=251), why.SeriesOverlaps),
    ],
)
def test_a_series_that_can_t_be_told_from_others_is_refused(series: PaperSeries, refusal: type[Refusal]) -> None:
    """Given a recorded series, when one is recorded that overlaps it or holds too much, then it is refused."""
    recorded = after(registering, RecordPaperSeries(series=blank))
    refused(refusal, lambda: decide(recorded, RecordPaperSeries(series=series)))


def test_the_largest_series_and_the_twentieth_are_recorded() -> None:
    """Given twenty series of five thousand, when a twenty-first comes, then it is one too many."""
    state: Marketplace = registering
    for letter in "ABCDEFGHIJKLMNOPQRST":
        state = after(state, RecordPaperSeries(series=PaperSeries(prefix=letter, first=1, last=5_000)))
    refused(
        why.TooManySeries, lambda: decide(state, RecordPaperSeries(series=PaperSeries(prefix="U", first=1, last=1)))
    )


@pytest.mark.parametrize(
    "command", [RecordPaperSeries(series=blank), SetChecklist(items=(seal,)), PlanWorkshop(workshop=evening)]
)
def test_forms_checklist_and_workshops_are_laid_down_before_the_gong(command: Command) -> None:
    """Given the gong has rung, when something is laid down that had to be known before, then it is refused."""
    assert decide(planned, command)
    assert decide(registering, command)
    for state in (trading, over, called, filed, called_off):
        refused(why.NotInPreparation, lambda state=state: decide(state, command))  # type: ignore[misc]
        with pytest.raises(LogDamaged):
            evolve(state, PaperSeriesRecorded(prefix="A", first=1, last=2))


def test_the_checklist_is_the_host_s() -> None:
    """Given a checklist, when it is set anew, then that one holds; when it says one thing twice, it is refused."""
    state = after(registering, SetChecklist(items=(seal,)))
    assert state.rules.checklist == (seal,)
    assert after(state, SetChecklist(items=())).rules.checklist == ()
    refused(why.TwiceOnTheChecklist, lambda: decide(state, SetChecklist(items=(seal, seal))))
    many = tuple(replace(seal, id=f"s{n}") for n in range(21))
    refused(why.TooManyChecks, lambda: decide(state, SetChecklist(items=many)))
    refused(WordsMissing, lambda: decide(state, SetChecklist(items=(replace(seal, label=""),))))


def test_rate_tables_count_up() -> None:
    """Given the plan's rate, when tables are set, then each has the next version, and areas have their own rates."""
    assert registering.rules.rates_version == 1
    assert registering.hourly_rate_of(goods) == 1_500
    second = evolve(registering, RatesSet(hourly_rate_minor=1_800))
    third = after(
        second, SetRateTable(hourly_rate_minor=1_900, rates=(AreaRate(area=know_how, hourly_rate_minor=4_000),))
    )
    assert (second.rules.rates_version, third.rules.rates_version) == (2, 3)
    assert (third.hourly_rate_of(goods), third.hourly_rate_of(know_how)) == (1_900, 4_000)


def test_rates_and_co_hosts_are_known_late() -> None:
    """Given an edition in any state until it is archived, when rates or co-hosts are set, then they hold."""
    table = SetRateTable(hourly_rate_minor=2_000, rates=())
    helpers = SetCoHosts(co_hosts=(press,))
    for state in (planned, registering, trading, over, called):
        told = after(after(state, table), helpers)
        assert type(told) is type(state)
        assert (told.plan.hourly_rate_minor, told.rules.co_hosts) == (2_000, (press,))
    for command in (table, helpers):
        refused(why.FileClosed, lambda command=command: decide(filed, command))  # type: ignore[misc]
        refused(why.MarketplaceOver, lambda command=command: decide(called_off, command))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (SetRateTable(hourly_rate_minor=-1, rates=()), why.RateOutOfRange),
        (SetRateTable(hourly_rate_minor=1, rates=(AreaRate(area=goods, hourly_rate_minor=-1),)), why.RateOutOfRange),
        (
            SetRateTable(hourly_rate_minor=1, rates=(AreaRate(area=goods, hourly_rate_minor=1),) * 2),
            why.TwoRatesForAnArea,
        ),
        (SetRateTable(hourly_rate_minor=1, rates=(AreaRate(area=AreaId("x"), hourly_rate_minor=1),)), why.NoSuchArea),
        (SetCoHosts(co_hosts=(press, press)), why.CoHostUnclear),
        (SetCoHosts(co_hosts=(replace(press, roles=()),)), why.CoHostUnclear),
        (SetCoHosts(co_hosts=(replace(press, roles=press.roles * 2),)), why.CoHostUnclear),
        (SetCoHosts(co_hosts=tuple(replace(press, name=f"n{n}") for n in range(21))), why.TooManyCoHosts),
        (SetCoHosts(co_hosts=(replace(press, name=" "),)), WordsMissing),
        (PlanWorkshop(workshop=replace(evening, id=WorkshopId(""))), WordsMissing),
        (RenameArea(area=goods, label=""), WordsMissing),
        (RenameArea(area=AreaId("x"), label="X"), why.NoSuchArea),
        (RetireArea(area=AreaId("x")), why.NoSuchArea),
        (AddArea(area=Area(id=goods, label="Again")), why.AreaKnown),
    ],
)
def test_what_makes_no_sense_is_refused(command: Command, refusal: type[Refusal]) -> None:
    """Given an edition, when something unclear is laid down, then it is refused in its own words."""
    refused(refusal, lambda: decide(registering, command))


def test_workshops_have_ids_of_their_own() -> None:
    """Given a planned workshop, when another one gets its id or twenty are there, then it is refused."""
    state = after(planned, PlanWorkshop(workshop=evening))
    assert state.rules.workshops == (evening,)
    refused(why.WorkshopKnown, lambda: decide(state, PlanWorkshop(workshop=evening)))
    for n in range(19):
        state = after(state, PlanWorkshop(workshop=replace(evening, id=WorkshopId(f"w{n}"))))
    refused(why.TooManyWorkshops, lambda: decide(state, PlanWorkshop(workshop=replace(evening, id=WorkshopId("w")))))


def test_a_typo_is_mended_on_the_day() -> None:
    """Given trading is on, when an area is renamed, then its label reads so from here on, in its old place."""
    state = after(trading, RenameArea(area=goods, label="Sachen"))
    assert state.label_of(goods) == "Sachen"
    assert [area.id for area in state.plan.areas] == [area.id for area in plan.areas]
    assert trading.label_of(goods) == "Sachmittel"
    assert trading.label_of(AreaId("unheard-of")) == "unheard-of"


def test_a_retired_area_takes_nothing_new_and_keeps_its_label() -> None:
    """Given an area that was retired, when it is asked for, then only its label is left; its id is never used again."""
    state = after(trading, RetireArea(area=goods))
    assert [area.id for area in state.plan.areas] == [know_how]
    assert state.label_of(goods) == "Sachmittel"
    refused(why.AreaKnown, lambda: decide(state, AddArea(area=Area(id=goods, label="Anew"))))
    refused(why.NoSuchArea, lambda: decide(state, RetireArea(area=goods)))
    refused(why.LastArea, lambda: decide(state, RetireArea(area=know_how)))
    early = after(planned, RetireArea(area=goods))
    refused(why.AreaKnown, lambda: decide(early, SetAreas(areas=plan.areas)))


def test_areas_are_added_until_trading_is_over() -> None:
    """Given an edition that isn't over, when an area is added, then it is the last of the list."""
    fresh = Area(id=AreaId("rooms"), label="Räume")
    for state in (planned, registering, trading):
        assert after(state, AddArea(area=fresh)).plan.areas[-1] == fresh
    for done in (over, called, filed, called_off):
        refused(why.MarketplaceOver, lambda done=done: decide(done, AddArea(area=fresh)))  # type: ignore[misc]
        with pytest.raises(LogDamaged):
            evolve(done, AreaRenamed(area=goods, label="x"))


def test_an_area_in_use_is_never_dropped() -> None:
    """Given open registration, when the list of areas leaves one out, then it has to be retired instead."""
    fewer = SetAreas(areas=plan.areas[:1])
    assert decide(planned, fewer)
    refused(why.AreasMissing, lambda: decide(registering, fewer))
    assert evolve(registering, AreaRetired(area=know_how)).plan.areas == plan.areas[:1]


def test_after_the_gong_comes_the_follow_up_and_then_the_file_is_closed() -> None:
    """Given an edition that took place, when it is followed up and archived, then each happens once and in order."""
    assert after(over, StartFollowUp()) == called
    assert after(called, ArchiveMarketplace()) == filed
    assert after(over, ArchiveMarketplace()) == filed
    refused(why.AlreadyFollowingUp, lambda: decide(called, StartFollowUp()))
    for command in (StartFollowUp(), ArchiveMarketplace()):
        refused(why.FileClosed, lambda command=command: decide(filed, command))  # type: ignore[misc]
        refused(why.MarketplaceOver, lambda command=command: decide(called_off, command))  # type: ignore[misc]
        for early in (planned, registering, trading):
            refused(why.NotOverYet, lambda command=command, early=early: decide(early, command))  # type: ignore[misc]


def test_what_is_followed_up_is_over() -> None:
    """Given a follow-up or a closed file, when someone wants to take part, then it is too late."""
    for state in (called, filed):
        refused(why.MarketplaceOver, lambda state=state: must_not_be_over(state))  # type: ignore[misc]


def test_what_was_laid_down_goes_through_all_states() -> None:
    """Given forms recorded in preparation, when the edition opens, closes and is filed, then they are known still."""
    state: Marketplace = InPreparation(plan=plan)
    state = after(state, RecordPaperSeries(series=blank))
    state = evolve(state, TradingOpened(announced_end=end))
    state = evolve(state, TradingClosed(closing=Closing.GONG))
    assert after(after(state, StartFollowUp()), ArchiveMarketplace()).rules.paper_series == (blank,)
