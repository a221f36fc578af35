"""Partners of an earlier edition come along to the next."""

from dataclasses import replace

from domain.identity import MarketplaceId, OrganisationId, participation_of
from domain.marketplace.events import PartnersCarriedOver
from domain.marketplace.refusals import MarketplaceOver, RegistrationNotOpen
from domain.marketplace.state import evolve
from domain.organisation.events import Side
from domain.organisation.state import Organisation
from domain.participation import refusals
from domain.participation.carrying import MAX_PARTNERS, CarryOver, Partner, carry_over
from domain.participation.events import ParticipationRequested
from domain.participation.state import Admitted, NoShow, NotComing, OnTheFloor, Participation, Requested
from domain.refusal import NotThere
from tests.domain.people import (
    bakers,
    elsewhere,
    food_bankers,
    mechanics,
    over,
    planned,
    refused,
    registering,
    ruhrdax,
    stream,
    trading,
)

bakery = Organisation(name="Bakery", side=Side.COMPANY, rehearsal=False)
carry = CarryOver(marketplace=ruhrdax, earlier=elsewhere)


def was(state: type[Participation], organisation: OrganisationId, at: MarketplaceId = elsewhere) -> Partner:
    """Somebody who took part so, in the earlier edition unless told otherwise."""
    before = state(marketplace=at, organisation=organisation, side=Side.COMPANY)
    return Partner(before=before, organisation=organisation, standing=bakery, here=None)


def test_who_was_admitted_or_on_the_floor_asks_to_take_part() -> None:
    """Given all sorts of earlier participations, when partners are carried over, then the welcome ones ask anew."""
    partners = [
        was(Admitted, bakers),
        was(OnTheFloor, food_bankers),
        was(Requested, mechanics),
        was(NotComing, mechanics),
        was(NoShow, mechanics),
        was(OnTheFloor, mechanics, at=ruhrdax),
    ]
    fact, requested = carry_over(carry, registering, over, partners)
    assert fact == PartnersCarriedOver(earlier=elsewhere, organisations=2)
    assert requested == {
        participation_of(ruhrdax, who): (
            ParticipationRequested(marketplace=ruhrdax, organisation=who, side=Side.COMPANY, rehearsal=False),
        )
        for who in (bakers, food_bankers)
    }
    assert evolve(registering, fact) is registering
    assert evolve(trading, fact) is trading


def test_who_takes_part_or_has_cancelled_here_is_left_alone() -> None:
    """Given they all asked already, whatever came of it, when partners are carried over, then there is nobody."""
    cancelled = NotComing(marketplace=ruhrdax, organisation=bakers, side=Side.COMPANY)
    here = replace(was(Admitted, bakers), here=cancelled)
    refused(refusals.NobodyToCarryOver, lambda: carry_over(carry, registering, over, [here]))
    refused(refusals.NobodyToCarryOver, lambda: carry_over(carry, registering, over, []))


def test_two_entries_of_one_organisation_come_along_once() -> None:
    """Given a duplicate and the entry that was kept were both there, then the kept one asks once."""
    fact, requested = carry_over(carry, registering, over, [was(Admitted, bakers), was(OnTheFloor, bakers)])
    assert (fact.organisations, len(requested)) == (1, 1)


def test_partners_come_to_an_open_edition_of_the_same_kind() -> None:
    """Given an edition that isn't open, isn't known or is a rehearsal's, when carried over, then it is refused."""
    partners = [was(Admitted, bakers)]
    refused(RegistrationNotOpen, lambda: carry_over(carry, planned, over, partners))
    refused(MarketplaceOver, lambda: carry_over(carry, over, over, partners))
    refused(NotThere, lambda: carry_over(carry, None, over, partners))
    refused(NotThere, lambda: carry_over(carry, registering, None, partners))
    played = replace(over, plan=replace(over.plan, rehearsal=True))
    refused(refusals.RehearsalAndRealMixed, lambda: carry_over(carry, registering, played, partners))


def test_five_hundred_come_along_at_once() -> None:
    """Given more partners than fit one record, when they are carried over, then so many are, in their order."""
    many = [was(Admitted, OrganisationId(stream(f"partner {n}"))) for n in range(MAX_PARTNERS + 1)]
    fact, requested = carry_over(carry, registering, over, many)
    assert fact.organisations == len(requested) == MAX_PARTNERS
    assert participation_of(ruhrdax, many[-1].organisation) not in requested
