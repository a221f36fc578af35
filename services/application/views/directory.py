"""The things of a host as they stand: editions, organisations, participations, listings, negotiations."""

from datetime import date

from msgspec import Struct

from domain.listing.events import ListingKind
from domain.marketplace.paper import PaperSeries
from domain.marketplace.plan import Counted, Reciprocity, Visibility
from domain.marketplace.rules import AreaRate, ChecklistItem, CoHost, Workshop
from domain.organisation.events import Mandate, Side
from domain.participation.badge import Badge
from services.application.views.ledger import PartyView, PledgeView


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
    """An organisation; a sole trader's name comes from the vault, or is `erased`.

    `mandates` by representative: with what they sign.

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
    erased: bool = False


class ParticipationView(Struct, kw_only=True, frozen=True):
    """A participation. `state` is one of requested, admitted, on_the_floor, no_show, not_coming.

    `name` is None where it is `erased`, or not shown.

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
    erased: bool = False


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
