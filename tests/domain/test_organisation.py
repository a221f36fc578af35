"""Who signs for an organisation, with whose word, and what becomes of an entry made twice."""

from dataclasses import replace

import pytest

from domain.identity import PersonId
from domain.organisation import refusals
from domain.organisation.commands import (
    GiveMandate,
    MergeOrganisation,
    NameRepresentative,
    TellApart,
    WithdrawMandate,
)
from domain.organisation.decisions import MAX_REPRESENTATIVES, decide, merge, tell_apart
from domain.organisation.events import (
    Mandate,
    MandateGiven,
    MandateWithdrawn,
    OrganisationAbsorbed,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationToldApart,
    RepresentativeNamed,
    Side,
)
from domain.organisation.state import Organisation, evolve, replay
from domain.participation.commands import RequestParticipation
from domain.participation.decisions import request
from domain.personal import Personal
from domain.refusal import LogDamaged, NotThere
from tests.domain.people import anna, bakers, ben, food_bankers, mechanics, refused, registering, ruhrdax

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


double = replace(bakery, name="Bakery Ltd", representatives=frozenset({ben}), mandates={ben: Mandate.IN_WRITING})
into_bakers = MergeOrganisation(duplicate=mechanics, into=bakers)


def kept_after(fact_by_fact: tuple[object, ...], kept: Organisation = bakery) -> Organisation:
    """The kept organisation after its facts."""
    for fact in fact_by_fact:
        kept = evolve(kept, fact)  # type: ignore[arg-type]
    return kept


def test_a_duplicate_is_merged_and_its_people_and_mandates_come_along() -> None:
    """Given the bakery stands twice, when one entry is merged into the other, then that one knows both's people."""
    theirs, its = merge(into_bakers, double, bakery)
    assert theirs == (OrganisationMerged(into=bakers),)
    assert its[0] == OrganisationAbsorbed(organisation=mechanics, representatives=(ben,))
    kept = kept_after(its)
    assert (kept.representatives, kept.absorbed) == (frozenset({anna, ben}), frozenset({mechanics}))
    assert kept.may_sign(ben)
    assert not kept.may_sign(anna)


def test_the_kept_one_s_mandate_stays_the_one_that_holds() -> None:
    """Given Anna has a mandate at both entries, when they are merged, then the kept one's holds."""
    both = replace(double, representatives=frozenset({anna}), mandates={anna: Mandate.BY_WORD})
    _, its = merge(into_bakers, both, replace(bakery, mandates={anna: Mandate.BY_OFFICE}))
    assert its == (OrganisationAbsorbed(organisation=mechanics, representatives=(anna,)),)


def test_nothing_more_happens_to_an_entry_that_was_merged_away() -> None:
    """Given a merged entry, when anything is asked of it, then the refusal names the entry that was kept."""
    gone = evolve(double, OrganisationMerged(into=bakers))
    named = NameRepresentative(person=anna, personal=Personal(person=anna, values={"name": "Anna"}))
    asked = (
        lambda: decide(gone, named),
        lambda: decide(gone, GiveMandate(person=ben, mandate=Mandate.BY_WORD)),
        lambda: decide(gone, WithdrawMandate(person=ben)),
        lambda: merge(into_bakers, gone, bakery),
        lambda: merge(into_bakers, bakery, gone),
        lambda: tell_apart(TellApart(organisation=mechanics, other=bakers), gone, bakery),
        lambda: tell_apart(TellApart(organisation=bakers, other=mechanics), bakery, gone),
        lambda: request(RequestParticipation(marketplace=ruhrdax, organisation=mechanics), None, registering, gone),
    )
    for ask in asked:
        with pytest.raises(refusals.MergedAway) as told:
            ask()
        assert told.value.kept == bakers
    with pytest.raises(LogDamaged):
        evolve(gone, RepresentativeNamed(person=anna))


def test_merging_never_runs_in_a_circle() -> None:
    """Given one entry was merged into another, when that is to be merged back, or into itself, then it is refused."""
    gone = evolve(double, OrganisationMerged(into=bakers))
    refused(refusals.MergedAway, lambda: merge(MergeOrganisation(duplicate=bakers, into=mechanics), bakery, gone))
    refused(refusals.SameEntry, lambda: merge(MergeOrganisation(duplicate=bakers, into=bakers), bakery, bakery))


def test_who_absorbed_a_duplicate_may_be_merged_in_turn() -> None:
    """Given the kept entry turns out to be a duplicate, when it is merged, then everybody comes along."""
    _, its = merge(into_bakers, double, bakery)
    onwards = MergeOrganisation(duplicate=bakers, into=food_bankers)
    (merged,), (absorbed, *_) = merge(onwards, kept_after(its), replace(bakery, representatives=frozenset()))
    assert merged == OrganisationMerged(into=food_bankers)
    assert isinstance(absorbed, OrganisationAbsorbed)
    assert set(absorbed.representatives) == {anna, ben}


def test_rehearsal_and_real_are_never_merged() -> None:
    """Given one entry of a rehearsal, when it is merged with a real one or with nothing, then it is refused."""
    refused(refusals.RehearsalAndRealMerged, lambda: merge(into_bakers, replace(double, rehearsal=True), bakery))
    refused(NotThere, lambda: merge(into_bakers, None, bakery))
    refused(NotThere, lambda: merge(into_bakers, double, None))


def test_an_organisation_s_representatives_fit_one_record() -> None:
    """Given a hundred speak for the bakery, when another is named or merged in, then it is refused."""
    crowd = replace(bakery, representatives=frozenset(PersonId(str(n)) for n in range(MAX_REPRESENTATIVES)))
    named = NameRepresentative(person=anna, personal=Personal(person=anna, values={"name": "Anna"}))
    refused(refusals.TooManyRepresentatives, lambda: decide(crowd, named))
    refused(refusals.TooManyRepresentatives, lambda: merge(into_bakers, double, crowd))


def test_two_that_look_alike_are_told_apart_once_and_may_be_merged_after_all() -> None:
    """Given two bakeries, when they are told apart, then it stands, from either side; a later merging is a new word."""
    apart = TellApart(organisation=bakers, other=mechanics)
    (fact,) = tell_apart(apart, bakery, double)
    assert fact == OrganisationToldApart(other=mechanics)
    told = evolve(bakery, fact)
    back = TellApart(organisation=mechanics, other=bakers)
    refused(refusals.ToldApartAlready, lambda: tell_apart(apart, told, double))
    refused(refusals.ToldApartAlready, lambda: tell_apart(back, double, told))
    refused(refusals.SameEntry, lambda: tell_apart(TellApart(organisation=bakers, other=bakers), bakery, bakery))
    refused(NotThere, lambda: tell_apart(apart, bakery, None))
    assert merge(into_bakers, double, told)
