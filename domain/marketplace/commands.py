"""What a host asks of its edition."""

from datetime import date

from domain.frozen import dataclass
from domain.identity import AreaId
from domain.instant import Instant
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.marketplace.rules import AreaRate, ChecklistItem, CoHost, Workshop


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
    """Ring the closing gong, at `at`."""

    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseForgotten:
    """Close at `at` what nobody closed: the announced end and its grace are over."""

    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMarketplace:
    """Call the edition off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaperSeries:
    """Say which blank forms were printed."""

    series: PaperSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChecklist:
    """Say what the notary looks at; nothing takes the list away."""

    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRateTable:
    """Say what an hour is valued at, in cents: in some areas, and elsewhere."""

    hourly_rate_minor: int
    rates: tuple[AreaRate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddArea:
    """Let help be traded in one more area."""

    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameArea:
    """Give an area another label, from here on."""

    area: AreaId
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireArea:
    """Let nothing new stand in an area."""

    area: AreaId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCoHosts:
    """Say who helps to host the edition, and with what."""

    co_hosts: tuple[CoHost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWorkshop:
    """Plan a workshop ahead of the edition."""

    workshop: Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFollowUp:
    """Begin to call everyone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveMarketplace:
    """Close the edition's file."""


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
    | RecordPaperSeries
    | SetChecklist
    | SetRateTable
    | AddArea
    | RenameArea
    | RetireArea
    | SetCoHosts
    | PlanWorkshop
    | StartFollowUp
    | ArchiveMarketplace
)
