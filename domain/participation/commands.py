"""What is asked about taking part."""

from dataclasses import dataclass

from domain.identity import MarketplaceId, OrganisationId
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


Command = RequestParticipation | Admit | Decline | CheckIn | CancelParticipation
