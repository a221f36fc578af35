"""What has happened to an edition. Stored for decades: a changed meaning is a new version, never an edit."""

from datetime import date
from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import AreaId, MarketplaceId, WorkshopId
from domain.instant import Instant
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.marketplace.rules import AreaRate, ChecklistItem, CoHost
from domain.organisation.events import Side


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
class ClosingGongRung:
    """The closing gong rang at `rung_at`, and ended trading: what is filled on paper later is too late."""

    rung_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceCancelled:
    """The edition was called off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSeriesRecorded:
    """The blank forms `prefix``first` to `prefix``last` were printed."""

    prefix: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistSet:
    """From here on the notary looks at these things."""

    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTableSet:
    """From here on an hour is valued so: in the areas of `rates`, and elsewhere. Older contracts keep theirs."""

    hourly_rate_minor: int
    rates: tuple[AreaRate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaAdded:
    """From here on help is traded in this area, too."""

    area: AreaId
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRenamed:
    """From here on people read this label; what was signed keeps the one it was signed with."""

    area: AreaId
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRetired:
    """From here on nothing new stands in this area."""

    area: AreaId


@dataclass(frozen=True, slots=True, kw_only=True)
class CoHostsSet:
    """From here on these help to host the edition."""

    co_hosts: tuple[CoHost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopPlanned:
    """A workshop will be held, for one side or (None) for both."""

    workshop: WorkshopId
    side: Side | None
    date: date
    venue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpStarted:
    """The host began to call everyone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceArchived:
    """The edition's file was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersCarriedOver:
    """So many `organisations` of the `earlier` edition asked to take part here, by their host's word."""

    earlier: MarketplaceId
    organisations: int


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
    | PaperSeriesRecorded
    | ChecklistSet
    | RateTableSet
    | AreaAdded
    | AreaRenamed
    | AreaRetired
    | CoHostsSet
    | WorkshopPlanned
    | FollowUpStarted
    | MarketplaceArchived
    | PartnersCarriedOver
    | ClosingGongRung
)
