"""What parties, clerks, notaries, valuers and the follow-up desk ask of a form."""

from datetime import date

from domain.contract.form import ReturnReason, Signature
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.contract.reasons import AnnulmentReason, CorrectionReason, DisputeReason, ReminderKind, RevocationReason
from domain.frozen import dataclass
from domain.identity import MarketplaceId, NegotiationId, ParticipationId, PersonId
from domain.instant import Instant
from domain.money import Value
from domain.negotiation.terms import Terms
from domain.personal import Personal


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
class PaperSignature:
    """A signature that stands on paper: for which party, by whom (None: unreadable), and who saw it."""

    party: ParticipationId
    person: PersonId | None
    witness: PersonId
    publicity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePaper:
    """Type in a form that was filled by hand at `occurred_at`; it is `at` now."""

    marketplace: MarketplaceId
    parties: tuple[ParticipationId, ...]
    terms: Terms
    form_number: str
    broker: PersonId | None
    occurred_at: Instant
    signatures: tuple[PaperSignature, ...]
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectForm:
    """Change the terms before the notary certifies; everybody signs again."""

    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Sign the terms for one party."""

    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class RepudiateSignature:
    """Say that whoever signed for `party` had no mandate."""

    party: ParticipationId
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSignature:
    """Let the signature that `party` had repudiated stand."""

    party: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitToNotary:
    """Hand the signed form to the notary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForCorrection:
    """Give the form back, with reasons."""

    reasons: tuple[ReturnReason, ...]
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certify:
    """Confirm the form and give it its number; `checked` are the items of the host's checklist found in order."""

    notary: PersonId
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCertification:
    """Take a certification back that was a mistake."""

    notary: PersonId
    reason: RevocationReason
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annul:
    """Say that a contract no longer holds, or give up a form."""

    reason: AnnulmentReason
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateValue:
    """Estimate a pledge that nobody has valued."""

    pledge: int
    value: Value
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectValue:
    """Set a pledge's value right."""

    pledge: int
    value: Value
    reason: CorrectionReason
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAmendment:
    """Propose other terms for a certified contract."""

    by: ParticipationId
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAmendment:
    """Sign the proposed amendment for one party."""

    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAmendment:
    """Take the proposed amendment off the table."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Ask parties whether it happened."""

    parties: tuple[ParticipationId, ...]
    kind: ReminderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFirstContact:
    """Record that the parties have been in contact."""

    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeTold:
    """What a party says of one pledge: that `delivered` more of it came, that it is `running`, or why it won't come."""

    pledge: int
    running: bool = False
    delivered: int = 0
    on: date | None = None
    reason: NonFulfilmentReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCall:
    """Record a follow-up call with a party, and what it said of the pledges."""

    party: ParticipationId
    outcome: CallOutcome
    told: tuple[PledgeTold, ...]
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivery:
    """Record what is known of a pledge, from whomever."""

    told: PledgeTold


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFulfilment:
    """Confirm, as giver or receiver, what is recorded of a pledge."""

    pledge: int
    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Say that the contract isn't kept as agreed."""

    by: ParticipationId
    pledge: int | None
    reason: DisputeReason
    note: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDispute:
    """Record that the dispute is settled."""

    note: Personal | None = None


Writing = DraftFromNegotiation | DraftFromForm | CapturePaper | CorrectForm
Signing = Sign | RepudiateSignature | ApproveSignature
NotarysDesk = SubmitToNotary | ReturnForCorrection | Certify | RevokeCertification | Annul
Valuing = EstimateValue | CorrectValue
Amending = ProposeAmendment | SignAmendment | WithdrawAmendment
Following = Remind | RecordFirstContact | RecordCall | RecordDelivery | ConfirmFulfilment | Dispute | SettleDispute
Command = Writing | Signing | NotarysDesk | Valuing | Amending | Following
