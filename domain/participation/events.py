"""What has happened to a participation. Stored for decades: a changed meaning is a new version, never an edit."""

from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import MarketplaceId, OrganisationId, PersonId, WorkshopId
from domain.organisation.events import Side


class DeclineReason(StrEnum):
    """Why a host doesn't admit an organisation."""

    FULL = "full"
    NOT_LOCAL = "not_local"
    NOT_FITTING = "not_fitting"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRequested:
    """An organisation asked to take part."""

    marketplace: MarketplaceId
    organisation: OrganisationId
    side: Side
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationAdmitted:
    """The host said yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationDeclined:
    """The host said no."""

    reason: DeclineReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """The organisation is on the floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationCancelled:
    """The organisation took its participation back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedAgain:
    """The organisation asked once more, after it had been declined or had cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DidNotCome:
    """The organisation was admitted, and wasn't there when trading was on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeIssued:
    """A badge with this code was made, for `person` or (None) for whoever comes."""

    code: str
    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopAttended:
    """The organisation came to a workshop of the edition."""

    workshop: WorkshopId


Fact = (
    ParticipationRequested
    | ParticipationAdmitted
    | ParticipationDeclined
    | CheckedIn
    | ParticipationCancelled
    | RequestedAgain
    | DidNotCome
    | BadgeIssued
    | WorkshopAttended
)
