"""Listings bound and let go: what terms take is promised to one contract, and never twice."""

from dataclasses import replace

import pytest

from domain.identity import ContractId, ListingId, contract_of
from domain.listing import refusals as lists
from domain.listing.binding import promise, promise_all, promise_on_form, rebind, release_all, satisfy
from domain.listing.commands import PromiseListing
from domain.listing.events import (
    ListingKind,
    ListingPromised,
    ListingPromisedOnForm,
    ListingPublished,
    ListingReleased,
    ListingSatisfied,
    ListingWithdrawn,
)
from domain.listing.state import Listing, Published, evolve, replay
from domain.refusal import LogDamaged, NotThere
from domain.words import QuantityOutOfRange
from tests.domain.people import (
    bakery,
    bread,
    elsewhere,
    food_bank,
    form_one,
    goods,
    loaves,
    poster,
    refused,
    ruhrdax,
    stream,
    table_one,
    terms,
)

agreed = contract_of(table_one)
offered = ListingPublished(
    marketplace=ruhrdax,
    by=bakery,
    kind=ListingKind.OFFER,
    area=goods,
    title="Bread from the day before",
    quantity=10,
    unit="baskets",
    rehearsal=False,
)
four_of_ten = (offered, ListingPromised(negotiation=table_one, quantity=4))
listed = replace(bread, listing=loaves)
four = replace(terms, pledges=(listed, poster))
six = replace(terms, pledges=(replace(listed, quantity=6), poster))
without = terms


def held(*facts: object) -> Published:
    listing = replay(facts)  # type: ignore[arg-type]  # told as they come
    assert isinstance(listing, Published)
    return listing


def taken_back() -> Listing:
    return evolve(held(*four_of_ten), ListingWithdrawn())


def test_the_last_basket_is_promised_once() -> None:
    """Given four of ten are promised, when six are asked for they are there; seven aren't, and never less than one."""
    listing = held(*four_of_ten)
    rest = PromiseListing(marketplace=ruhrdax, negotiation=table_one, quantity=6)
    assert listing.left == 6
    assert promise(rest, listing) == (ListingPromised(negotiation=table_one, quantity=6),)
    refused(lists.PromisedOut, lambda: promise(replace(rest, quantity=7), listing))
    refused(QuantityOutOfRange, lambda: promise(replace(rest, quantity=-6), listing))
    refused(NotThere, lambda: promise(replace(rest, marketplace=elsewhere), listing))
    refused(NotThere, lambda: promise(rest, None))
    refused(lists.ListingWithdrawnAlready, lambda: promise(rest, taken_back()))


def test_an_agreement_binds_each_listing_once_for_all_its_pledges() -> None:
    """Given two pledges of two baskets, when the table agrees, then one fact takes four from the bakery's offer."""
    twice = replace(terms, pledges=(*(replace(listed, quantity=2),) * 2, poster))
    assert promise_all(table_one, ruhrdax, twice, {loaves: held(offered)}) == {
        loaves: (ListingPromised(negotiation=table_one, quantity=4),)
    }
    assert promise_on_form(form_one, ruhrdax, twice, {loaves: held(offered)}) == {
        loaves: (ListingPromisedOnForm(contract=form_one, quantity=4),)
    }
    assert promise_all(table_one, ruhrdax, without, {}) == {}


def test_a_form_straight_from_the_table_binds_no_more_than_is_left() -> None:
    """Given four of ten are promised to another, when a form takes seven, then it is refused; six are well."""
    listings = {loaves: held(*four_of_ten)}
    seven = replace(six, pledges=(replace(listed, quantity=7), poster))
    refused(lists.PromisedOut, lambda: promise_on_form(form_one, ruhrdax, seven, listings))
    (facts,) = promise_on_form(form_one, ruhrdax, six, listings).values()
    after = held(*four_of_ten, *facts)
    assert after.promised == {agreed: 4, form_one: 6}
    assert after.left == 0


def test_nobody_promises_what_others_have_listed() -> None:
    """The food bank can't give from the bakery's offer, nor fill a need that the bakery's partner never had."""
    alien = replace(terms, pledges=(replace(poster, listing=loaves),))
    refused(lists.ListingOfAnother, lambda: promise_all(table_one, ruhrdax, alien, {loaves: held(offered)}))
    need = ListingId(stream("need"))
    wanted = replace(held(offered), by=food_bank, kind=ListingKind.NEED)
    fills = replace(terms, pledges=(replace(bread, listing=need),))
    assert promise_all(table_one, ruhrdax, fills, {need: wanted})
    refused(lists.ListingOfAnother, lambda: promise_all(table_one, ruhrdax, fills, {need: replace(wanted, by=bakery)}))
    refused(NotThere, lambda: promise_all(table_one, ruhrdax, fills, {}))
    refused(NotThere, lambda: promise_all(table_one, elsewhere, fills, {need: wanted}))


def test_a_pledge_counts_in_the_unit_of_its_listing() -> None:
    """Given baskets on the list, when a pledge takes loaves from it, then nobody could tell what is left: refused."""
    loose = replace(terms, pledges=(replace(listed, unit="loaves"), poster))
    refused(lists.UnitDiffers, lambda: promise_all(table_one, ruhrdax, loose, {loaves: held(offered)}))
    refused(lists.UnitDiffers, lambda: promise_on_form(form_one, ruhrdax, loose, {loaves: held(offered)}))
    refused(lists.UnitDiffers, lambda: rebind(agreed, ruhrdax, four, loose, {loaves: held(*four_of_ten)}))


def test_other_terms_take_more_or_less() -> None:
    """Given four baskets bound, when terms change to six, to one, or to none, then just the difference moves."""
    listings = {loaves: held(*four_of_ten)}
    one = replace(terms, pledges=(replace(listed, quantity=1), poster))
    more, less = ListingPromisedOnForm(contract=agreed, quantity=2), ListingReleased(contract=agreed, quantity=3)
    assert rebind(agreed, ruhrdax, four, six, listings) == {loaves: (more,)}
    assert rebind(agreed, ruhrdax, four, one, listings) == {loaves: (less,)}
    assert rebind(agreed, ruhrdax, four, without, listings) == {loaves: (replace(less, quantity=4),)}
    assert rebind(agreed, ruhrdax, four, four, listings) == {}
    assert rebind(agreed, ruhrdax, without, without, {}) == {}
    assert held(*four_of_ten, more).promised == {agreed: 6}
    assert held(*four_of_ten, replace(less, quantity=4)).promised == {}
    eleven = replace(terms, pledges=(replace(listed, quantity=11), poster))
    refused(lists.PromisedOut, lambda: rebind(agreed, ruhrdax, four, eleven, listings))


def test_other_terms_can_move_to_another_listing() -> None:
    """Given bread bound from one offer, when it is to come from another, then one is freed and the other bound."""
    rolls = ListingId(stream("rolls"))
    other = replace(terms, pledges=(replace(listed, listing=rolls), poster))
    listings = {loaves: held(*four_of_ten), rolls: held(offered)}
    assert rebind(agreed, ruhrdax, four, other, listings) == {
        loaves: (ListingReleased(contract=agreed, quantity=4),),
        rolls: (ListingPromisedOnForm(contract=agreed, quantity=4),),
    }
    refused(NotThere, lambda: rebind(agreed, ruhrdax, four, other, {loaves: held(*four_of_ten), rolls: None}))


def test_a_listing_that_was_taken_back_keeps_its_promises_and_makes_no_new_ones() -> None:
    """Given the offer was withdrawn, when terms change, then what is promised stays, or is freed, and never grows."""
    listings = {loaves: taken_back()}
    reworded = replace(four, pledges=(listed, replace(poster, title="A banner")))
    assert rebind(agreed, ruhrdax, four, reworded, listings) == {}
    freed = rebind(agreed, ruhrdax, four, without, listings)
    assert freed == {loaves: (ListingReleased(contract=agreed, quantity=4),)}
    assert replay((*four_of_ten, ListingWithdrawn(), *freed[loaves])) == replace(taken_back(), promised={})
    refused(lists.ListingWithdrawnAlready, lambda: rebind(agreed, ruhrdax, four, six, listings))


def test_an_annulled_contract_lets_go_what_it_holds() -> None:
    """Given four bound and one of them given, when the contract is annulled, then three are free again."""
    delivered = (*four_of_ten, ListingSatisfied(contract=agreed, quantity=1))
    assert release_all(agreed, four, {loaves: held(*four_of_ten)}) == {
        loaves: (ListingReleased(contract=agreed, quantity=4),)
    }
    facts = release_all(agreed, four, {loaves: held(*delivered)})
    assert facts == {loaves: (ListingReleased(contract=agreed, quantity=3),)}
    after = held(*delivered, *facts[loaves])
    assert (after.left, after.promised, after.given) == (9, {agreed: 1}, {agreed: 1})
    assert release_all(agreed, four, {loaves: after}) == {}
    assert release_all(form_one, four, {loaves: held(*four_of_ten)}) == {}
    assert release_all(agreed, four, {loaves: None}) == {}


def test_what_is_delivered_is_given_as_far_as_it_was_promised() -> None:
    """Given four bound, when three and then three more are delivered, then the list counts four."""
    (first,) = satisfy(agreed, listed, 3, held(*four_of_ten)).values()
    assert first == (ListingSatisfied(contract=agreed, quantity=3),)
    (then,) = satisfy(agreed, listed, 3, held(*four_of_ten, *first)).values()
    assert then == (ListingSatisfied(contract=agreed, quantity=1),)
    whole = held(*four_of_ten, *first, *then)
    assert (whole.left, whole.given) == (6, {agreed: 4})
    assert satisfy(agreed, listed, 1, whole) == {}
    assert satisfy(agreed, bread, 4, None) == {}
    assert satisfy(agreed, listed, 4, taken_back()) == {loaves: (ListingSatisfied(contract=agreed, quantity=4),)}


@pytest.mark.parametrize("kind", [ListingReleased, ListingSatisfied])
@pytest.mark.parametrize(("contract", "quantity"), [(agreed, 5), (form_one, 1)])
def test_no_log_frees_or_gives_what_was_never_promised(
    kind: type[ListingReleased | ListingSatisfied], contract: ContractId, quantity: int
) -> None:
    """Given four are promised to one contract, when a record says more, or another contract, the log is damaged."""
    with pytest.raises(LogDamaged):
        replay((*four_of_ten, kind(contract=contract, quantity=quantity)))
