"""What a host laid down, after one more fact: the plan as it reads now, and the rules beside it."""

from domain.frozen import dataclass, replace
from domain.marketplace.events import (
    AreaAdded,
    AreaRenamed,
    AreaRetired,
    AreasSet,
    ChecklistSet,
    CoHostsSet,
    MarketplaceRescheduled,
    PaperSeriesRecorded,
    PolicySet,
    RatesSet,
    RateTableSet,
    WorkshopPlanned,
)
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Area, Plan
from domain.marketplace.rules import Rules, Workshop

EarlySetting = (
    MarketplaceRescheduled | AreasSet | PolicySet | RatesSet | PaperSeriesRecorded | ChecklistSet | WorkshopPlanned
)
"""Laid down before the gong."""

AreaSetting = AreaAdded | AreaRenamed | AreaRetired
"""Mended on the day, too: until trading is over."""

LateSetting = RateTableSet | CoHostsSet
"""Known later, too: until the edition is archived or called off."""

Setting = EarlySetting | AreaSetting | LateSetting


@dataclass(frozen=True, slots=True)
class Laid:
    """Plan and rules, which change together."""

    plan: Plan
    rules: Rules


def after(laid: Laid, fact: Setting) -> Laid:
    """Plan and rules after `fact`."""
    plan, rules = laid.plan, laid.rules
    match fact:
        case MarketplaceRescheduled(date=date, venue=venue):
            plan = replace(plan, date=date, venue=venue)
        case PolicySet(reciprocity=reciprocity, counted=counted, visibility=visibility):
            plan = replace(plan, reciprocity=reciprocity, counted=counted, visibility=visibility)
        case RatesSet(hourly_rate_minor=rate):
            plan = replace(plan, hourly_rate_minor=rate)
            rules = replace(rules, rates_version=rules.rates_version + 1)
        case RateTableSet(hourly_rate_minor=rate, rates=rates):
            plan = replace(plan, hourly_rate_minor=rate)
            rules = replace(rules, area_rates=rates, rates_version=rules.rates_version + 1)
        case AreasSet() | AreaAdded() | AreaRenamed() | AreaRetired():
            return _with_areas(laid, fact)
        case PaperSeriesRecorded(prefix=prefix, first=first, last=last):
            series = PaperSeries(prefix=prefix, first=first, last=last)
            rules = replace(rules, paper_series=(*rules.paper_series, series))
        case ChecklistSet(items=items):
            rules = replace(rules, checklist=items)
        case CoHostsSet(co_hosts=co_hosts):
            rules = replace(rules, co_hosts=co_hosts)
        case WorkshopPlanned(workshop=id_, side=side, date=date, venue=venue):
            workshop = Workshop(id=id_, side=side, date=date, venue=venue)
            rules = replace(rules, workshops=(*rules.workshops, workshop))
    return Laid(plan, rules)


def _with_areas(laid: Laid, fact: AreasSet | AreaSetting) -> Laid:
    """A renamed area keeps its place; a retired one keeps its label, apart from those in use."""
    areas, retired, renamed = laid.plan.areas, laid.rules.retired, laid.rules.renamed
    match fact:
        case AreasSet(areas=set_anew):
            areas = set_anew
        case AreaAdded(area=id_, label=label):
            areas = (*areas, Area(id=id_, label=label))
        case AreaRenamed(area=id_, label=label):
            known = {area.id for area in renamed}
            renamed = (*renamed, *(area for area in areas if area.id == id_ and id_ not in known))
            areas = tuple(Area(id=id_, label=label) if area.id == id_ else area for area in areas)
        case AreaRetired(area=id_):
            retired = (*retired, *(area for area in areas if area.id == id_))
            areas = tuple(area for area in areas if area.id != id_)
    return Laid(replace(laid.plan, areas=areas), replace(laid.rules, retired=retired, renamed=renamed))
