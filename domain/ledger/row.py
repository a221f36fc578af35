"""A row of the ledger, before names are joined."""

from enum import StrEnum

from domain.contract.form import Manner, ReturnReason, Signature
from domain.contract.fulfilment import CallOutcome, Progress
from domain.contract.reasons import ReminderKind
from domain.frozen import dataclass
from domain.identity import (
    ContractId,
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    ParticipationId,
    PersonId,
)
from domain.instant import Instant
from domain.marketplace.plan import Area, Counted
from domain.money import Value
from domain.negotiation.terms import Pledge
from domain.organisation.events import Side


class LedgerState(StrEnum):
    """Where a contract stands, in the ledger's words. What is `repudiated` may count again; `abandoned` never did."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    AT_NOTARY = "at_notary"
    RETURNED = "returned"
    ABANDONED = "abandoned"
    CERTIFIED = "certified"
    RUNNING = "running"
    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    NOT_FULFILLED = "not_fulfilled"
    DISPUTED = "disputed"
    REPUDIATED = "repudiated"
    VOID = "void"
    ANNULLED = "annulled"

    __hash__ = str.__hash__  # an enumeration's own is a call in Python, and rows' states are looked up at every record


COUNTS = frozenset(
    {
        LedgerState.CERTIFIED,
        LedgerState.RUNNING,
        LedgerState.FULFILLED,
        LedgerState.PARTLY_FULFILLED,
        LedgerState.NOT_FULFILLED,
        LedgerState.DISPUTED,
    }
)
"""Only certified contracts count; what became of one afterwards doesn't change that it was agreed."""

STRUCK = frozenset({LedgerState.REPUDIATED, LedgerState.VOID, LedgerState.ANNULLED})
"""What was certified and no longer counts: its number stays, and results say why the count fell."""

NUMBERED = COUNTS | STRUCK
"""What bears a number of the register."""


class Source(StrEnum):
    """Where a form came from: a recorded negotiation, straight from the table, or typed in from paper."""

    NEGOTIATION = "negotiation"
    FORM = "form"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerParty:
    """A party: whether it has signed the terms that stand, and consents to be named in public.

    `person` signed in this `manner`, seen by `witness`; `repudiated` says that the signature has no mandate.
    """

    participation: ParticipationId
    organisation: OrganisationId
    side: Side
    signed: bool
    publicity: bool
    person: PersonId | None = None
    manner: Manner | None = None
    witness: PersonId | None = None
    repudiated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerValue:
    """The equivalent value (Gegenwert): the estimates that count, in cents. `unvalued` counted pledges have none."""

    minor: int
    currency: str
    counted: Counted
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A follow-up call with a party, or a reminder sent to it."""

    party: ParticipationId
    at: Instant
    outcome: CallOutcome | None = None
    reminder: ReminderKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTerms:
    """An amendment that lies on the table: who proposed it, its pledges, and which parties have signed it, and how."""

    by: ParticipationId
    terms_hash: str
    pledges: tuple[Pledge, ...]
    signed: tuple[ParticipationId, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One contract. `position` is the record the row stands at, `lineage` all records that made it, in order.

    `pledges` are what was signed; `values` the value that stands for each, the valuer's word or the form's;
    `progress` what became of each, empty before the seal. `labels` are those of areas renamed before it was drafted.
    `ended_reason` says why a contract was revoked, annulled or given up; `amendment` is the one that lies on the table.
    """

    id: ContractId
    marketplace: MarketplaceId
    number: int | None
    form_number: str | None
    state: LedgerState
    source: Source
    negotiation: NegotiationId | None
    parties: tuple[LedgerParty, ...]
    pledges: tuple[Pledge, ...]
    values: tuple[Value | None, ...]
    value: LedgerValue
    one_sided: bool
    terms_hash: str
    first_contact_by: ParticipationId | None
    first_contact_days: int | None
    broker: PersonId | None
    notary: PersonId | None
    returns: int
    drafted_at: Instant
    certified_at: Instant | None
    rehearsal: bool
    position: int
    lineage: tuple[int, ...]
    labels: tuple[Area, ...] = ()
    occurred_at: Instant | None = None
    submitted_at: Instant | None = None
    submitted: int | None = None
    return_reasons: tuple[ReturnReason, ...] = ()
    checked: tuple[str, ...] = ()
    progress: tuple[Progress, ...] = ()
    disputed: bool = False
    amendment: ProposedTerms | None = None
    amendments: int = 0
    corrections: int = 0
    first_contact_made: bool = False
    calls: tuple[Call, ...] = ()
    ended_reason: str | None = None
    ended_at: Instant | None = None

    @property
    def counts(self) -> bool:
        """Whether the board counts this contract."""
        return self.state in COUNTS
