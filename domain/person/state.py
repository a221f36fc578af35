"""What is known of what is held on a person.

Held <--> Held under a restriction          (restricted, restriction_lifted; corrected and note_erased change neither)
  |
  +--erased--> Erased: nothing more happens to it
"""

from collections.abc import Iterable

from domain.frozen import dataclass, replace
from domain.identity import EventId
from domain.person.events import (
    Fact,
    NoteErased,
    PersonErased,
    PersonRestricted,
    RestrictionLifted,
    ValueCorrected,
)
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is held on a person: under which restriction, which notes of theirs are erased, whether all of it is."""

    restriction: PersonRestricted | None = None
    erased_notes: frozenset[EventId] = frozenset()
    erased: bool = False


def evolve(person: Person, fact: Fact) -> Person:
    """What is held after `fact`. Facts have happened: nothing is refused here."""
    if person.erased:
        raise LogDamaged(person, fact)
    match fact:
        case PersonErased():
            return replace(person, restriction=None, erased=True)
        case NoteErased(event=event):
            return replace(person, erased_notes=person.erased_notes | {event})
        case ValueCorrected():
            return person
        case PersonRestricted():
            return replace(person, restriction=fact)
        case RestrictionLifted():
            return replace(person, restriction=None)
        case _:
            raise LogDamaged(person, fact)


def replay(facts: Iterable[Fact]) -> Person:
    """What is held as `facts` tell; before the first one whatever was given."""
    person = Person()
    for fact in facts:
        person = evolve(person, fact)
    return person
