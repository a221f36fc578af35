"""An edition from its planning to its last gong."""

from dataclasses import replace
from datetime import date

import pytest

from domain.identity import AreaId
from domain.instant import Instant
from domain.marketplace import refusals
from domain.marketplace.commands import (
    CancelMarketplace,
    CloseForgotten,
    CloseTrading,
    Command,
    ExtendTrading,
    OpenRegistration,
    OpenTrading,
    PlanMarketplace,
    Reschedule,
    SetAreas,
    SetPolicy,
    SetRates,
)
from domain.marketplace.decisions import decide, must_not_be_over
from domain.marketplace.events import (
    AreasSet,
    Closing,
    ClosingGongRung,
    MarketplaceCancelled,
    MarketplacePlanned,
    MarketplaceRescheduled,
    PolicySet,
    RatesSet,
    RegistrationOpened,
    TradingClosed,
    TradingExtended,
    TradingOpened,
)
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.marketplace.state import Marketplace, replay
from domain.refusal import LogDamaged, NotThere, Refusal
from domain.words import NotPlainText, TooManyWords, WordsMissing
from tests.domain.people import called_off, end, gong, goods, over, plan, planned, refused, registering, trading

later = Instant("2006-09-18T18:00:00.000000Z")


def test_an_edition_is_planned_once() -> None:
    """The host plans Ruhrdax; planning it again is refused."""
    assert decide(None, PlanMarketplace(plan=plan)) == (MarketplacePlanned(plan=plan),)
    refused(refusals.AlreadyPlanned, lambda: decide(planned, PlanMarketplace(plan=plan)))


def test_what_isnt_planned_isnt_there() -> None:
    """Nobody opens an edition that nobody has planned."""
    refused(NotThere, lambda: decide(None, OpenRegistration()))


def test_its_date_may_be_unknown() -> None:
    """Kassel's date of 2006 is told by no source: an edition is planned without one."""
    assert decide(None, PlanMarketplace(plan=replace(plan, date=None, venue=None)))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(plan, title=" "), WordsMissing),
        (replace(plan, title="R" * 201), TooManyWords),
        (replace(plan, venue="U\u0308bersee"), NotPlainText),
        (replace(plan, areas=()), refusals.NoAreas),
        (replace(plan, areas=plan.areas * 2), refusals.NoAreas),
        (replace(plan, areas=tuple(Area(id=AreaId(f"a{n}"), label="x") for n in range(41))), refusals.TooManyAreas),
        (replace(plan, trading_minutes=0), refusals.TradingTimeOutOfRange),
        (replace(plan, grace_minutes=-1), refusals.TradingTimeOutOfRange),
        (replace(plan, first_contact_days=0), refusals.PlanOutOfTime),
        (replace(plan, season=0), refusals.PlanOutOfTime),
        (replace(plan, hourly_rate_minor=-1), refusals.RateOutOfRange),
    ],
)
def test_a_plan_that_no_day_can_hold_is_refused(wrong: Plan, why: type[Refusal]) -> None:
    """No name, no areas, no minutes, a negative rate: each is said in its own words."""
    refused(why, lambda: decide(None, PlanMarketplace(plan=wrong)))


def test_plans_change_before_the_gong_and_not_after() -> None:
    """Two days before, the hall changes; under the clock nothing that was laid down does."""
    areas = (Area(id=goods, label="Things"), Area(id=AreaId("know-how"), label="Wissen"))
    changes: list[tuple[Command, object]] = [
        (
            Reschedule(date=date(2006, 9, 20), venue=None),
            MarketplaceRescheduled(date=date(2006, 9, 20), venue=None),
        ),
        (SetAreas(areas=areas), AreasSet(areas=areas)),
        (
            SetPolicy(reciprocity=Reciprocity.OFF, counted=Counted.BOTH, visibility=Visibility.NEVER),
            PolicySet(reciprocity=Reciprocity.OFF, counted=Counted.BOTH, visibility=Visibility.NEVER),
        ),
        (SetRates(hourly_rate_minor=1_800), RatesSet(hourly_rate_minor=1_800)),
        (CancelMarketplace(), MarketplaceCancelled()),
    ]
    for command, fact in changes:
        assert decide(planned, command) == decide(registering, command) == (fact,)
        for state in (trading, over, called_off):
            with pytest.raises(refusals.NotInPreparation):
                decide(state, command)


def test_rates_and_places_are_held_to_the_plan_s_rules() -> None:
    """A negative rate or an unnamed venue is no better when it comes later."""
    refused(refusals.RateOutOfRange, lambda: decide(planned, SetRates(hourly_rate_minor=-5)))
    refused(WordsMissing, lambda: decide(planned, Reschedule(date=None, venue="")))
    refused(refusals.NoAreas, lambda: decide(planned, SetAreas(areas=())))


def test_registration_opens_once() -> None:
    """Organisations find it open until the gong ends it all."""
    assert decide(planned, OpenRegistration()) == (RegistrationOpened(),)
    refused(refusals.RegistrationAlreadyOpen, lambda: decide(registering, OpenRegistration()))


def test_the_gong_rings_once_and_starts_the_clock() -> None:
    """Ninety minutes after the gong is the announced end."""
    for state in (planned, registering):
        assert decide(state, OpenTrading(at=gong)) == (TradingOpened(announced_end=end),)
    refused(refusals.TradingAlreadyOpen, lambda: decide(trading, OpenTrading(at=gong)))
    for done in (over, called_off):
        with pytest.raises(refusals.MarketplaceOver):
            decide(done, OpenTrading(at=gong))


def test_trading_is_extended_never_cut_short() -> None:
    """Half an hour more is announced; an earlier end is the gong's work."""
    assert decide(trading, ExtendTrading(announced_end=later)) == (TradingExtended(announced_end=later),)
    refused(refusals.EndNotLater, lambda: decide(trading, ExtendTrading(announced_end=end)))
    wrong_day = ExtendTrading(announced_end=Instant("2006-09-19T16:00:01.000000Z"))
    refused(refusals.TradingTimeOutOfRange, lambda: decide(trading, wrong_day))
    refused(refusals.TradingNotOpen, lambda: decide(over, ExtendTrading(announced_end=later)))


def test_the_closing_gong_ends_trading() -> None:
    """It rings only over an open floor."""
    early = Instant("2006-09-18T17:15:00.000000Z")
    rung = ClosingGongRung(rung_at=early)
    assert decide(trading, CloseTrading(at=early)) == (rung, TradingClosed(closing=Closing.GONG))
    refused(refusals.TradingNotOpen, lambda: decide(registering, CloseTrading(at=early)))


def test_a_forgotten_gong_closes_trading_after_its_grace() -> None:
    """Not a microsecond before a quarter of an hour past the end, and just then."""
    early, due = Instant("2006-09-18T17:44:59.999999Z"), Instant("2006-09-18T17:45:00.000000Z")
    refused(refusals.GraceNotOver, lambda: decide(trading, CloseForgotten(at=early)))
    assert decide(trading, CloseForgotten(at=due)) == (TradingClosed(closing=Closing.GRACE_OVER),)
    refused(refusals.TradingNotOpen, lambda: decide(over, CloseForgotten(at=due)))


def test_an_extension_moves_the_grace_too() -> None:
    """The timekeeper waits for the announced end, not for the first one."""
    extended = replace(trading, announced_end=later)
    last = replace(trading, announced_end=Instant("9999-12-31T23:59:59.999999Z"))
    refused(refusals.GraceNotOver, lambda: decide(last, CloseForgotten(at=later)))
    refused(refusals.GraceNotOver, lambda: decide(extended, CloseForgotten(at=Instant("2006-09-18T18:14:00.000000Z"))))


def test_who_comes_too_early_or_too_late_is_told_which() -> None:
    """Before registration: ask the host. Afterwards: it is over."""
    assert must_not_be_over(registering) is registering
    assert must_not_be_over(trading) is trading
    refused(refusals.RegistrationNotOpen, lambda: must_not_be_over(planned))
    refused(refusals.MarketplaceOver, lambda: must_not_be_over(over))


def test_an_edition_s_story_folds_to_where_it_stands() -> None:
    """Planned, moved, opened, extended, closed."""
    story = (
        MarketplacePlanned(plan=plan),
        MarketplaceRescheduled(date=None, venue="Hall 2"),
        RegistrationOpened(),
        RatesSet(hourly_rate_minor=1_800),
        TradingOpened(announced_end=end),
        TradingExtended(announced_end=later),
        TradingClosed(closing=Closing.GONG),
    )
    told: Marketplace | None = replay(story)
    assert told is not None
    assert told.plan == replace(plan, date=None, venue="Hall 2", hourly_rate_minor=1_800)
    with pytest.raises(LogDamaged):
        replay((*story, TradingOpened(announced_end=end)))
