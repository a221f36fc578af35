"""Where an edition stands.

(nothing) --planned--> InPreparation --registration_opened--> Registering
                             |                                     |
                             +-----------trading_opened------------+--> Trading --trading_closed--> TradingOver
                             |                                     |     |    ^
                             +---------------cancelled-------------+     extended
                                                 v
                                             CalledOff
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.instant import Instant
from domain.marketplace.events import (
    AreasSet,
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
from domain.marketplace.plan import Plan
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class InPreparation:
    """Planned; nobody can register yet."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """Organisations register and publish what they offer and need."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading:
    """Between the gongs."""

    plan: Plan
    announced_end: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingOver:
    """The closing gong has rung; what was submitted before it is still certified."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff:
    """The edition doesn't take place."""

    plan: Plan


Marketplace = InPreparation | Registering | Trading | TradingOver | CalledOff


def evolve(marketplace: Marketplace | None, fact: Fact) -> Marketplace:
    """The edition after `fact`. Facts have happened: nothing is refused here."""
    match marketplace, fact:
        case None, MarketplacePlanned(plan=plan):
            return InPreparation(plan=plan)
        case InPreparation(plan=plan), RegistrationOpened():
            return Registering(plan=plan)
        case ((InPreparation(plan=plan) | Registering(plan=plan)), TradingOpened(announced_end=end)):
            return Trading(plan=plan, announced_end=end)
        case Trading(plan=plan), TradingExtended(announced_end=end):
            return Trading(plan=plan, announced_end=end)
        case Trading(plan=plan), TradingClosed():
            return TradingOver(plan=plan)
        case ((InPreparation(plan=plan) | Registering(plan=plan)), MarketplaceCancelled()):
            return CalledOff(plan=plan)
        case ((InPreparation() | Registering()), (MarketplaceRescheduled() | AreasSet() | PolicySet() | RatesSet())):
            return replace(marketplace, plan=_changed(marketplace.plan, fact))
        case _:
            raise LogDamaged(marketplace, fact)


def _changed(plan: Plan, fact: MarketplaceRescheduled | AreasSet | PolicySet | RatesSet) -> Plan:
    match fact:
        case MarketplaceRescheduled(date=date, venue=venue):
            return replace(plan, date=date, venue=venue)
        case AreasSet(areas=areas):
            return replace(plan, areas=areas)
        case PolicySet(reciprocity=reciprocity, counted=counted, visibility=visibility):
            return replace(plan, reciprocity=reciprocity, counted=counted, visibility=visibility)
        case RatesSet(hourly_rate_minor=rate):
            return replace(plan, hourly_rate_minor=rate)


def replay(facts: Iterable[Fact]) -> Marketplace | None:
    """The edition that `facts` tell, from its planning on."""
    marketplace: Marketplace | None = None
    for fact in facts:
        marketplace = evolve(marketplace, fact)
    return marketplace
