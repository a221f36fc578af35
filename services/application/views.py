"""What readers get: the shapes of lists, ledger rows, trails and results, with names joined at reading.

They are JSON as they stand: the API encodes them, OpenAPI describes them, pages render them. Money is in minor
units (cents), times are RFC 3339 in UTC, `rehearsal` marks a Probe, and None is unknown, never zero.
"""

from datetime import date
from typing import Any, Generic, TypeVar

from msgspec import Struct

from domain.contract.form import Manner, ReturnReason
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason, PledgeStatus
from domain.contract.reasons import ReminderKind
from domain.ledger.row import LedgerState, Source
from domain.listing.events import ListingKind
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Counted, Reciprocity, Visibility
from domain.marketplace.rules import AreaRate, ChecklistItem, CoHost, Workshop
from domain.money import Value
from domain.negotiation.terms import PledgeKind
from domain.organisation.events import Mandate, Side
from domain.participation.badge import Badge
from domain.results.figures import Figures, Qualifier
from domain.results.statement import StatementReason

Item = TypeVar("Item")


class Page(Struct, Generic[Item], kw_only=True, frozen=True):
    """One page of a list. `next` is the cursor of the following page, or None on the last."""

    items: list[Item]
    next: str | None


class AreaView(Struct, kw_only=True, frozen=True):
    """A trading area."""

    id: str
    label: str


class MarketplaceView(Struct, kw_only=True, frozen=True):
    """An edition. `state` is one of planned, registering, trading, over, follow_up, archived, called_off.

    `opened_at` is the opening gong. `retired` areas stand in old listings and terms only. `hourly_rate_minor` holds
    where no area rate does; `rates_version` counts the rate tables.
    """

    id: str
    version: int
    state: str
    title: str
    season: int
    date: date | None
    venue: str | None
    time_zone: str
    trading_minutes: int
    grace_minutes: int
    opened_at: str | None
    announced_end: str | None
    noun: str
    areas: list[AreaView]
    retired: list[AreaView]
    reciprocity: Reciprocity
    counted: Counted
    visibility: Visibility
    hourly_rate_minor: int
    area_rates: list[AreaRate]
    rates_version: int
    first_contact_days: int
    paper_series: list[PaperSeries]
    checklist: list[ChecklistItem]
    co_hosts: list[CoHost]
    workshops: list[Workshop]
    rehearsal: bool
    position: int


class PartyView(Struct, kw_only=True, frozen=True):
    """A party. `name` is None where it is erased, or not shown to this reader.

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
    `amendment` is the one that lies on the table.
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


class ActorView(Struct, kw_only=True, frozen=True):
    """Who did it. `name` is None where erased, or not shown; `on_behalf_of` is a participation, then named.

    `id` is None for readers without a key (but in rehearsals): a pseudonym is personal data too.
    """

    id: str | None
    name: str | None
    role: str
    on_behalf_of: str | None
    on_behalf_of_name: str | None


class TrailStepView(Struct, kw_only=True, frozen=True):
    """One step of a trail. `details` holds ids and figures, `names` the names for the ids in it."""

    position: int
    event: str
    stream: str
    type: str
    at: str
    actor: ActorView
    rehearsal: bool
    details: dict[str, Any]
    names: dict[str, str | None]


class TallyView(Struct, kw_only=True, frozen=True):
    """What the board shows, from certified contracts alone; `value_minor` in cents of EUR.

    `revoked`, `annulled` and `repudiated` say why a count fell.
    """

    contracts: int
    value_minor: int
    currency: str
    counted: Counted
    unvalued: int
    one_sided: int
    from_paper: int
    revoked: int
    annulled: int
    repudiated: int
    forms: int
    at_notary: int
    first_certified_at: str | None
    last_certified_at: str | None
    position: int


class StatementView(Struct, kw_only=True, frozen=True):
    """What the host announced: figures with qualifiers. `earlier` are the words it corrected, oldest first.

    `reason` is why it did so last; `drawn_from` the position as of which the ledger gave the figures, if it did.
    """

    id: str
    marketplace: str
    figures: Figures
    source: str
    notes: list[str]
    announced_at: str
    position: int
    earlier: list[Figures]
    reason: StatementReason | None
    drawn_from: int | None


class ResultsView(Struct, kw_only=True, frozen=True):
    """An edition's results: the ledger's figures, and what was announced."""

    marketplace: MarketplaceView
    ledger: TallyView
    statements: list[StatementView]


class SumView(Struct, kw_only=True, frozen=True):
    """A sum over hosts: who is missing, whether unlike nouns were added, whose figure was only initiated."""

    value: int | None
    qualifier: Qualifier
    unit: str | None
    missing: list[str]
    mixed_nouns: bool
    includes_initiated: list[str]


class SeasonHostView(Struct, kw_only=True, frozen=True):
    """One host's announced edition in a season; `figures` is None where it announced nothing.

    An edition with co-hosts stands here once, at its host.
    """

    tenant: str
    city: str
    region: str | None
    marketplace: str
    title: str
    date: date | None
    venue: str | None
    noun: str
    figures: Figures | None
    source: str | None
    notes: list[str]
    co_hosts: list[CoHost] = []


class SeasonView(Struct, kw_only=True, frozen=True):
    """A season over all hosts of this service, from announced results only; rehearsals never count."""

    season: int
    agreements: SumView
    value: SumView
    hosts: list[SeasonHostView]


class ListingView(Struct, kw_only=True, frozen=True):
    """An offer or a need; `left` of its quantity can still be promised, `given` of what is `promised` was given.

    `by_name` is None where it is erased, or not shown to this reader.
    """

    id: str
    version: int
    marketplace: str
    by: str
    by_name: str | None
    kind: ListingKind | None
    area: str | None
    title: str | None
    quantity: int | None
    promised: int
    given: int
    left: int | None
    unit: str | None
    withdrawn: bool
    rehearsal: bool
    position: int


class OrganisationView(Struct, kw_only=True, frozen=True):
    """An organisation; a sole trader's name comes from the vault. `mandates` by representative: with what they sign.

    When it was a duplicate, `merged_into` stands for it now; `absorbed` are its own duplicates. Both histories stay.
    """

    id: str
    version: int
    name: str | None
    side: Side
    representatives: list[str]
    mandates: dict[str, Mandate]
    merged_into: str | None
    absorbed: list[str]
    rehearsal: bool
    position: int


class ParticipationView(Struct, kw_only=True, frozen=True):
    """A participation. `state` is one of requested, admitted, on_the_floor, no_show, not_coming.

    `merged_into` stands for the organisation now if it was a duplicate. When both take part, both participations stay.
    `attended` are workshops' ids. Badges are for those who have a key.
    """

    id: str
    version: int
    marketplace: str
    organisation: str
    merged_into: str | None
    name: str | None
    side: Side
    state: str
    attended: list[str]
    badges: list[Badge]
    rehearsal: bool
    position: int


class NegotiationView(Struct, kw_only=True, frozen=True):
    """A negotiation. `state` is one of proposed, agreed, rejected, withdrawn, lapsed; `awaited` have to answer."""

    id: str
    version: int
    marketplace: str
    state: str
    parties: list[PartyView]
    pledges: list[PledgeView]
    proposer: str | None
    awaited: list[str]
    broker_called: bool
    broker: str | None
    contract: str
    rehearsal: bool
    position: int
