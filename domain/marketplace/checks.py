"""What the things must be that a host lays down, whenever it does."""

from datetime import MAXYEAR

from domain.identity import AreaId
from domain.marketplace.paper import LARGEST_NUMBER, MAX_NUMBERS, MAX_SERIES, PaperSeries
from domain.marketplace.plan import MAX_AREAS, MAX_CONTACT_DAYS, Area, Plan
from domain.marketplace.refusals import (
    AreaKnown,
    CoHostUnclear,
    LastArea,
    NoAreas,
    NoSuchArea,
    PlanOutOfTime,
    RateOutOfRange,
    SeriesOutOfRange,
    SeriesOverlaps,
    TooManyAreas,
    TooManyChecks,
    TooManyCoHosts,
    TooManySeries,
    TooManyWorkshops,
    TradingTimeOutOfRange,
    TwiceOnTheChecklist,
    TwoRatesForAnArea,
    WorkshopKnown,
)
from domain.marketplace.rules import (
    MAX_CHECKS,
    MAX_CO_HOSTS,
    MAX_WORKSHOPS,
    AreaRate,
    ChecklistItem,
    CoHost,
    Rules,
    Workshop,
)
from domain.money import MAX_MINOR
from domain.words import MAX_LABEL, MAX_TITLE, must_be_words, must_be_words_if_any

MINUTES_A_DAY = 24 * 60


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


def must_be_an_area_of(plan: Plan, area: AreaId) -> None:
    """What is renamed, retired or valued is an area of this edition."""
    if all(area != known.id for known in plan.areas):
        raise NoSuchArea


def must_be_a_new_area(area: Area, plan: Plan, rules: Rules) -> None:
    """An id names one area for good; a retired one isn't used again."""
    if any(area.id == known.id for known in (*plan.areas, *rules.retired)):
        raise AreaKnown
    must_name_areas((*plan.areas, area))


def must_not_be_the_last_area(plan: Plan) -> None:
    """Help is traded in at least one area."""
    if len(plan.areas) == 1:
        raise LastArea


def must_be_a_rate_table(hourly_rate_minor: int, rates: tuple[AreaRate, ...], plan: Plan) -> None:
    """One rate for all areas, and one each for some of them."""
    must_be_a_rate(hourly_rate_minor)
    if len({rate.area for rate in rates}) < len(rates):
        raise TwoRatesForAnArea
    for rate in rates:
        must_be_an_area_of(plan, rate.area)
        must_be_a_rate(rate.hourly_rate_minor)


def must_be_a_new_series(series: PaperSeries, recorded: tuple[PaperSeries, ...]) -> None:
    """Each blank form has one number, and each number one blank form."""
    if series.prefix:
        must_be_words(series.prefix, MAX_LABEL - len(str(LARGEST_NUMBER)))
    if series.prefix.strip()[-1:].isdigit() or not 1 <= series.first <= series.last <= LARGEST_NUMBER:
        raise SeriesOutOfRange
    if series.last - series.first >= MAX_NUMBERS:
        raise SeriesOutOfRange
    if any(series.overlaps(other) for other in recorded):
        raise SeriesOverlaps
    if len(recorded) == MAX_SERIES:
        raise TooManySeries


def must_be_a_checklist(items: tuple[ChecklistItem, ...]) -> None:
    """Points are told apart by their ids, and people read their labels."""
    if len(items) > MAX_CHECKS:
        raise TooManyChecks
    if len({item.id for item in items}) < len(items):
        raise TwiceOnTheChecklist
    for item in items:
        must_be_words(item.id, MAX_LABEL)
        must_be_words(item.label, MAX_TITLE)


def must_be_co_hosts(co_hosts: tuple[CoHost, ...]) -> None:
    """Everyone who is named does something, and is named once."""
    if len(co_hosts) > MAX_CO_HOSTS:
        raise TooManyCoHosts
    if len({co_host.name for co_host in co_hosts}) < len(co_hosts):
        raise CoHostUnclear
    for co_host in co_hosts:
        must_be_words(co_host.name, MAX_TITLE)
        if not co_host.roles or len(set(co_host.roles)) < len(co_host.roles):
            raise CoHostUnclear


def must_be_a_new_workshop(workshop: Workshop, planned: tuple[Workshop, ...]) -> None:
    """A workshop is planned once, under an id of its own."""
    must_be_words(workshop.id, MAX_LABEL)
    must_be_words_if_any(workshop.venue, MAX_TITLE)
    if any(workshop.id == known.id for known in planned):
        raise WorkshopKnown
    if len(planned) == MAX_WORKSHOPS:
        raise TooManyWorkshops
