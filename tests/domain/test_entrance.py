"""At the entrance: organisations, their part in an edition, and what they put on the list."""

from dataclasses import replace

import pytest

from domain.identity import AreaId, contract_of
from domain.listing import refusals as lists
from domain.listing.commands import PublishListing, ReviseListing, WithdrawListing
from domain.listing.decisions import publish, revise, withdraw
from domain.listing.events import ListingKind, ListingPublished, ListingRevised, ListingWithdrawn
from domain.listing.state import Published, TakenBack
from domain.listing.state import replay as replay_listing
from domain.marketplace.refusals import MarketplaceOver, RegistrationNotOpen
from domain.organisation import decisions as organisations
from domain.organisation import refusals as known
from domain.organisation.commands import NameRepresentative, RegisterOrganisation
from domain.organisation.events import OrganisationRegistered, RepresentativeNamed, Side
from domain.organisation.state import Organisation
from domain.organisation.state import replay as replay_organisation
from domain.participation import refusals as parts
from domain.participation.commands import Admit, CancelParticipation, CheckIn, Decline, RequestParticipation
from domain.participation.decisions import decide, must_be_on_the_floor, must_take_part, request
from domain.participation.events import (
    CheckedIn,
    DeclineReason,
    ParticipationAdmitted,
    ParticipationCancelled,
    ParticipationDeclined,
    ParticipationRequested,
)
from domain.participation.state import Admitted, NotComing, OnTheFloor, Requested, replay
from domain.personal import Personal
from domain.refusal import LogDamaged, NotThere
from domain.words import QuantityOutOfRange, TooManyWords, WordsMissing
from tests.domain.people import (
    anna,
    bakers,
    bakery,
    elsewhere,
    food_bank,
    goods,
    over,
    planned,
    refused,
    registering,
    ruhrdax,
    table_one,
    trading,
)

named = Personal(person=anna, values={"name": "Anna"})
registered = Organisation(name="Bakery", side=Side.COMPANY, rehearsal=False)
ask = RequestParticipation(marketplace=ruhrdax, organisation=bakers)
requested = Requested(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
admitted = Admitted(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
on_floor = OnTheFloor(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
not_coming = NotComing(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
offer = PublishListing(
    marketplace=ruhrdax,
    by=bakery,
    kind=ListingKind.OFFER,
    area=goods,
    title="Bread from the day before",
    quantity=10,
    unit="baskets",
)
published = Published(
    marketplace=ruhrdax,
    by=bakery,
    kind=ListingKind.OFFER,
    area=goods,
    title=offer.title,
    quantity=10,
    unit="baskets",
    promised={contract_of(table_one): 4},
)
fewer = ReviseListing(by=bakery, area=goods, title="Bread", quantity=5, unit="baskets")


def test_an_organisation_registers_once() -> None:
    """The bakery is known by its name and its side of the hall."""
    register = RegisterOrganisation(name="Bakery", side=Side.COMPANY, rehearsal=False)
    fact = OrganisationRegistered(name="Bakery", side=Side.COMPANY, rehearsal=False)
    assert organisations.decide(None, register) == (fact,)
    assert replay_organisation((fact,)) == registered
    refused(known.AlreadyRegistered, lambda: organisations.decide(registered, register))


def test_a_sole_trader_s_name_is_never_in_the_log() -> None:
    """Anna trades alone: the fact has no name. Both names at once, or none, are refused."""
    sole = RegisterOrganisation(name=None, side=Side.COMPANY, rehearsal=False, personal=named)
    assert organisations.decide(None, sole) == (OrganisationRegistered(name=None, side=Side.COMPANY, rehearsal=False),)
    for wrong in (replace(sole, name="Anna's"), replace(sole, personal=None)):
        with pytest.raises(known.NeedsOneName):
            organisations.decide(None, wrong)
    refused(WordsMissing, lambda: organisations.decide(None, replace(sole, name="", personal=None)))


def test_a_representative_is_named_once() -> None:
    """Anna speaks for the bakery; naming her twice is refused, for nobody's organisation too."""
    name_anna = NameRepresentative(person=anna, personal=named)
    assert organisations.decide(registered, name_anna) == (RepresentativeNamed(person=anna),)
    spoken_for = replace(registered, representatives=frozenset({anna}))
    refused(known.AlreadyRepresentative, lambda: organisations.decide(spoken_for, name_anna))
    refused(NotThere, lambda: organisations.decide(None, name_anna))
    with pytest.raises(LogDamaged):
        replay_organisation((RepresentativeNamed(person=anna),))


def test_the_bakery_asks_to_take_part() -> None:
    """Before the day, or walking in while trading is on."""
    fact = ParticipationRequested(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY, rehearsal=False)
    for edition in (registering, trading):
        assert request(ask, None, edition, registered) == (fact,)
    refused(parts.AlreadyRequested, lambda: request(ask, requested, registering, registered))
    refused(RegistrationNotOpen, lambda: request(ask, None, planned, registered))
    refused(MarketplaceOver, lambda: request(ask, None, over, registered))
    refused(NotThere, lambda: request(ask, None, None, registered))
    refused(NotThere, lambda: request(ask, None, registering, None))


def test_rehearsal_and_real_don_t_mix() -> None:
    """A rehearsal's bakery can't walk into the real hall."""
    played = replace(registered, rehearsal=True)
    refused(parts.RehearsalAndRealMixed, lambda: request(ask, None, registering, played))


def test_the_host_answers_once() -> None:
    """Admitted or declined; a second answer is refused."""
    assert decide(requested, Admit(), trading) == (ParticipationAdmitted(),)
    full = ParticipationDeclined(reason=DeclineReason.FULL)
    assert decide(requested, Decline(reason=DeclineReason.FULL), trading) == (full,)
    for answered in (admitted, on_floor, not_coming):
        with pytest.raises(parts.NotWaiting):
            decide(answered, Admit(), trading)
        with pytest.raises(parts.NotWaiting):
            decide(answered, Decline(reason=DeclineReason.FULL), trading)
    refused(NotThere, lambda: decide(None, Admit(), trading))


def test_who_is_admitted_gets_a_badge_once() -> None:
    """Checked in at the door: not before the host's yes, not twice, not after a no."""
    assert decide(admitted, CheckIn(), trading) == (CheckedIn(),)
    refused(parts.NotAdmitted, lambda: decide(requested, CheckIn(), trading))
    refused(parts.AlreadyCheckedIn, lambda: decide(on_floor, CheckIn(), trading))
    refused(parts.ParticipationOver, lambda: decide(not_coming, CheckIn(), trading))


def test_a_participation_is_cancelled_once() -> None:
    """Late cancellations happen, even from the floor."""
    for coming in (requested, admitted, on_floor):
        assert decide(coming, CancelParticipation(), trading) == (ParticipationCancelled(),)
    refused(parts.ParticipationOver, lambda: decide(not_coming, CancelParticipation(), trading))


def test_a_participation_s_story_folds() -> None:
    """Asked, admitted, here, gone."""
    asked = ParticipationRequested(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY, rehearsal=False)
    assert replay((asked, ParticipationAdmitted(), CheckedIn())) == on_floor
    assert replay((asked, ParticipationAdmitted(), CheckedIn(), ParticipationCancelled())) == not_coming
    with pytest.raises(LogDamaged):
        replay((asked, CheckedIn()))


def test_the_floor_is_for_badges_the_list_for_the_admitted() -> None:
    """Who negotiates has a badge of this edition; who lists is admitted to it."""
    assert must_be_on_the_floor(on_floor, ruhrdax) is on_floor
    refused(parts.NotOnTheFloor, lambda: must_be_on_the_floor(admitted, ruhrdax))
    refused(NotThere, lambda: must_be_on_the_floor(on_floor, elsewhere))
    refused(NotThere, lambda: must_be_on_the_floor(None, ruhrdax))
    assert must_take_part(admitted, ruhrdax) is admitted
    refused(parts.NotAdmitted, lambda: must_take_part(requested, ruhrdax))
    refused(NotThere, lambda: must_take_part(on_floor, elsewhere))
    refused(NotThere, lambda: must_take_part(None, ruhrdax))


def test_the_bakery_puts_an_offer_on_the_list() -> None:
    """Once, while the edition isn't over, in one of its areas."""
    (fact,) = publish(offer, None, registering, admitted)
    assert isinstance(fact, ListingPublished)
    assert replay_listing((fact,)) == replace(published, promised={})
    refused(lists.AlreadyPublished, lambda: publish(offer, published, registering, admitted))
    refused(lists.AreaUnknown, lambda: publish(replace(offer, area=AreaId("cash")), None, registering, admitted))
    refused(parts.NotAdmitted, lambda: publish(offer, None, registering, requested))
    refused(RegistrationNotOpen, lambda: publish(offer, None, planned, admitted))
    refused(NotThere, lambda: publish(offer, None, None, admitted))


def test_a_listing_says_how_much_of_what() -> None:
    """Nothing, less than nothing, or no words: refused."""
    for quantity in (0, -3, 1_000_001):
        with pytest.raises(QuantityOutOfRange):
            publish(replace(offer, quantity=quantity), None, registering, admitted)
        with pytest.raises(QuantityOutOfRange):
            revise(replace(fewer, quantity=quantity), replace(published, promised={}), registering)
    refused(WordsMissing, lambda: publish(replace(offer, title=""), None, registering, admitted))
    refused(TooManyWords, lambda: publish(replace(offer, unit="u" * 65), None, registering, admitted))


def test_a_listing_is_revised_by_its_owner_down_to_what_is_promised() -> None:
    """Five baskets instead of ten is well while four are promised; three isn't."""
    assert revise(fewer, published, trading) == (ListingRevised(area=goods, title="Bread", quantity=5, unit="baskets"),)
    refused(lists.LessThanPromised, lambda: revise(replace(fewer, quantity=3), published, trading))
    refused(lists.UnitIsPromised, lambda: revise(replace(fewer, unit="loaves"), published, trading))
    assert revise(replace(fewer, unit="loaves"), replace(published, promised={}), trading)
    refused(lists.NotYourListing, lambda: revise(replace(fewer, by=food_bank), published, trading))
    refused(lists.AreaUnknown, lambda: revise(replace(fewer, area=AreaId("cash")), published, trading))
    refused(MarketplaceOver, lambda: revise(fewer, published, over))
    refused(NotThere, lambda: revise(fewer, None, trading))


def test_a_listing_stays_in_an_area_that_was_retired_since() -> None:
    """Given bread on the list, when goods are retired, then it can be revised there, and nothing new put there."""
    retired = replace(trading, plan=replace(trading.plan, areas=trading.plan.areas[1:]))
    assert revise(fewer, published, retired)
    elsewhere_before = replace(published, area=trading.plan.areas[1].id)
    refused(lists.AreaUnknown, lambda: revise(fewer, elsewhere_before, retired))


def test_a_listing_is_taken_back_by_its_owner_once() -> None:
    """What is gone from the list can't be taken back again."""
    back = TakenBack(marketplace=ruhrdax, by=bakery, kind=ListingKind.OFFER, unit="baskets")
    assert withdraw(WithdrawListing(by=bakery), published) == (ListingWithdrawn(),)
    refused(lists.NotYourListing, lambda: withdraw(WithdrawListing(by=food_bank), published))
    refused(lists.ListingWithdrawnAlready, lambda: withdraw(WithdrawListing(by=bakery), back))
    with pytest.raises(LogDamaged):
        replay_listing((ListingWithdrawn(),))
