"""What is known of an organisation.

(nothing) --registered--> Organisation --merged--> Organisation that is merged away: nothing more happens to it
                          ^          |
                          +----------+ representative_named, mandate_given, mandate_withdrawn, absorbed, told_apart
"""

from collections.abc import Iterable, Mapping
from dataclasses import field

from domain.frozen import dataclass, replace
from domain.identity import OrganisationId, PersonId
from domain.organisation.events import (
    Fact,
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
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A registered organisation, its representatives, and with which mandate some of them sign.

    When it was a duplicate, `merged_into` stands for it; `absorbed` are its own duplicates, `told_apart` its doubles.
    """

    name: str | None
    side: Side
    rehearsal: bool
    representatives: frozenset[PersonId] = frozenset()
    mandates: Mapping[PersonId, Mandate] = field(default_factory=dict)
    merged_into: OrganisationId | None = None
    absorbed: frozenset[OrganisationId] = frozenset()
    told_apart: frozenset[OrganisationId] = frozenset()

    def may_sign(self, person: PersonId) -> bool:
        """Whether the person's signature binds the organisation: to speak for it isn't enough."""
        return person in self.mandates


def evolve(organisation: Organisation | None, fact: Fact) -> Organisation:
    """The organisation after `fact`. Facts have happened: nothing is refused here."""
    match organisation, fact:
        case None, OrganisationRegistered(name=name, side=side, rehearsal=rehearsal):
            return Organisation(name=name, side=side, rehearsal=rehearsal)
        case Organisation(merged_into=None), _:
            return _after(organisation, fact)
        case _:
            raise LogDamaged(organisation, fact)


def _after(organisation: Organisation, fact: Fact) -> Organisation:
    who, given = organisation.representatives, organisation.mandates
    match fact:
        case RepresentativeNamed(person=person):
            return replace(organisation, representatives=who | {person})
        case MandateGiven(person=person, mandate=mandate) if person in who:
            return replace(organisation, mandates={**given, person: mandate})
        case MandateWithdrawn(person=person) if person in who:
            left = {other: mandate for other, mandate in given.items() if other != person}
            return replace(organisation, representatives=who - {person}, mandates=left)
        case OrganisationMerged(into=into):
            return replace(organisation, merged_into=into)
        case OrganisationAbsorbed(organisation=duplicate, representatives=theirs):
            absorbed = organisation.absorbed | {duplicate}
            return replace(organisation, absorbed=absorbed, representatives=who.union(theirs))
        case OrganisationToldApart(other=other):
            return replace(organisation, told_apart=organisation.told_apart | {other})
        case _:
            raise LogDamaged(organisation, fact)


def replay(facts: Iterable[Fact]) -> Organisation | None:
    """The organisation that `facts` tell, from its registration on."""
    organisation: Organisation | None = None
    for fact in facts:
        organisation = evolve(organisation, fact)
    return organisation
