"""Who signs for an organisation, and with whose word."""

from dataclasses import replace

import pytest

from domain.organisation import refusals
from domain.organisation.commands import GiveMandate, NameRepresentative, WithdrawMandate
from domain.organisation.decisions import decide
from domain.organisation.events import (
    Mandate,
    MandateGiven,
    MandateWithdrawn,
    OrganisationRegistered,
    RepresentativeNamed,
    Side,
)
from domain.organisation.state import Organisation, evolve, replay
from domain.personal import Personal
from domain.refusal import LogDamaged, NotThere
from tests.domain.people import anna, ben, refused

registered = OrganisationRegistered(name="Bakery", side=Side.COMPANY, rehearsal=False)
bakery = Organisation(name="Bakery", side=Side.COMPANY, rehearsal=False, representatives=frozenset({anna}))
by_office = GiveMandate(person=anna, mandate=Mandate.BY_OFFICE)


def test_a_representative_gets_a_mandate_and_may_sign() -> None:
    """Given Anna speaks for the bakery, when her office is recorded, then she may sign; before, she might not."""
    assert not bakery.may_sign(anna)
    (fact,) = decide(bakery, by_office)
    assert fact == MandateGiven(person=anna, mandate=Mandate.BY_OFFICE)
    assert evolve(bakery, fact).may_sign(anna)
    assert not evolve(bakery, fact).may_sign(ben)


def test_another_mandate_takes_the_earlier_one_s_place() -> None:
    """Given a mandate by word, when it comes in writing, then that is recorded; the same again is refused."""
    by_word = replace(bakery, mandates={anna: Mandate.BY_WORD})
    in_writing = GiveMandate(person=anna, mandate=Mandate.IN_WRITING)
    (fact,) = decide(by_word, in_writing)
    assert evolve(by_word, fact).mandates == {anna: Mandate.IN_WRITING}
    refused(refusals.MandateGivenAlready, lambda: decide(evolve(by_word, fact), in_writing))


def test_a_mandate_is_withdrawn_from_a_representative_and_with_it_the_word() -> None:
    """Given Anna left, when her mandate is withdrawn, then she neither signs nor speaks; named anew, she may."""
    mandated = replace(bakery, mandates={anna: Mandate.BY_OFFICE})
    (fact,) = decide(mandated, WithdrawMandate(person=anna))
    assert fact == MandateWithdrawn(person=anna)
    left = evolve(mandated, fact)
    assert (left.representatives, left.mandates) == (frozenset(), {})
    refused(refusals.NotRepresentative, lambda: decide(left, WithdrawMandate(person=anna)))
    again = NameRepresentative(person=anna, personal=Personal(person=anna, values={"name": "Anna"}))
    assert decide(left, again) == (RepresentativeNamed(person=anna),)


def test_nobody_else_gets_or_loses_a_mandate() -> None:
    """Given Ben doesn't speak for the bakery, when a mandate is given or taken, then it is refused."""
    for command in (GiveMandate(person=ben, mandate=Mandate.BY_WORD), WithdrawMandate(person=ben)):
        with pytest.raises(refusals.NotRepresentative):
            decide(bakery, command)
        with pytest.raises(NotThere):
            decide(None, command)
    for fact in (MandateGiven(person=ben, mandate=Mandate.BY_WORD), MandateWithdrawn(person=ben)):
        with pytest.raises(LogDamaged):
            replay((registered, fact))
