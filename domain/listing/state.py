"""Where a listing stands.

(nothing) --published--> Published --withdrawn--> TakenBack
                          |     ^
                          revised, promised
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.identity import AreaId, MarketplaceId, ParticipationId
from domain.listing.events import Fact, ListingKind, ListingPromised, ListingPublished, ListingRevised, ListingWithdrawn
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """On the list; `promised` of its `quantity` is bound already."""

    marketplace: MarketplaceId
    by: ParticipationId
    kind: ListingKind
    area: AreaId
    title: str
    quantity: int
    unit: str
    promised: int

    @property
    def left(self) -> int:
        """What can still be promised."""
        return self.quantity - self.promised


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """No longer on the list; what was promised stays promised."""

    marketplace: MarketplaceId
    by: ParticipationId


Listing = Published | TakenBack


def evolve(listing: Listing | None, fact: Fact) -> Listing:
    """The listing after `fact`. Facts have happened: nothing is refused here."""
    match listing, fact:
        case None, ListingPublished():
            return Published(
                marketplace=fact.marketplace,
                by=fact.by,
                kind=fact.kind,
                area=fact.area,
                title=fact.title,
                quantity=fact.quantity,
                unit=fact.unit,
                promised=0,
            )
        case Published(), ListingRevised(area=area, title=title, quantity=quantity, unit=unit):
            return replace(listing, area=area, title=title, quantity=quantity, unit=unit)
        case Published(), ListingPromised(quantity=quantity):
            return replace(listing, promised=listing.promised + quantity)
        case Published(), ListingWithdrawn():
            return TakenBack(marketplace=listing.marketplace, by=listing.by)
        case _:
            raise LogDamaged(listing, fact)


def replay(facts: Iterable[Fact]) -> Listing | None:
    """The listing that `facts` tell, from its publication on."""
    listing: Listing | None = None
    for fact in facts:
        listing = evolve(listing, fact)
    return listing
