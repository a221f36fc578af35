"""What has happened to a listing. Stored for decades: a changed meaning is a new version, never an edit."""

from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import AreaId, ContractId, MarketplaceId, NegotiationId, ParticipationId


class ListingKind(StrEnum):
    """An offer (Angebot) or a need (Gesuch)."""

    OFFER = "offer"
    NEED = "need"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPublished:
    """`quantity` of something is offered or needed."""

    marketplace: MarketplaceId
    by: ParticipationId
    kind: ListingKind
    area: AreaId
    title: str
    quantity: int
    unit: str
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRevised:
    """From here on the listing says this."""

    area: AreaId
    title: str
    quantity: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingWithdrawn:
    """The listing was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPromised:
    """`quantity` of it is promised in what `negotiation` agreed."""

    negotiation: NegotiationId
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPromisedOnForm:
    """`quantity` of it is promised in the terms of `contract`, which no negotiation bound."""

    contract: ContractId
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingReleased:
    """`quantity` of what was promised to `contract` can be promised again."""

    contract: ContractId
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSatisfied:
    """`quantity` of what was promised to `contract` was given."""

    contract: ContractId
    quantity: int


Fact = (
    ListingPublished
    | ListingRevised
    | ListingWithdrawn
    | ListingPromised
    | ListingPromisedOnForm
    | ListingReleased
    | ListingSatisfied
)
