"""What a host asks of its edition."""

from dataclasses import dataclass
from datetime import date

from domain.instant import Instant
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMarketplace:
    """Plan an edition."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule:
    """Move the edition to another day (None: not known yet) or place."""

    date: date | None
    venue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAreas:
    """Say in which areas help is traded."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicy:
    """Say how strict reciprocity is, whose value counts, and who sees the lists."""

    reciprocity: Reciprocity
    counted: Counted
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRates:
    """Say what an hour is valued at, in cents."""

    hourly_rate_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRegistration:
    """Let organisations register for the edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTrading:
    """Ring the opening gong, at `at`; trading ends `trading_minutes` later."""

    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendTrading:
    """Announce a later end."""

    announced_end: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTrading:
    """Ring the closing gong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseForgotten:
    """Close at `at` what nobody closed: the announced end and its grace are over."""

    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMarketplace:
    """Call the edition off."""


Command = (
    PlanMarketplace
    | Reschedule
    | SetAreas
    | SetPolicy
    | SetRates
    | OpenRegistration
    | OpenTrading
    | ExtendTrading
    | CloseTrading
    | CloseForgotten
    | CancelMarketplace
)
