"""What follows from a request about an organisation: facts, or a refusal."""

from collections.abc import Collection

from domain.identity import PersonId
from domain.organisation.commands import (
    Alone,
    GiveMandate,
    MergeOrganisation,
    NameRepresentative,
    RegisterOrganisation,
    TellApart,
    WithdrawMandate,
)
from domain.organisation.events import (
    Fact,
    MandateGiven,
    MandateWithdrawn,
    OrganisationAbsorbed,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationToldApart,
    RepresentativeNamed,
)
from domain.organisation.refusals import (
    AlreadyRegistered,
    AlreadyRepresentative,
    MandateGivenAlready,
    MergedAway,
    NeedsOneName,
    NotRepresentative,
    RehearsalAndRealMerged,
    SameEntry,
    ToldApartAlready,
    TooManyRepresentatives,
)
from domain.organisation.state import Organisation
from domain.refusal import NotThere
from domain.words import MAX_TITLE, must_be_words_if_any

MAX_REPRESENTATIVES = 100


def decide(organisation: Organisation | None, command: Alone) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    match command:
        case RegisterOrganisation():
            must_be_unknown(organisation)
            must_have_one_name(command)
            return (OrganisationRegistered(name=command.name, side=command.side, rehearsal=command.rehearsal),)
        case NameRepresentative(person=person):
            known = must_stand_for_itself(organisation)
            if person in known.representatives:
                raise AlreadyRepresentative
            must_be_few_enough(known.representatives | {person})
            return (RepresentativeNamed(person=person),)
        case GiveMandate(person=person, mandate=mandate):
            if must_be_represented_by(organisation, person).mandates.get(person) is mandate:
                raise MandateGivenAlready
            return (MandateGiven(person=person, mandate=mandate),)
        case WithdrawMandate(person=person):
            must_be_represented_by(organisation, person)
            return (MandateWithdrawn(person=person),)


def merge(
    command: MergeOrganisation, duplicate: Organisation | None, kept: Organisation | None
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The facts of a merging, first the duplicate's, then the kept one's. Who was told apart may be merged after all.

    Neither is merged away before, so that the way from an entry to the one that is kept never runs in a circle. The
    duplicate's mandates hold for the kept one, unless the person has one there.
    """
    if command.duplicate == command.into:
        raise SameEntry
    gone, stays = must_stand_for_itself(duplicate), must_stand_for_itself(kept)
    if gone.rehearsal != stays.rehearsal:
        raise RehearsalAndRealMerged
    must_be_few_enough(gone.representatives | stays.representatives)
    theirs = tuple(sorted(gone.representatives))
    mandates = tuple(
        MandateGiven(person=person, mandate=gone.mandates[person])
        for person in theirs
        if person in gone.mandates and person not in stays.mandates
    )
    absorbed = OrganisationAbsorbed(organisation=command.duplicate, representatives=theirs)
    return (OrganisationMerged(into=command.into),), (absorbed, *mandates)


def let_go(organisation: Organisation | None, person: PersonId, successor: PersonId | None) -> tuple[Fact, ...]:
    """The facts that a person speaks for the organisation no longer, and `successor` does; nothing where they didn't.

    A mandate to sign isn't handed on: the organisation gives it.
    """
    if organisation is None or organisation.merged_into is not None or person not in organisation.representatives:
        return ()
    gone = MandateWithdrawn(person=person)
    if successor is None or successor in organisation.representatives:
        return (gone,)
    return gone, RepresentativeNamed(person=successor)


def tell_apart(
    command: TellApart, organisation: Organisation | None, other: Organisation | None
) -> tuple[OrganisationToldApart, ...]:
    """The fact that two organisations only look alike, on either of the two."""
    if command.organisation == command.other:
        raise SameEntry
    one, another = must_stand_for_itself(organisation), must_stand_for_itself(other)
    if command.other in one.told_apart or command.organisation in another.told_apart:
        raise ToldApartAlready
    return (OrganisationToldApart(other=command.other),)


def must_be_unknown(organisation: Organisation | None) -> None:
    """An organisation is registered once."""
    if organisation is not None:
        raise AlreadyRegistered


def must_stand_for_itself(organisation: Organisation | None) -> Organisation:
    """Whatever else is asked, is asked about an organisation that registered, at the entry that was kept."""
    if organisation is None:
        raise NotThere
    if organisation.merged_into is not None:
        raise MergedAway(organisation.merged_into)
    return organisation


def must_be_few_enough(representatives: Collection[PersonId]) -> None:
    """So few that a record can name them all."""
    if len(representatives) > MAX_REPRESENTATIVES:
        raise TooManyRepresentatives


def must_be_represented_by(organisation: Organisation | None, person: PersonId) -> Organisation:
    """A mandate is given to, and taken from, somebody who speaks for the organisation."""
    known = must_stand_for_itself(organisation)
    if person not in known.representatives:
        raise NotRepresentative
    return known


def must_have_one_name(command: RegisterOrganisation) -> None:
    """Either a name in the open or a sole trader's under seal."""
    if (command.name is None) == (command.personal is None):
        raise NeedsOneName
    must_be_words_if_any(command.name, MAX_TITLE)
