"""What has happened to an edition. Stored for decades: a changed meaning is a new version, never an edit."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.instant import Instant
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility


class Closing(StrEnum):
    """What ended trading: the gong, or the grace time of a gong that nobody rang."""

    GONG = "gong"
    GRACE_OVER = "grace_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplacePlanned:
    """An edition was planned."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceRescheduled:
    """The edition moved to another day or place."""

    date: date | None
    venue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasSet:
    """From here on help is traded in these areas."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """From here on these rules hold."""

    reciprocity: Reciprocity
    counted: Counted
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesSet:
    """From here on an hour is valued at `hourly_rate_minor` cents; older contracts keep theirs."""

    hourly_rate_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationOpened:
    """Organisations can register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingOpened:
    """The opening gong rang."""

    announced_end: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingExtended:
    """A later end was announced."""

    announced_end: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingClosed:
    """Trading is over."""

    closing: Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceCancelled:
    """The edition was called off."""


Fact = (
    MarketplacePlanned
    | MarketplaceRescheduled
    | AreasSet
    | PolicySet
    | RatesSet
    | RegistrationOpened
    | TradingOpened
    | TradingExtended
    | TradingClosed
    | MarketplaceCancelled
)
