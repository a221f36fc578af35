"""Where a listing stands.

(nothing) --published--> Published --withdrawn--> TakenBack
                          |     ^                  |     ^
                          revised, promised,       released, satisfied
                          promised_on_form,
                          released, satisfied
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TypeVar

from domain.frozen import dataclass, replace
from domain.identity import AreaId, ContractId, MarketplaceId, ParticipationId, contract_of
from domain.listing.events import (
    Fact,
    ListingKind,
    ListingPromised,
    ListingPromisedOnForm,
    ListingPublished,
    ListingReleased,
    ListingRevised,
    ListingSatisfied,
    ListingWithdrawn,
)
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What is bound of a listing by contract: `promised`, what was given included, and how much of it is `given`."""

    promised: Mapping[ContractId, int] = field(default_factory=dict)
    given: Mapping[ContractId, int] = field(default_factory=dict)

    @property
    def bound(self) -> int:
        """What is promised to all contracts together."""
        return sum(self.promised.values())

    def owed(self, contract: ContractId) -> int:
        """What is promised to `contract` and not given yet."""
        return self.promised.get(contract, 0) - self.given.get(contract, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Bound):
    """On the list; what is promised of its `quantity` can't be promised again."""

    marketplace: MarketplaceId
    by: ParticipationId
    kind: ListingKind
    area: AreaId
    title: str
    quantity: int
    unit: str

    @property
    def left(self) -> int:
        """What can still be promised."""
        return self.quantity - self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Bound):
    """No longer on the list; what was promised stays promised."""

    marketplace: MarketplaceId
    by: ParticipationId
    kind: ListingKind
    unit: str


Listing = Published | TakenBack
Either = TypeVar("Either", bound=Published | TakenBack)


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
            )
        case Published(), ListingRevised(area=area, title=title, quantity=quantity, unit=unit):
            return replace(listing, area=area, title=title, quantity=quantity, unit=unit)
        case Published(), ListingPromised(negotiation=negotiation, quantity=quantity):
            return _promised(listing, contract_of(negotiation), quantity)
        case Published(), ListingPromisedOnForm(contract=contract, quantity=quantity):
            return _promised(listing, contract, quantity)
        case Published(), ListingWithdrawn():
            return TakenBack(
                marketplace=listing.marketplace,
                by=listing.by,
                kind=listing.kind,
                unit=listing.unit,
                promised=listing.promised,
                given=listing.given,
            )
        case ((Published() | TakenBack()), ListingReleased(contract=contract, quantity=quantity)) if _owes(
            listing, fact
        ):
            return _promised(listing, contract, -quantity)
        case ((Published() | TakenBack()), ListingSatisfied(contract=contract, quantity=quantity)) if _owes(
            listing, fact
        ):
            given = listing.given.get(contract, 0) + quantity
            return replace(listing, given={**listing.given, contract: given})
        case _:
            raise LogDamaged(listing, fact)


def _promised(listing: Either, contract: ContractId, more: int) -> Either:
    held = {**listing.promised, contract: listing.promised.get(contract, 0) + more}
    return replace(listing, promised={bound_to: quantity for bound_to, quantity in held.items() if quantity})


def _owes(listing: Bound, fact: ListingReleased | ListingSatisfied) -> bool:
    return fact.quantity <= listing.owed(fact.contract)


def replay(facts: Iterable[Fact]) -> Listing | None:
    """The listing that `facts` tell, from its publication on."""
    listing: Listing | None = None
    for fact in facts:
        listing = evolve(listing, fact)
    return listing
