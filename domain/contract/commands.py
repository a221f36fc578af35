"""What parties, clerks and notaries ask of a form."""

from dataclasses import dataclass

from domain.contract.form import ReturnReason, Signature
from domain.identity import MarketplaceId, NegotiationId, ParticipationId, PersonId
from domain.negotiation.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFromNegotiation:
    """Write down what a negotiation agreed."""

    negotiation: NegotiationId
    form_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFromForm:
    """Write down what parties agreed without a recorded negotiation."""

    marketplace: MarketplaceId
    parties: tuple[ParticipationId, ...]
    terms: Terms
    form_number: str | None
    broker: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectForm:
    """Change the terms before the notary certifies; everybody signs again."""

    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Sign the terms for one party."""

    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitToNotary:
    """Hand the signed form to the notary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForCorrection:
    """Give the form back, with reasons."""

    reasons: tuple[ReturnReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certify:
    """Confirm the form and give it its number."""

    notary: PersonId


Command = DraftFromNegotiation | DraftFromForm | CorrectForm | Sign | SubmitToNotary | ReturnForCorrection | Certify
