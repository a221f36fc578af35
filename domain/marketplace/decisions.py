"""What follows from a host's request: facts, or a refusal. Pure; the same question gives the same answer."""

from domain.instant import Instant, minutes_after
from domain.marketplace.checks import (
    MINUTES_A_DAY,
    must_be_a_checklist,
    must_be_a_new_area,
    must_be_a_new_series,
    must_be_a_new_workshop,
    must_be_a_plan,
    must_be_a_rate,
    must_be_a_rate_table,
    must_be_an_area_of,
    must_be_co_hosts,
    must_name_areas,
    must_not_be_the_last_area,
)
from domain.marketplace.commands import (
    AddArea,
    ArchiveMarketplace,
    CancelMarketplace,
    CloseForgotten,
    CloseTrading,
    Command,
    ExtendTrading,
    OpenRegistration,
    OpenTrading,
    PlanMarketplace,
    PlanWorkshop,
    RecordPaperSeries,
    RenameArea,
    Reschedule,
    RetireArea,
    SetAreas,
    SetChecklist,
    SetCoHosts,
    SetPolicy,
    SetRates,
    SetRateTable,
    StartFollowUp,
)
from domain.marketplace.events import (
    AreaAdded,
    AreaRenamed,
    AreaRetired,
    AreasSet,
    ChecklistSet,
    Closing,
    ClosingGongRung,
    CoHostsSet,
    Fact,
    FollowUpStarted,
    MarketplaceArchived,
    MarketplaceCancelled,
    MarketplacePlanned,
    MarketplaceRescheduled,
    PaperSeriesRecorded,
    PolicySet,
    RatesSet,
    RateTableSet,
    RegistrationOpened,
    TradingClosed,
    TradingExtended,
    TradingOpened,
    WorkshopPlanned,
)
from domain.marketplace.plan import Area
from domain.marketplace.refusals import (
    AlreadyFollowingUp,
    AlreadyPlanned,
    AreaKnown,
    AreasMissing,
    EndNotLater,
    FileClosed,
    GraceNotOver,
    MarketplaceOver,
    NotInPreparation,
    NotOverYet,
    RegistrationAlreadyOpen,
    RegistrationNotOpen,
    TradingAlreadyOpen,
    TradingNotOpen,
    TradingTimeOutOfRange,
)
from domain.marketplace.state import (
    AfterTrading,
    Archived,
    CalledOff,
    InFollowUp,
    InPreparation,
    Marketplace,
    Registering,
    Trading,
    TradingOver,
)
from domain.refusal import NotThere
from domain.words import MAX_TITLE, must_be_words, must_be_words_if_any


def decide(marketplace: Marketplace | None, command: Command) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    if isinstance(command, PlanMarketplace):
        must_be_new(marketplace)
        must_be_a_plan(command.plan)
        return (MarketplacePlanned(plan=command.plan),)
    if marketplace is None:
        raise NotThere
    match command:
        case OpenTrading() | ExtendTrading() | CloseForgotten():
            return (_ring(marketplace, command),)
        case CloseTrading(at=at):
            must_be_trading(marketplace)
            return (ClosingGongRung(rung_at=at), TradingClosed(closing=Closing.GONG))
        case StartFollowUp():
            must_be_before_the_follow_up(marketplace)
            return (FollowUpStarted(),)
        case ArchiveMarketplace():
            must_be_after_trading(marketplace)
            return (MarketplaceArchived(),)
        case AddArea() | RenameArea() | RetireArea():
            return (_mend_areas(marketplace, command),)
        case SetRateTable(hourly_rate_minor=rate, rates=rates):
            must_be_open_still(marketplace)
            must_be_a_rate_table(rate, rates, marketplace.plan)
            return (RateTableSet(hourly_rate_minor=rate, rates=rates),)
        case SetCoHosts(co_hosts=co_hosts):
            must_be_open_still(marketplace)
            must_be_co_hosts(co_hosts)
            return (CoHostsSet(co_hosts=co_hosts),)
        case _:
            must_be_in_preparation(marketplace)
            return (_prepare(marketplace, command),)


def _ring(marketplace: Marketplace, command: OpenTrading | ExtendTrading | CloseForgotten) -> Fact:
    match command:
        case OpenTrading(at=at):
            plan = must_be_before_the_gong(marketplace).plan
            return TradingOpened(announced_end=minutes_after(at, plan.trading_minutes))
        case ExtendTrading(announced_end=end):
            trading = must_be_trading(marketplace)
            must_be_later(end, than=trading.announced_end)
            must_end_within_a_day(end, trading)
            return TradingExtended(announced_end=end)
        case CloseForgotten(at=at):
            grace_must_be_over(at, must_be_trading(marketplace))
            return TradingClosed(closing=Closing.GRACE_OVER)


def _mend_areas(marketplace: Marketplace, command: AddArea | RenameArea | RetireArea) -> Fact:
    """Hosts mend their areas on the day, too."""
    must_not_be_traded_out(marketplace)
    plan = marketplace.plan
    match command:
        case AddArea(area=area):
            must_be_a_new_area(area, plan, marketplace.rules)
            return AreaAdded(area=area.id, label=area.label)
        case RenameArea(area=area_id, label=label):
            must_be_an_area_of(plan, area_id)
            must_be_words(label, MAX_TITLE)
            return AreaRenamed(area=area_id, label=label)
        case RetireArea(area=area_id):
            must_be_an_area_of(plan, area_id)
            must_not_be_the_last_area(plan)
            return AreaRetired(area=area_id)


def _prepare(
    marketplace: Marketplace,
    command: Reschedule
    | SetAreas
    | SetPolicy
    | SetRates
    | OpenRegistration
    | CancelMarketplace
    | RecordPaperSeries
    | SetChecklist
    | PlanWorkshop,
) -> Fact:
    match command:
        case Reschedule(date=date, venue=venue):
            must_be_words_if_any(venue, MAX_TITLE)
            return MarketplaceRescheduled(date=date, venue=venue)
        case SetAreas(areas=areas):
            must_name_areas(areas)
            must_keep_areas_in_use(areas, marketplace)
            return AreasSet(areas=areas)
        case SetPolicy(reciprocity=reciprocity, counted=counted, visibility=visibility):
            return PolicySet(reciprocity=reciprocity, counted=counted, visibility=visibility)
        case SetRates(hourly_rate_minor=rate):
            must_be_a_rate(rate)
            return RatesSet(hourly_rate_minor=rate)
        case OpenRegistration():
            must_not_be_registering(marketplace)
            return RegistrationOpened()
        case CancelMarketplace():
            return MarketplaceCancelled()
        case RecordPaperSeries(series=series):
            must_be_a_new_series(series, marketplace.rules.paper_series)
            return PaperSeriesRecorded(prefix=series.prefix, first=series.first, last=series.last)
        case SetChecklist(items=items):
            must_be_a_checklist(items)
            return ChecklistSet(items=items)
        case PlanWorkshop(workshop=workshop):
            must_be_a_new_workshop(workshop, marketplace.rules.workshops)
            return WorkshopPlanned(workshop=workshop.id, side=workshop.side, date=workshop.date, venue=workshop.venue)


def must_be_new(marketplace: Marketplace | None) -> None:
    """An edition is planned once."""
    if marketplace is not None:
        raise AlreadyPlanned


def must_be_in_preparation(marketplace: Marketplace) -> None:
    """The rules of an edition are laid down before its gong."""
    if not isinstance(marketplace, InPreparation | Registering):
        raise NotInPreparation


def must_be_before_the_gong(marketplace: Marketplace) -> InPreparation | Registering:
    """The opening gong rings once."""
    match marketplace:
        case Trading():
            raise TradingAlreadyOpen
        case TradingOver() | InFollowUp() | Archived() | CalledOff():
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
        raise MarketplaceOver if isinstance(marketplace, AfterTrading | CalledOff) else RegistrationNotOpen
    return marketplace


def must_not_be_registering(marketplace: Marketplace) -> None:
    """Registration opens once."""
    if isinstance(marketplace, Registering):
        raise RegistrationAlreadyOpen


def must_be_later(end: Instant, than: Instant) -> None:
    """Trading is extended, never cut short."""
    if end <= than:
        raise EndNotLater


def must_end_within_a_day(end: Instant, trading: Trading) -> None:
    """An end is never taken back: one of another day would keep a forgotten gong from closing what it forgot."""
    if end > minutes_after(trading.opened_at, MINUTES_A_DAY):
        raise TradingTimeOutOfRange


def grace_must_be_over(at: Instant, trading: Trading) -> None:
    """A forgotten gong closes trading by itself, but only when nobody can be about to ring it."""
    if at < minutes_after(trading.announced_end, trading.plan.grace_minutes):
        raise GraceNotOver


def must_not_be_traded_out(marketplace: Marketplace) -> None:
    """Areas change as long as something can be put into them."""
    if isinstance(marketplace, AfterTrading | CalledOff):
        raise MarketplaceOver


def must_be_open_still(marketplace: Marketplace) -> None:
    """Whatever can still become known is recorded until the file is closed."""
    if isinstance(marketplace, Archived):
        raise FileClosed
    if isinstance(marketplace, CalledOff):
        raise MarketplaceOver


def must_be_after_trading(marketplace: Marketplace) -> None:
    """Only what has taken place is followed up or filed, and it is filed once."""
    must_be_open_still(marketplace)
    if not isinstance(marketplace, AfterTrading):
        raise NotOverYet


def must_be_before_the_follow_up(marketplace: Marketplace) -> None:
    """The follow-up begins once, after trading."""
    must_be_after_trading(marketplace)
    if isinstance(marketplace, InFollowUp):
        raise AlreadyFollowingUp


def must_keep_areas_in_use(areas: tuple[Area, ...], marketplace: Marketplace) -> None:
    """Once registration is open, an area may be in use: it isn't dropped, and a retired one isn't used again."""
    named = {area.id for area in areas}
    if named & {area.id for area in marketplace.rules.retired}:
        raise AreaKnown
    if isinstance(marketplace, Registering) and not named >= {area.id for area in marketplace.plan.areas}:
        raise AreasMissing
