"""What follows from a host's request: facts, or a refusal. Pure; the same question gives the same answer."""

from datetime import MAXYEAR, timedelta
from typing import assert_never

from domain.identity import AreaId
from domain.instant import Instant, instant, moment
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
from domain.marketplace.events import (
    AreasSet,
    Closing,
    Fact,
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
from domain.marketplace.plan import MAX_AREAS, MAX_CONTACT_DAYS, Area, Plan
from domain.marketplace.refusals import (
    AlreadyPlanned,
    EndNotLater,
    GraceNotOver,
    MarketplaceOver,
    NoAreas,
    NotInPreparation,
    PlanOutOfTime,
    RateOutOfRange,
    RegistrationAlreadyOpen,
    RegistrationNotOpen,
    TooManyAreas,
    TradingAlreadyOpen,
    TradingNotOpen,
    TradingTimeOutOfRange,
)
from domain.marketplace.state import CalledOff, InPreparation, Marketplace, Registering, Trading, TradingOver
from domain.money import MAX_MINOR
from domain.refusal import NotThere
from domain.words import MAX_LABEL, MAX_TITLE, must_be_words, must_be_words_if_any

MINUTES_A_DAY = 24 * 60


def decide(marketplace: Marketplace | None, command: Command) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    if isinstance(command, PlanMarketplace):
        must_be_new(marketplace)
        must_be_a_plan(command.plan)
        return (MarketplacePlanned(plan=command.plan),)
    if marketplace is None:
        raise NotThere
    match command:
        case OpenTrading(at=at):
            plan = must_be_before_the_gong(marketplace).plan
            end = instant(moment(at) + timedelta(minutes=plan.trading_minutes))
            return (TradingOpened(announced_end=end),)
        case ExtendTrading(announced_end=end):
            must_be_later(end, than=must_be_trading(marketplace).announced_end)
            return (TradingExtended(announced_end=end),)
        case CloseTrading():
            must_be_trading(marketplace)
            return (TradingClosed(closing=Closing.GONG),)
        case CloseForgotten(at=at):
            grace_must_be_over(at, must_be_trading(marketplace))
            return (TradingClosed(closing=Closing.GRACE_OVER),)
        case _:
            return _prepare(marketplace, command)


def _prepare(
    marketplace: Marketplace,
    command: Reschedule | SetAreas | SetPolicy | SetRates | OpenRegistration | CancelMarketplace,
) -> tuple[Fact, ...]:
    must_be_in_preparation(marketplace)
    match command:
        case Reschedule(date=date, venue=venue):
            must_be_words_if_any(venue, MAX_TITLE)
            return (MarketplaceRescheduled(date=date, venue=venue),)
        case SetAreas(areas=areas):
            must_name_areas(areas)
            return (AreasSet(areas=areas),)
        case SetPolicy(reciprocity=reciprocity, counted=counted, visibility=visibility):
            return (PolicySet(reciprocity=reciprocity, counted=counted, visibility=visibility),)
        case SetRates(hourly_rate_minor=rate):
            must_be_a_rate(rate)
            return (RatesSet(hourly_rate_minor=rate),)
        case OpenRegistration():
            must_not_be_registering(marketplace)
            return (RegistrationOpened(),)
        case CancelMarketplace():
            return (MarketplaceCancelled(),)
        case _:
            assert_never(command)


def must_be_new(marketplace: Marketplace | None) -> None:
    """An edition is planned once."""
    if marketplace is not None:
        raise AlreadyPlanned


def must_be_a_plan(plan: Plan) -> None:
    """An edition has a name, areas, and lengths of time that a day and a year can hold."""
    for text, limit in ((plan.title, MAX_TITLE), (plan.noun, MAX_TITLE), (plan.time_zone, MAX_LABEL)):
        must_be_words(text, limit)
    must_be_words_if_any(plan.venue, MAX_TITLE)
    must_name_areas(plan.areas)
    must_be_a_rate(plan.hourly_rate_minor)
    if not (1 <= plan.trading_minutes <= MINUTES_A_DAY and 0 <= plan.grace_minutes <= MINUTES_A_DAY):
        raise TradingTimeOutOfRange
    if not (1 <= plan.first_contact_days <= MAX_CONTACT_DAYS and 1 <= plan.season <= MAXYEAR):
        raise PlanOutOfTime


def must_be_a_rate(hourly_rate_minor: int) -> None:
    """An hour is worth something or nothing, within reason; never less than nothing."""
    if not 0 <= hourly_rate_minor <= MAX_MINOR:
        raise RateOutOfRange


def must_be_in_preparation(marketplace: Marketplace) -> None:
    """The rules of an edition are laid down before its gong."""
    if not isinstance(marketplace, InPreparation | Registering):
        raise NotInPreparation


def must_be_before_the_gong(marketplace: Marketplace) -> InPreparation | Registering:
    """The opening gong rings once."""
    match marketplace:
        case Trading():
            raise TradingAlreadyOpen
        case TradingOver() | CalledOff():
            raise MarketplaceOver
        case InPreparation() | Registering():
            return marketplace


def must_be_trading(marketplace: Marketplace | None) -> Trading:
    """Nothing is traded outside the two gongs; who asks is answered with the trading edition."""
    if not isinstance(marketplace, Trading):
        raise TradingNotOpen
    return marketplace


def must_not_be_over(marketplace: Marketplace | None) -> Registering | Trading:
    """Who wants to take part finds registration or trading open."""
    if not isinstance(marketplace, Registering | Trading):
        raise MarketplaceOver if isinstance(marketplace, TradingOver | CalledOff) else RegistrationNotOpen
    return marketplace


def must_not_be_registering(marketplace: Marketplace) -> None:
    """Registration opens once."""
    if isinstance(marketplace, Registering):
        raise RegistrationAlreadyOpen


def must_be_later(end: Instant, than: Instant) -> None:
    """Trading is extended, never cut short."""
    if end <= than:
        raise EndNotLater


def grace_must_be_over(at: Instant, trading: Trading) -> None:
    """A forgotten gong closes trading by itself, but only when nobody can be about to ring it."""
    if moment(at) < moment(trading.announced_end) + timedelta(minutes=trading.plan.grace_minutes):
        raise GraceNotOver


def must_name_areas(areas: tuple[Area, ...]) -> None:
    """Areas are told apart by their ids, and people read their labels."""
    ids: set[AreaId] = {area.id for area in areas}
    if not ids or len(ids) < len(areas):
        raise NoAreas
    if len(areas) > MAX_AREAS:
        raise TooManyAreas
    for area in areas:
        must_be_words(area.id, MAX_LABEL)
        must_be_words(area.label, MAX_TITLE)
