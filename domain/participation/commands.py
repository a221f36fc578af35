"""What is asked about taking part."""

from domain.frozen import dataclass
from domain.identity import MarketplaceId, OrganisationId, PersonId, WorkshopId
from domain.participation.events import DeclineReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestParticipation:
    """Ask to take part in an edition."""

    marketplace: MarketplaceId
    organisation: OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """Let the organisation take part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Don't let the organisation take part."""

    reason: DeclineReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The organisation is here: its badge is handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelParticipation:
    """The organisation won't come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNoShow:
    """The organisation didn't come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWorkshop:
    """The organisation came to a workshop."""

    workshop: WorkshopId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBadge:
    """Make a badge, for one of the organisation's representatives or (None) for whoever comes."""

    code: str
    person: PersonId | None


Move = Admit | Decline | CheckIn | CancelParticipation | RecordNoShow | RecordWorkshop
"""What is judged by the participation and its edition."""

Command = RequestParticipation | Move | IssueBadge
