"""What the parties of a negotiation, and those who help them, can ask for."""

from domain.frozen import dataclass
from domain.identity import MarketplaceId, ParticipationId, PersonId
from domain.negotiation.events import RejectionReason
from domain.negotiation.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNegotiation:
    """Sit down with others and propose terms to them."""

    marketplace: MarketplaceId
    by: ParticipationId
    to: tuple[ParticipationId, ...]
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterTerms:
    """Answer a proposal with terms of one's own."""

    by: ParticipationId
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTerms:
    """Agree to what lies on the table."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectTerms:
    """Say no and leave the table."""

    by: ParticipationId
    reason: RejectionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFromNegotiation:
    """Take one's own proposal back and leave the table."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBroker:
    """Ask for a broker (Makler) to come to the table."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAsBroker:
    """Come to the table as its broker."""

    broker: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseNegotiation:
    """The gong has rung: what isn't agreed lapses."""


Command = (
    OpenNegotiation
    | CounterTerms
    | AcceptTerms
    | RejectTerms
    | WithdrawFromNegotiation
    | CallBroker
    | JoinAsBroker
    | LapseNegotiation
)
