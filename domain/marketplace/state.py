"""Where an edition stands.

(nothing) --planned--> InPreparation --registration_opened--> Registering
                             |                                     |
                             +-----------trading_opened------------+--> Trading --trading_closed--> TradingOver
                             |                                     |     |    ^                       |      |
                             +---------------cancelled-------------+     extended      follow_up_started   archived
                                                 v                                                    v      v
                                             CalledOff                              InFollowUp --archived--> Archived

Until it is archived or called off, its rate table and co-hosts may be set; until trading is over, its areas may change;
before the gong, everything else that a host lays down.
"""

from collections.abc import Iterable

from domain.frozen import dataclass, replace
from domain.identity import AreaId
from domain.instant import Instant, minutes_after
from domain.marketplace.events import (
    ClosingGongRung,
    Fact,
    FollowUpStarted,
    MarketplaceArchived,
    MarketplaceCancelled,
    MarketplacePlanned,
    PartnersCarriedOver,
    RegistrationOpened,
    TradingClosed,
    TradingExtended,
    TradingOpened,
)
from domain.marketplace.laying_down import AreaSetting, EarlySetting, Laid, LateSetting, after
from domain.marketplace.plan import Plan
from domain.marketplace.rules import AS_PLANNED, Rules
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """What every edition has: the plan as it reads now, and the rules beside it."""

    plan: Plan
    rules: Rules = AS_PLANNED

    def label_of(self, area: AreaId) -> str:
        """The label of an area as people read it now, retired or not; of an unknown one, its id."""
        known = (*self.plan.areas, *self.rules.retired)
        return next((one.label for one in known if one.id == area), area)

    def first_label_of(self, area: AreaId) -> str:
        """The label that an area had before it was ever renamed."""
        return next((one.label for one in self.rules.renamed if one.id == area), self.label_of(area))

    def was_renamed(self, area: AreaId) -> bool:
        """Whether people once read another label."""
        return any(one.id == area for one in self.rules.renamed)

    def hourly_rate_of(self, area: AreaId) -> int:
        """What an hour in this area is valued at now, in cents."""
        rates = self.rules.area_rates
        return next((one.hourly_rate_minor for one in rates if one.area == area), self.plan.hourly_rate_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class InPreparation(_Edition):
    """Planned; nobody can register yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering(_Edition):
    """Organisations register and publish what they offer and need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading(_Edition):
    """Between the gongs. `opened_at` is the opening gong, `rung_at` the closing one, which ends trading at once."""

    opened_at: Instant
    announced_end: Instant
    rung_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Traded(_Edition):
    """Trading took place from `opened_at` on, and by `latest_end` at the latest.

    That is the closing gong, or the announced end and its grace if it wasn't rung by then. Where no record says when it
    rang (they do since December 2026), it is the latter.
    """

    opened_at: Instant
    latest_end: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingOver(_Traded):
    """The closing gong has rung; what was submitted before it is still certified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InFollowUp(_Traded):
    """The host calls everyone and asks what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(_Traded):
    """The file is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff(_Edition):
    """The edition doesn't take place."""


AfterTrading = TradingOver | InFollowUp | Archived
"""The closing gong has rung, whatever came after it."""

Marketplace = InPreparation | Registering | Trading | AfterTrading | CalledOff


def evolve(marketplace: Marketplace | None, fact: Fact) -> Marketplace:
    """The edition after `fact`. Facts have happened: nothing is refused here."""
    match marketplace, fact:
        case None, MarketplacePlanned(plan=plan):
            return InPreparation(plan=plan)
        case InPreparation(), RegistrationOpened():
            return Registering(plan=marketplace.plan, rules=marketplace.rules)
        case ((InPreparation() | Registering()), TradingOpened(announced_end=end)):
            gong = minutes_after(end, -marketplace.plan.trading_minutes)
            return Trading(plan=marketplace.plan, rules=marketplace.rules, opened_at=gong, announced_end=end)
        case ((InPreparation() | Registering()), MarketplaceCancelled()):
            return CalledOff(plan=marketplace.plan, rules=marketplace.rules)
        case Trading(), TradingExtended(announced_end=end):
            return replace(marketplace, announced_end=end)
        case Trading(), ClosingGongRung(rung_at=at):
            return replace(marketplace, rung_at=at)
        case Trading(), TradingClosed():
            return TradingOver(
                plan=marketplace.plan,
                rules=marketplace.rules,
                opened_at=marketplace.opened_at,
                latest_end=_latest_end(marketplace),
            )
        case ((Registering() | Trading()), PartnersCarriedOver()):
            return marketplace
        case TradingOver(), FollowUpStarted():
            return _later(marketplace, InFollowUp)
        case ((TradingOver() | InFollowUp()), MarketplaceArchived()):
            return _later(marketplace, Archived)
        case _:
            return _laid_down(marketplace, fact)


def _latest_end(trading: Trading) -> Instant:
    end = minutes_after(trading.announced_end, trading.plan.grace_minutes)
    return end if trading.rung_at is None else min(end, trading.rung_at)


def _laid_down(marketplace: Marketplace | None, fact: Fact) -> Marketplace:
    """The edition after a fact that changes what was laid down, as long as it can be changed."""
    match marketplace:
        case InPreparation() | Registering() if isinstance(fact, EarlySetting | AreaSetting | LateSetting):
            laid = after(Laid(marketplace.plan, marketplace.rules), fact)
        case Trading() if isinstance(fact, AreaSetting | LateSetting):
            laid = after(Laid(marketplace.plan, marketplace.rules), fact)
        case TradingOver() | InFollowUp() if isinstance(fact, LateSetting):
            laid = after(Laid(marketplace.plan, marketplace.rules), fact)
        case _:
            raise LogDamaged(marketplace, fact)
    return replace(marketplace, plan=laid.plan, rules=laid.rules)


def _later(traded: TradingOver | InFollowUp, to: type[InFollowUp | Archived]) -> Marketplace:
    return to(plan=traded.plan, rules=traded.rules, opened_at=traded.opened_at, latest_end=traded.latest_end)


def replay(facts: Iterable[Fact]) -> Marketplace | None:
    """The edition that `facts` tell, from its planning on."""
    marketplace: Marketplace | None = None
    for fact in facts:
        marketplace = evolve(marketplace, fact)
    return marketplace
