"""What follows from a request about an organisation: facts, or a refusal."""

from domain.identity import PersonId
from domain.organisation.commands import (
    Command,
    GiveMandate,
    NameRepresentative,
    RegisterOrganisation,
    WithdrawMandate,
)
from domain.organisation.events import (
    Fact,
    MandateGiven,
    MandateWithdrawn,
    OrganisationRegistered,
    RepresentativeNamed,
)
from domain.organisation.refusals import (
    AlreadyRegistered,
    AlreadyRepresentative,
    MandateGivenAlready,
    NeedsOneName,
    NotRepresentative,
)
from domain.organisation.state import Organisation
from domain.refusal import NotThere
from domain.words import MAX_TITLE, must_be_words_if_any


def decide(organisation: Organisation | None, command: Command) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    match command:
        case RegisterOrganisation():
            must_be_unknown(organisation)
            must_have_one_name(command)
            return (OrganisationRegistered(name=command.name, side=command.side, rehearsal=command.rehearsal),)
        case NameRepresentative(person=person):
            if person in must_be_known(organisation).representatives:
                raise AlreadyRepresentative
            return (RepresentativeNamed(person=person),)
        case GiveMandate(person=person, mandate=mandate):
            if must_be_represented_by(organisation, person).mandates.get(person) is mandate:
                raise MandateGivenAlready
            return (MandateGiven(person=person, mandate=mandate),)
        case WithdrawMandate(person=person):
            must_be_represented_by(organisation, person)
            return (MandateWithdrawn(person=person),)


def must_be_unknown(organisation: Organisation | None) -> None:
    """An organisation is registered once."""
    if organisation is not None:
        raise AlreadyRegistered


def must_be_known(organisation: Organisation | None) -> Organisation:
    """Whatever else is asked, is asked about an organisation that registered."""
    if organisation is None:
        raise NotThere
    return organisation


def must_be_represented_by(organisation: Organisation | None, person: PersonId) -> Organisation:
    """A mandate is given to, and taken from, somebody who speaks for the organisation."""
    known = must_be_known(organisation)
    if person not in known.representatives:
        raise NotRepresentative
    return known


def must_have_one_name(command: RegisterOrganisation) -> None:
    """Either a name in the open or a sole trader's under seal."""
    if (command.name is None) == (command.personal is None):
        raise NeedsOneName
    must_be_words_if_any(command.name, MAX_TITLE)
