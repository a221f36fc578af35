"""The form (METHOD.md, The form) and the signatures on it."""

from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import MarketplaceId, NegotiationId, ParticipationId, PersonId
from domain.marketplace.plan import Counted
from domain.negotiation.terms import Party, Terms


class Manner(StrEnum):
    """How a party signed."""

    ON_PAPER = "on_paper"
    BADGE_AND_PIN = "badge_and_pin"


class ReturnReason(StrEnum):
    """Why a notary returns a form."""

    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    UNBALANCED = "unbalanced"
    MONEY = "money"
    CONTACT_MISSING = "contact_missing"
    DATE_MISSING = "date_missing"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is signed: parties and terms, and `terms_hash` by which every signature names them.

    `negotiation` is None for a form drafted straight at the table, without a recorded negotiation.
    `counted` is the host's word, at drafting, on whose pledges make the value that is announced.
    """

    marketplace: MarketplaceId
    negotiation: NegotiationId | None
    form_number: str | None
    parties: tuple[Party, ...]
    terms: Terms
    terms_hash: str
    counted: Counted
    broker: PersonId | None
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One party's signature under the terms with `terms_hash`.

    `person` signed for the party (None: the paper doesn't say), `witness` saw it on paper. `publicity` is the
    party's consent to be named in public.
    """

    party: ParticipationId
    person: PersonId | None
    manner: Manner
    witness: PersonId | None
    terms_hash: str
    publicity: bool
