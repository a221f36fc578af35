"""What a host lays down for an edition before the first gong (METHOD.md, Before and The rules)."""

from datetime import date
from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import AreaId


class Reciprocity(StrEnum):
    """How strictly a contract must give on both sides."""

    STRICT = "strict"
    ENCOURAGED = "encouraged"
    OFF = "off"


class Counted(StrEnum):
    """Whose pledges make the equivalent value that is announced."""

    COMPANIES = "companies"
    BOTH = "both"


class Visibility(StrEnum):
    """When the lists of offers and needs can be read by everyone."""

    BEFORE = "before"
    AT_THE_DOOR = "at_the_door"
    NEVER = "never"


MAX_AREAS = 40
MAX_CONTACT_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A trading area (Handelsecke): its lasting id and the label people read."""

    id: AreaId
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An edition as planned. `date` may be unknown; `hourly_rate_minor` is in cents an hour.

    `noun` is what the host calls its contracts in public (Kontrakte, Vereinbarungen …). Trading that nobody
    closes ends by itself `grace_minutes` after the announced end.
    """

    title: str
    season: int
    date: date | None
    venue: str | None
    time_zone: str
    trading_minutes: int
    grace_minutes: int
    noun: str
    areas: tuple[Area, ...]
    reciprocity: Reciprocity
    counted: Counted
    visibility: Visibility
    hourly_rate_minor: int
    first_contact_days: int
    rehearsal: bool
