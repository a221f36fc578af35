"""What follows from a request about an organisation: facts, or a refusal."""

from domain.organisation.commands import Command, NameRepresentative, RegisterOrganisation
from domain.organisation.events import Fact, OrganisationRegistered, RepresentativeNamed
from domain.organisation.refusals import AlreadyRegistered, AlreadyRepresentative, NeedsOneName
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
            if organisation is None:
                raise NotThere
            if person in organisation.representatives:
                raise AlreadyRepresentative
            return (RepresentativeNamed(person=person),)


def must_be_unknown(organisation: Organisation | None) -> None:
    """An organisation is registered once."""
    if organisation is not None:
        raise AlreadyRegistered


def must_have_one_name(command: RegisterOrganisation) -> None:
    """Either a name in the open or a sole trader's under seal."""
    if (command.name is None) == (command.personal is None):
        raise NeedsOneName
    must_be_words_if_any(command.name, MAX_TITLE)
