"""What is known of an organisation.

(nothing) --registered--> Organisation --representative_named, mandate_given, mandate_withdrawn--> Organisation
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from domain.identity import PersonId
from domain.organisation.events import (
    Fact,
    Mandate,
    MandateGiven,
    MandateWithdrawn,
    OrganisationRegistered,
    RepresentativeNamed,
    Side,
)
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A registered organisation, its representatives, and with which mandate some of them sign."""

    name: str | None
    side: Side
    rehearsal: bool
    representatives: frozenset[PersonId] = frozenset()
    mandates: Mapping[PersonId, Mandate] = field(default_factory=dict)

    def may_sign(self, person: PersonId) -> bool:
        """Whether the person's signature binds the organisation: to speak for it isn't enough."""
        return person in self.mandates


def evolve(organisation: Organisation | None, fact: Fact) -> Organisation:
    """The organisation after `fact`. Facts have happened: nothing is refused here."""
    match organisation, fact:
        case None, OrganisationRegistered(name=name, side=side, rehearsal=rehearsal):
            return Organisation(name=name, side=side, rehearsal=rehearsal)
        case Organisation(representatives=others), RepresentativeNamed(person=person):
            return replace(organisation, representatives=others | {person})
        case Organisation(representatives=who, mandates=given), MandateGiven(person=person, mandate=mandate) if (
            person in who
        ):
            return replace(organisation, mandates={**given, person: mandate})
        case Organisation(representatives=who, mandates=given), MandateWithdrawn(person=person) if person in who:
            left = {other: mandate for other, mandate in given.items() if other != person}
            return replace(organisation, representatives=who - {person}, mandates=left)
        case _:
            raise LogDamaged(organisation, fact)


def replay(facts: Iterable[Fact]) -> Organisation | None:
    """The organisation that `facts` tell, from its registration on."""
    organisation: Organisation | None = None
    for fact in facts:
        organisation = evolve(organisation, fact)
    return organisation
