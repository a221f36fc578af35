"""What is held on a person: restricted, corrected, erased, and by whom they are succeeded."""

from datetime import date

import pytest

from domain.access import members
from domain.access.role import Role
from domain.identity import EventId, KeyId, OrganisationId, PersonId, StreamId, person_stream
from domain.organisation import decisions as organisations
from domain.organisation.events import MandateWithdrawn, RepresentativeNamed, Side
from domain.organisation.state import Organisation
from domain.organisation.state import evolve as organisation_after
from domain.person.commands import CorrectPerson, EraseNote, ErasePerson, LiftRestriction, RestrictPerson
from domain.person.decisions import decide
from domain.person.events import Basis, Field, NoteErased, PersonErased, PersonRestricted, ValueCorrected
from domain.person.refusals import (
    NoteIsErased,
    NotRestricted,
    OwnSuccessor,
    PersonIsErased,
    RestrictionInThePast,
    StillRestricted,
)
from domain.person.state import Person, evolve, replay
from domain.personal import Personal
from domain.refusal import LogDamaged

ANNA = PersonId("00000000-0000-4000-8000-00000000000a")
BERND = PersonId("00000000-0000-4000-8000-00000000000b")
TODAY = date(2026, 11, 23)
NOTE = EventId("00000000-0000-4000-8000-00000000000e")
KEPT = PersonRestricted(person=ANNA, until=date(2026, 12, 31), basis=Basis.TAX_RECORDS)
ERASE = ErasePerson(person=ANNA, successor=None)
CORRECT = CorrectPerson(person=ANNA, field=Field.NAME, personal=Personal(person=ANNA, values={"name": "Anna Berg"}))


def test_an_erased_person_is_gone_for_good() -> None:
    """Given someone on whom things are held, when erased, then nothing more is held, corrected, kept or erased."""
    facts = decide(Person(), ErasePerson(person=ANNA, successor=BERND), TODAY)
    assert facts == (PersonErased(person=ANNA, successor=BERND),)
    gone = replay(facts)
    for command in (ERASE, CORRECT, EraseNote(person=ANNA, event=NOTE), LiftRestriction(person=ANNA)):
        with pytest.raises(PersonIsErased):
            decide(gone, command, TODAY)
    with pytest.raises(LogDamaged):
        evolve(gone, ValueCorrected(person=ANNA, field=Field.NAME))


def test_nobody_succeeds_themselves() -> None:
    """Given an erasure, when the successor is the person, then it is refused."""
    with pytest.raises(OwnSuccessor):
        decide(Person(), ErasePerson(person=ANNA, successor=ANNA), TODAY)


@pytest.mark.parametrize("command", [ERASE, EraseNote(person=ANNA, event=NOTE), CORRECT])
def test_what_has_to_be_kept_isn_t_destroyed(command: ErasePerson | EraseNote | CorrectPerson) -> None:
    """Given a restriction, when what destroys is asked for up to its day, then it is refused with day and basis."""
    kept = replay([KEPT])
    for day in (TODAY, KEPT.until):
        with pytest.raises(StillRestricted) as refused:
            decide(kept, command, day)
        assert (refused.value.until, refused.value.basis) == (KEPT.until, Basis.TAX_RECORDS)
    assert decide(kept, command, date(2027, 1, 1))
    assert decide(replay([KEPT, *decide(kept, LiftRestriction(person=ANNA), TODAY)]), command, TODAY)


def test_a_restriction_is_for_days_to_come() -> None:
    """Given a day, when it is over, then it restricts nothing; and nothing is lifted that isn't there."""
    assert decide(Person(), RestrictPerson(person=ANNA, until=TODAY, basis=Basis.LEGAL_CLAIMS), TODAY)
    with pytest.raises(RestrictionInThePast):
        decide(Person(), RestrictPerson(person=ANNA, until=date(2026, 11, 22), basis=Basis.LEGAL_CLAIMS), TODAY)
    with pytest.raises(NotRestricted):
        decide(Person(), LiftRestriction(person=ANNA), TODAY)


def test_a_note_is_erased_once() -> None:
    """Given a note, when erased twice, then the second time there is nothing to do."""
    facts = decide(Person(), EraseNote(person=ANNA, event=NOTE), TODAY)
    assert facts == (NoteErased(person=ANNA, event=NOTE),)
    with pytest.raises(NoteIsErased):
        decide(replay(facts), EraseNote(person=ANNA, event=NOTE), TODAY)


def test_a_successor_speaks_in_the_erased_ones_place() -> None:
    """Given a representative, when let go, then a successor is named unless they speak for it already; no mandate."""
    bakery = Organisation(name="Bäckerei", side=Side.COMPANY, rehearsal=False, representatives=frozenset({ANNA}))
    facts = organisations.let_go(bakery, ANNA, BERND)
    assert facts == (MandateWithdrawn(person=ANNA), RepresentativeNamed(person=BERND))
    after: Organisation | None = bakery
    for fact in facts:
        after = organisation_after(after, fact)
    assert after is not None
    assert (after.representatives, after.mandates) == (frozenset({BERND}), {})
    assert organisations.let_go(after, ANNA, BERND) == ()
    assert organisations.let_go(after, BERND, None) == (MandateWithdrawn(person=BERND),)
    merged = Organisation(
        name="Bäckerei",
        side=Side.COMPANY,
        rehearsal=False,
        representatives=frozenset({ANNA}),
        merged_into=OrganisationId(StreamId(BERND)),
    )
    assert organisations.let_go(merged, ANNA, BERND) == ()


def test_a_member_leaves_with_all_roles_and_keys() -> None:
    """Given members with keys, when one leaves, then theirs open nothing and the others' do."""
    access = members.replay(
        [
            members.MemberAdded(person=ANNA),
            members.MemberAdded(person=BERND),
            members.RoleGranted(person=ANNA, role=Role.CLERK),
            members.RoleGranted(person=BERND, role=Role.CLERK),
            members.KeyIssued(key=KeyId("a"), person=ANNA, role=Role.CLERK),
            members.KeyIssued(key=KeyId("b"), person=BERND, role=Role.CLERK),
        ]
    )
    (left,) = members.let_go(access, ANNA)
    after = members.evolve(access, left)
    assert (after.members, set(after.keys)) == (frozenset({BERND}), {KeyId("b")})
    assert {held.person for held in after.roles} == {BERND}
    assert members.let_go(after, ANNA) == ()
    with pytest.raises(LogDamaged):
        members.evolve(after, left)


def test_a_persons_stream_is_not_a_sole_traders_organisation() -> None:
    """Given a sole trader, whose pseudonym is the organisation's id, then the streams are two."""
    assert str(person_stream(ANNA)) != str(ANNA)
