"""Listings bound and let go: what terms take from the list is promised to one contract, and never twice.

Everything here answers with facts by listing, to be recorded on each listing's own stream together with what bound or
freed it. What was given is never let go, and never more is let go than is promised to that contract.
"""

from collections.abc import Iterable, Mapping

from domain.identity import ContractId, ListingId, MarketplaceId, NegotiationId
from domain.listing.commands import PromiseListing
from domain.listing.decisions import must_be_published
from domain.listing.events import (
    Fact,
    ListingKind,
    ListingPromised,
    ListingPromisedOnForm,
    ListingReleased,
    ListingSatisfied,
)
from domain.listing.refusals import ListingOfAnother, PromisedOut, UnitDiffers
from domain.listing.state import Listing, Published
from domain.negotiation.terms import Pledge, Terms
from domain.refusal import NotThere
from domain.words import must_be_a_quantity

Listings = Mapping[ListingId, Listing | None]
"""The states of the listings that terms name; None for one that isn't there."""
ByListing = dict[ListingId, tuple[Fact, ...]]


def named_in(*terms: Terms) -> tuple[ListingId, ...]:
    """The listings that `terms` name, each once, in the order in which they are named."""
    return tuple(dict.fromkeys(pledge.listing for said in terms for pledge in said.pledges if pledge.listing))


def promise(command: PromiseListing, listing: Listing | None) -> tuple[Fact, ...]:
    """The facts of binding a listing to an agreement; raises a `Refusal` when nothing of it is left."""
    must_be_left(command.quantity, must_be_listed_at(command.marketplace, listing))
    return (ListingPromised(negotiation=command.negotiation, quantity=command.quantity),)


def promise_all(negotiation: NegotiationId, marketplace: MarketplaceId, terms: Terms, listings: Listings) -> ByListing:
    """Bind every listing named in the `terms` that a negotiation agreed, once; raises a `Refusal` when one can't be."""
    return {
        listing: promise(
            PromiseListing(marketplace=marketplace, negotiation=negotiation, quantity=quantity), listings.get(listing)
        )
        for listing, quantity in _wanted(marketplace, terms.pledges, listings).items()
    }


def promise_on_form(contract: ContractId, marketplace: MarketplaceId, terms: Terms, listings: Listings) -> ByListing:
    """Bind every listing named on a form that no negotiation bound; raises a `Refusal` when one can't be."""
    return {
        listing: _take_more(contract, quantity, must_be_listed_at(marketplace, listings.get(listing)))
        for listing, quantity in _wanted(marketplace, terms.pledges, listings).items()
    }


def rebind(
    contract: ContractId, marketplace: MarketplaceId, before: Terms, after: Terms, listings: Listings
) -> ByListing:
    """Let go what the terms `after` no longer take, and bind what they take more than those `before`.

    Pledges that stay as they were aren't judged again: a listing that was taken back keeps its promise to them.
    """
    changed = [pledge for pledge in after.pledges if pledge not in before.pledges]
    _wanted(marketplace, changed, listings)
    taken = _quantities(after.pledges)
    facts: ByListing = {}
    for listing in named_in(before, after):
        state = listings.get(listing)
        more = taken.get(listing, 0) - (0 if state is None else state.promised.get(contract, 0))
        if more > 0:
            facts[listing] = _take_more(contract, more, must_be_listed_at(marketplace, state))
        elif state is not None:
            facts |= _let_go(contract, -more, listing, state)
    return facts


def release_all(contract: ContractId, terms: Terms, listings: Listings) -> ByListing:
    """Let go whatever is promised to a contract that won't be, and wasn't given yet."""
    facts: ByListing = {}
    for listing in named_in(terms):
        state = listings.get(listing)
        if state is not None:
            facts |= _let_go(contract, state.owed(contract), listing, state)
    return facts


def satisfy(contract: ContractId, pledge: Pledge, quantity: int, listing: Listing | None) -> ByListing:
    """`quantity` of a pledge was given: as much as was promised of the listing it takes from, `listing`."""
    if pledge.listing is None or listing is None:
        return {}
    given = min(quantity, listing.owed(contract))
    return {pledge.listing: (ListingSatisfied(contract=contract, quantity=given),)} if given > 0 else {}


def must_be_listed_at(marketplace: MarketplaceId, listing: Listing | None) -> Published:
    """What is promised is on this edition's list."""
    published = must_be_published(listing)
    if published.marketplace != marketplace:
        raise NotThere
    return published


def must_be_left(quantity: int, listing: Published) -> None:
    """Nothing is promised twice."""
    must_be_a_quantity(quantity)
    if quantity > listing.left:
        raise PromisedOut


def must_fit(pledge: Pledge, marketplace: MarketplaceId, listing: Listing | None) -> None:
    """A pledge takes from its giver's offer or fills its receiver's need, at the same edition and in the same unit."""
    if listing is None or listing.marketplace != marketplace:
        raise NotThere
    if listing.by != (pledge.giver if listing.kind is ListingKind.OFFER else pledge.receiver):
        raise ListingOfAnother
    if pledge.unit != listing.unit:
        raise UnitDiffers


def _wanted(marketplace: MarketplaceId, pledges: Iterable[Pledge], listings: Listings) -> dict[ListingId, int]:
    taking = [pledge for pledge in pledges if pledge.listing is not None]
    for pledge in taking:
        must_fit(pledge, marketplace, None if pledge.listing is None else listings.get(pledge.listing))
    return _quantities(taking)


def _quantities(pledges: Iterable[Pledge]) -> dict[ListingId, int]:
    sums: dict[ListingId, int] = {}
    for pledge in pledges:
        if pledge.listing is not None:
            sums[pledge.listing] = sums.get(pledge.listing, 0) + pledge.quantity
    return sums


def _take_more(contract: ContractId, quantity: int, listing: Published) -> tuple[Fact, ...]:
    must_be_left(quantity, listing)
    return (ListingPromisedOnForm(contract=contract, quantity=quantity),)


def _let_go(contract: ContractId, quantity: int, listing: ListingId, state: Listing) -> ByListing:
    free = min(quantity, state.owed(contract))
    return {listing: (ListingReleased(contract=contract, quantity=free),)} if free > 0 else {}
