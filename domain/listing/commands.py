"""What a participant asks of its listing."""

from domain.frozen import dataclass
from domain.identity import AreaId, MarketplaceId, NegotiationId, ParticipationId
from domain.listing.events import ListingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishListing:
    """Put an offer or a need on the list."""

    marketplace: MarketplaceId
    by: ParticipationId
    kind: ListingKind
    area: AreaId
    title: str
    quantity: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseListing:
    """Change what is offered or needed."""

    by: ParticipationId
    area: AreaId
    title: str
    quantity: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawListing:
    """Take the listing back."""

    by: ParticipationId


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseListing:
    """Bind `quantity` of the listing to what a negotiation agreed."""

    marketplace: MarketplaceId
    negotiation: NegotiationId
    quantity: int


Command = PublishListing | ReviseListing | WithdrawListing | PromiseListing
