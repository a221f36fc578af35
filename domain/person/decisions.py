"""What follows from a request about what is held on a person: facts, or a refusal."""

from datetime import date

from domain.person.commands import Command, CorrectPerson, EraseNote, ErasePerson, LiftRestriction, RestrictPerson
from domain.person.events import (
    Fact,
    NoteErased,
    PersonErased,
    PersonRestricted,
    RestrictionLifted,
    ValueCorrected,
)
from domain.person.refusals import (
    NoteIsErased,
    NotRestricted,
    OwnSuccessor,
    PersonIsErased,
    RestrictionInThePast,
    StillRestricted,
)
from domain.person.state import Person


def decide(person: Person, command: Command, today: date) -> tuple[Fact, ...]:
    """The facts that carry out `command` on the host's `today`; raises a `Refusal` when a rule forbids it."""
    must_be_held(person)
    match command:
        case ErasePerson():
            must_not_be_kept(person, today)
            must_be_somebody_else(command)
            return (PersonErased(person=command.person, successor=command.successor),)
        case EraseNote(event=event):
            must_not_be_kept(person, today)
            if event in person.erased_notes:
                raise NoteIsErased
            return (NoteErased(person=command.person, event=event),)
        case CorrectPerson(field=field):
            must_not_be_kept(person, today)
            return (ValueCorrected(person=command.person, field=field),)
        case RestrictPerson(until=until, basis=basis):
            if until < today:
                raise RestrictionInThePast
            return (PersonRestricted(person=command.person, until=until, basis=basis),)
        case LiftRestriction():
            if person.restriction is None:
                raise NotRestricted
            return (RestrictionLifted(person=command.person),)


def must_be_held(person: Person) -> None:
    """Of an erased person nothing is held, changed or kept again."""
    if person.erased:
        raise PersonIsErased


def must_not_be_kept(person: Person, today: date) -> None:
    """What the law has kept isn't destroyed before its day is over; a correction destroys what was wrong."""
    kept = person.restriction
    if kept is not None and today <= kept.until:
        raise StillRestricted(kept.until, kept.basis)


def must_be_somebody_else(command: ErasePerson) -> None:
    """What is left open goes to somebody who stays."""
    if command.successor == command.person:
        raise OwnSuccessor
