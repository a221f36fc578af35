"""A contract, as the ledger shows it."""

from datetime import date

from msgspec import UNSET, Struct, UnsetType

from domain.contract.form import Manner, ReturnReason
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason, PledgeStatus
from domain.contract.reasons import ReminderKind
from domain.ledger.row import LedgerState, Source
from domain.marketplace.plan import Counted
from domain.money import Value
from domain.negotiation.terms import PledgeKind
from domain.organisation.events import Side
from services.application.views.moment import MomentView


class PartyView(Struct, kw_only=True, frozen=True):
    """A party. `name` is None where it is `erased`, or not shown to this reader.

    `person` signed in this `manner`, seen by `witness`; persons are None for readers without a key. `repudiated`
    says that the signature has no mandate.
    """

    participation: str
    organisation: str
    name: str | None
    side: Side
    signed: bool
    publicity: bool
    manner: Manner | None = None
    person: str | None = None
    witness: str | None = None
    repudiated: bool = False
    erased: bool = False


class PledgeView(Struct, kw_only=True, frozen=True):
    """A pledge; giver and receiver are participations, named in the row's parties.

    On a form `area_label` is the one that was signed, at a table the one of now. `value` is the form's, `standing`
    the valuer's word or else the same. `money_like` flags a title for the notary. What became of the pledge stands in
    `status` (None before the seal), `delivered` of its quantity, `reason` and `confirmed_by`.
    """

    place: int
    giver: str
    receiver: str
    area: str
    area_label: str
    title: str
    kind: PledgeKind
    quantity: int
    unit: str
    due_from: date | None
    due_until: date | None
    value: Value | None
    listing: str | None
    standing: Value | None = None
    money_like: bool = False
    status: PledgeStatus | None = None
    delivered: int = 0
    reason: NonFulfilmentReason | None = None
    confirmed_by: list[str] = []


class CallView(Struct, kw_only=True, frozen=True):
    """The newest follow-up call with a party, or the newest reminder of a kind."""

    party: str
    at: str
    outcome: CallOutcome | None
    reminder: ReminderKind | None


class AmendmentView(Struct, kw_only=True, frozen=True):
    """An amendment on the table: what would hold, by what hash it is signed, and which parties have."""

    by: str
    terms_hash: str
    pledges: list[PledgeView]
    signed: list[str]


class ValueView(Struct, kw_only=True, frozen=True):
    """The equivalent value that counts, in cents; `unvalued` counted pledges have no estimate."""

    minor: int
    currency: str
    counted: Counted
    unvalued: int


class LedgerRowView(Struct, kw_only=True, frozen=True):
    """A contract in the ledger. `position` is the record it stands at, `lineage` all that made it.

    Broker and notary are None, ids too, and `calls` empty for readers without a key (but in rehearsals).
    `occurred_at` is when a paper form was filled; `ended_reason` why a contract was revoked, annulled or given up;
    `amendment` is the one that lies on the table. `erased` are the ids of broker and notary whose names are erased.
    `moment` is told where one contract was asked for as of one.
    """

    id: str
    marketplace: str
    number: int | None
    form_number: str | None
    state: LedgerState
    source: Source
    negotiation: str | None
    parties: list[PartyView]
    pledges: list[PledgeView]
    value: ValueView
    one_sided: bool
    terms_hash: str
    broker: str | None
    broker_name: str | None = None
    notary: str | None
    notary_name: str | None = None
    returns: int
    drafted_at: str
    certified_at: str | None
    rehearsal: bool
    position: int
    lineage: list[int]
    occurred_at: str | None
    submitted_at: str | None
    return_reasons: list[ReturnReason]
    checked: list[str]
    first_contact_by: str | None
    first_contact_days: int | None
    first_contact_made: bool
    disputed: bool
    amendment: AmendmentView | None
    amendments: int
    corrections: int
    calls: list[CallView]
    ended_reason: str | None
    ended_at: str | None
    erased: list[str] = []
    moment: MomentView | UnsetType = UNSET
