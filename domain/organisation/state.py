"""What is known of an organisation.

(nothing) --registered--> Organisation --representative_named--> Organisation
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.identity import PersonId
from domain.organisation.events import Fact, OrganisationRegistered, RepresentativeNamed, Side
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A registered organisation and its representatives."""

    name: str | None
    side: Side
    rehearsal: bool
    representatives: frozenset[PersonId] = frozenset()


def evolve(organisation: Organisation | None, fact: Fact) -> Organisation:
    """The organisation after `fact`. Facts have happened: nothing is refused here."""
    match organisation, fact:
        case None, OrganisationRegistered(name=name, side=side, rehearsal=rehearsal):
            return Organisation(name=name, side=side, rehearsal=rehearsal)
        case Organisation(representatives=others), RepresentativeNamed(person=person):
            return replace(organisation, representatives=others | {person})
        case _:
            raise LogDamaged(organisation, fact)


def replay(facts: Iterable[Fact]) -> Organisation | None:
    """The organisation that `facts` tell, from its registration on."""
    organisation: Organisation | None = None
    for fact in facts:
        organisation = evolve(organisation, fact)
    return organisation
