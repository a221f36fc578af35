"""What a host lays down for an edition beside its plan: forms, checklist, rates by area, co-hosts, workshops.

The plan is stored as a whole and never changes its members; whatever came later has its own facts and stands here.
"""

from datetime import date
from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import AreaId, WorkshopId
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Area
from domain.organisation.events import Side

MAX_CHECKS = 20
MAX_CO_HOSTS = 20
MAX_WORKSHOPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """Something the notary looks at before certifying: its lasting short name and what people read."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRate:
    """What an hour in one area is valued at, in cents."""

    area: AreaId
    hourly_rate_minor: int


class CoHostRole(StrEnum):
    """What a co-host (Mitveranstalter) does for the edition."""

    VENUE = "venue"
    RECRUITS_COMPANIES = "recruits_companies"
    RECRUITS_NONPROFITS = "recruits_nonprofits"
    PRESS = "press"
    FOLLOW_UP = "follow_up"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoHost:
    """An organisation that helps to host this one edition."""

    name: str
    roles: tuple[CoHostRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A workshop ahead of the edition, for one side or (None) for both."""

    id: WorkshopId
    side: Side | None
    date: date
    venue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds beside the plan. `retired` areas stand in no new listing or terms; old ones keep them.

    `renamed` are the areas that were renamed, by their first labels: forms keep the label that was signed.
    `rates_version` counts the rate tables: the plan's own rate is the first.
    """

    paper_series: tuple[PaperSeries, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    retired: tuple[Area, ...] = ()
    renamed: tuple[Area, ...] = ()
    area_rates: tuple[AreaRate, ...] = ()
    rates_version: int = 1
    co_hosts: tuple[CoHost, ...] = ()
    workshops: tuple[Workshop, ...] = ()

    def holds_form_number(self, form_number: str) -> bool:
        """Whether this blank form was recorded before the gong."""
        return any(series.holds(form_number) for series in self.paper_series)


AS_PLANNED = Rules()
"""Nothing was laid down beside the plan."""
