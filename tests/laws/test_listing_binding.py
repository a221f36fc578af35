"""Laws of a listing's promises: whatever is bound, freed, given, revised or taken back, nothing is promised twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from domain.identity import ContractId, NegotiationId, contract_of
from domain.listing import binding
from domain.listing.commands import ReviseListing, WithdrawListing
from domain.listing.decisions import revise, withdraw
from domain.listing.events import (
    ListingKind,
    ListingPromised,
    ListingPromisedOnForm,
    ListingPublished,
    ListingReleased,
    ListingSatisfied,
)
from domain.listing.state import Listing, Published, evolve, replay
from domain.negotiation.terms import Terms
from domain.refusal import Refusal
from tests.domain.people import bakery, bread, goods, loaves, poster, ruhrdax, stream, terms, trading

TABLES = [NegotiationId(stream(f"table {number}")) for number in range(2)]
CONTRACTS = [*map(contract_of, TABLES), ContractId(stream("form"))]

offered = ListingPublished(
    marketplace=ruhrdax,
    by=bakery,
    kind=ListingKind.OFFER,
    area=goods,
    title="Bread",
    quantity=5,
    unit=bread.unit,
    rehearsal=False,
)
quantities = st.integers(1, 4)
said = st.builds(
    lambda taken: replace(
        terms, pledges=(*(replace(bread, listing=loaves, quantity=quantity) for quantity in taken), poster)
    ),
    st.lists(quantities, max_size=2),
)
Asked = Callable[[Listing], tuple[Any, ...]]


def of(by_listing: binding.ByListing) -> tuple[Any, ...]:
    assert set(by_listing) <= {loaves}
    return by_listing.get(loaves, ())


def revised(quantity: int, unit: str) -> Asked:
    command = ReviseListing(by=bakery, area=goods, title="Bread", quantity=quantity, unit=unit)
    return lambda listing: revise(command, listing, trading)


def at_the_table(table: NegotiationId, words: Terms) -> Asked:
    return lambda listing: of(binding.promise_all(table, ruhrdax, words, {loaves: listing}))


def on_the_form(contract: ContractId, words: Terms) -> Asked:
    return lambda listing: of(binding.promise_on_form(contract, ruhrdax, words, {loaves: listing}))


def in_other_words(contract: ContractId, before: Terms, after: Terms) -> Asked:
    return lambda listing: of(binding.rebind(contract, ruhrdax, before, after, {loaves: listing}))


def annulled(contract: ContractId, words: Terms) -> Asked:
    return lambda listing: of(binding.release_all(contract, words, {loaves: listing}))


def delivered(contract: ContractId, quantity: int) -> Asked:
    return lambda listing: of(binding.satisfy(contract, replace(bread, listing=loaves), quantity, listing))


contracts = st.sampled_from(CONTRACTS)
asked: st.SearchStrategy[Asked] = st.one_of(
    st.builds(at_the_table, st.sampled_from(TABLES), said),
    st.builds(on_the_form, contracts, said),
    st.builds(in_other_words, contracts, said, said),
    st.builds(annulled, contracts, said),
    st.builds(delivered, contracts, quantities),
    st.builds(revised, st.integers(0, 9), st.sampled_from([bread.unit, "loaves"])),
    st.just(lambda listing: withdraw(WithdrawListing(by=bakery), listing)),
)


@given(st.lists(asked, max_size=25))
def test_nothing_is_promised_twice_whatever_is_asked(story: list[Asked]) -> None:
    """Given any story of a listing, when it is over, then what is promised fits it and what is freed was promised."""
    facts: list[Any] = [offered]
    listing: Listing = evolve(None, offered)
    for ask in story:
        try:
            decided = ask(listing)
        except Refusal:
            continue
        for fact in decided:
            listing = evolve(listing, fact)
            facts.append(fact)
        must_hold(listing, facts)
    assert replay(facts) == listing
    event(type(listing).__name__)


def must_hold(listing: Listing, facts: list[Any]) -> None:
    """Per contract: promised = bound − freed ≥ given ≥ 0; together never more than is listed."""
    for contract in CONTRACTS:
        bound = total(facts, contract, ListingPromised, ListingPromisedOnForm)
        freed = total(facts, contract, ListingReleased)
        satisfied = total(facts, contract, ListingSatisfied)
        assert freed + satisfied <= bound
        assert listing.promised.get(contract, 0) == bound - freed
        assert listing.given.get(contract, 0) == satisfied
    if isinstance(listing, Published):
        assert listing.bound + listing.left == listing.quantity
        assert listing.left >= 0


def total(facts: list[Any], contract: ContractId, *kinds: Any) -> int:
    """The quantities of a contract's facts of these kinds."""
    return sum(fact.quantity for fact in facts if isinstance(fact, kinds) and whose(fact) == contract)


def whose(fact: Any) -> ContractId:
    """The contract that a fact binds, frees or serves."""
    return contract_of(fact.negotiation) if isinstance(fact, ListingPromised) else ContractId(fact.contract)


@given(contracts, said, said)
def test_other_terms_and_back_again_hold_what_they_held(contract: ContractId, one: Terms, other: Terms) -> None:
    """Given a form bound by some terms, when they change and change back, then the listing holds what it held."""
    first = evolve(None, replace(offered, quantity=20))
    for fact in on_the_form(contract, one)(first):
        first = evolve(first, fact)
    second: Listing = first
    for words in (in_other_words(contract, one, other), in_other_words(contract, other, one)):
        for fact in words(second):
            second = evolve(second, fact)
    assert second == first
