"""A row of the ledger, before names are joined."""

from dataclasses import dataclass
from enum import StrEnum

from domain.identity import ContractId, MarketplaceId, NegotiationId, OrganisationId, ParticipationId, PersonId
from domain.instant import Instant
from domain.marketplace.plan import Counted
from domain.negotiation.terms import Pledge
from domain.organisation.events import Side


class LedgerState(StrEnum):
    """Where a contract stands, in the ledger's words."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    AT_NOTARY = "at_notary"
    RETURNED = "returned"
    CERTIFIED = "certified"
    RUNNING = "running"
    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    NOT_FULFILLED = "not_fulfilled"
    DISPUTED = "disputed"
    VOID = "void"
    ANNULLED = "annulled"


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


class Source(StrEnum):
    """Where a form came from."""

    NEGOTIATION = "negotiation"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerParty:
    """A party: whether it has signed the terms that stand, and consents to be named in public."""

    participation: ParticipationId
    organisation: OrganisationId
    side: Side
    signed: bool
    publicity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerValue:
    """The equivalent value (Gegenwert): the estimates that count, in cents. `unvalued` counted pledges have none."""

    minor: int
    currency: str
    counted: Counted
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One contract. `position` is the record the row stands at, `lineage` all records that made it, in order."""

    id: ContractId
    marketplace: MarketplaceId
    number: int | None
    form_number: str | None
    state: LedgerState
    source: Source
    negotiation: NegotiationId | None
    parties: tuple[LedgerParty, ...]
    pledges: tuple[Pledge, ...]
    value: LedgerValue
    one_sided: bool
    terms_hash: str
    broker: PersonId | None
    notary: PersonId | None
    returns: int
    drafted_at: Instant
    certified_at: Instant | None
    rehearsal: bool
    position: int
    lineage: tuple[int, ...]

    @property
    def counts(self) -> bool:
        """Whether the board counts this contract."""
        return self.state in COUNTS
