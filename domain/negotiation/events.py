"""What has happened at the table. Stored for decades: a changed meaning is a new version, never an edit."""

from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import MarketplaceId, ParticipationId, PersonId
from domain.negotiation.terms import Party, Terms


class RejectionReason(StrEnum):
    """Why a party said no."""

    NOT_FITTING = "not_fitting"
    NO_CAPACITY = "no_capacity"
    NOT_FAIR = "not_fair"
    FOUND_ANOTHER = "found_another"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationOpened:
    """The parties sat down; the first of them opened."""

    marketplace: MarketplaceId
    parties: tuple[Party, ...]
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsProposed:
    """The first terms lay on the table."""

    by: ParticipationId
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsCountered:
    """Other terms took the place of those on the table."""

    by: ParticipationId
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsAccepted:
    """A party agreed to the terms on the table."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRejected:
    """A party said no and left."""

    by: ParticipationId
    reason: RejectionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerCalled:
    """A party asked for a broker."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerJoined:
    """A broker came to the table."""

    broker: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationWithdrawn:
    """The party whose terms lay on the table took them back."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationLapsed:
    """The closing gong found the parties without agreement."""


Fact = (
    NegotiationOpened
    | TermsProposed
    | TermsCountered
    | TermsAccepted
    | TermsRejected
    | BrokerCalled
    | BrokerJoined
    | NegotiationWithdrawn
    | NegotiationLapsed
)
