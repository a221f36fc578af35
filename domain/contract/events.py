"""What has happened to a form. Stored for decades: a changed meaning is a new version, never an edit.

A pledge is named by its place in the terms, from 0 on.
"""

from datetime import date

from domain.contract.form import Form, ReturnReason, Signature
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.contract.reasons import AnnulmentReason, CorrectionReason, DisputeReason, ReminderKind, RevocationReason
from domain.frozen import dataclass
from domain.identity import ParticipationId, PersonId
from domain.instant import Instant
from domain.marketplace.plan import Area
from domain.money import Value
from domain.negotiation.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDrafted:
    """A form was written."""

    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedFromPaper:
    """The form was filled by hand at `occurred_at` and typed in later, by the actor of this record.

    `in_series` says that its number belongs to a series of blank forms recorded before the opening gong, so that it
    counts as handed in in time.
    """

    occurred_at: Instant
    in_series: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasLabelled:
    """On this form areas that were renamed since the edition was planned go by these labels."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCorrected:
    """Other terms stand on the form; signatures under the former ones no longer hold."""

    terms: Terms
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    """One party signed."""

    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRepudiated:
    """A party says that whoever signed for it had no mandate."""

    party: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureApproved:
    """A party approves the signature that it had repudiated."""

    party: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedToNotary:
    """The signed form lies in the notary's queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedForCorrection:
    """The notary gave the form back."""

    reasons: tuple[ReturnReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChecked:
    """The notary went through the host's checklist: these of its items were found in order."""

    notary: PersonId
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCertified:
    """The notary confirmed the terms with `terms_hash` under `number`, the next of the edition's register."""

    notary: PersonId
    number: int
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationRevoked:
    """The notary mended a mistake: the contract is void and doesn't count, its number stays and isn't given again."""

    notary: PersonId
    reason: RevocationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAnnulled:
    """The contract no longer holds; a form that wasn't certified yet is given up."""

    reason: AnnulmentReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueEstimated:
    """A valuer estimated a pledge that nobody had valued."""

    pledge: int
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCorrected:
    """A valuer set a pledge's value right. What stood on the form stays readable."""

    pledge: int
    value: Value
    reason: CorrectionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentProposed:
    """A party proposes other terms for a certified contract."""

    by: ParticipationId
    terms: Terms
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentSigned:
    """One party signed the proposed amendment."""

    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentWithdrawn:
    """The proposed amendment is off the table."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAmended:
    """Every party has signed: from here on these terms hold."""

    terms: Terms
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A party was asked by the host, or is to be asked, whether it happened."""

    party: ParticipationId
    kind: ReminderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContactMade:
    """The parties have been in contact since the marketplace, `on` this day (None: nobody knows which)."""

    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpCalled:
    """The host called a party; what it said of the pledges stands in records of their own."""

    party: ParticipationId
    outcome: CallOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeRunning:
    """The parties are at it: the pledge is being delivered."""

    pledge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecorded:
    """`quantity` more of the pledge was delivered, `on` this day (None: nobody knows which)."""

    pledge: int
    quantity: int
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NonFulfilmentRecorded:
    """The pledge, or what is left of it, won't be delivered."""

    pledge: int
    reason: NonFulfilmentReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentConfirmed:
    """Giver or receiver confirms what is recorded of a pledge."""

    pledge: int
    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDisputed:
    """A party doesn't agree with how the contract is kept; `pledge` is None where it is about all of it."""

    by: ParticipationId
    pledge: int | None
    reason: DisputeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSettled:
    """The parties have settled their dispute."""


Fact = (
    ContractDrafted
    | CapturedFromPaper
    | AreasLabelled
    | FormCorrected
    | ContractSigned
    | SignatureRepudiated
    | SignatureApproved
    | SubmittedToNotary
    | ReturnedForCorrection
    | FormChecked
    | ContractCertified
    | CertificationRevoked
    | ContractAnnulled
    | ValueEstimated
    | ValueCorrected
    | AmendmentProposed
    | AmendmentSigned
    | AmendmentWithdrawn
    | ContractAmended
    | Reminded
    | FirstContactMade
    | FollowUpCalled
    | PledgeRunning
    | DeliveryRecorded
    | NonFulfilmentRecorded
    | FulfilmentConfirmed
    | ContractDisputed
    | DisputeSettled
)
