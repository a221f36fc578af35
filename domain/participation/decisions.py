"""What follows from a request about taking part: facts, or a refusal."""

from typing import assert_never

from domain.identity import MarketplaceId
from domain.marketplace.decisions import must_not_be_over
from domain.marketplace.state import Marketplace
from domain.organisation.decisions import must_stand_for_itself
from domain.organisation.state import Organisation
from domain.participation.commands import (
    Admit,
    CancelParticipation,
    CheckIn,
    Decline,
    RequestParticipation,
)
from domain.participation.events import (
    CheckedIn,
    Fact,
    ParticipationAdmitted,
    ParticipationCancelled,
    ParticipationDeclined,
    ParticipationRequested,
)
from domain.participation.refusals import (
    AlreadyCheckedIn,
    AlreadyRequested,
    NotAdmitted,
    NotOnTheFloor,
    NotWaiting,
    ParticipationOver,
    RehearsalAndRealMixed,
)
from domain.participation.state import Admitted, NotComing, OnTheFloor, Participation, Requested
from domain.refusal import NotThere


def request(
    command: RequestParticipation,
    participation: Participation | None,
    marketplace: Marketplace | None,
    organisation: Organisation | None,
) -> tuple[Fact, ...]:
    """The facts of an organisation's request to take part; raises a `Refusal` when a rule forbids it."""
    if marketplace is None or organisation is None:
        raise NotThere
    if participation is not None:
        raise AlreadyRequested
    plan = must_not_be_over(marketplace).plan
    must_be_of_one_kind(plan.rehearsal, organisation.rehearsal)
    must_stand_for_itself(organisation)
    return (
        ParticipationRequested(
            marketplace=command.marketplace,
            organisation=command.organisation,
            side=organisation.side,
            rehearsal=plan.rehearsal,
        ),
    )


def decide(
    participation: Participation | None, command: Admit | Decline | CheckIn | CancelParticipation
) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    if participation is None:
        raise NotThere
    match command:
        case Admit():
            must_be_waiting(participation)
            return (ParticipationAdmitted(),)
        case Decline(reason=reason):
            must_be_waiting(participation)
            return (ParticipationDeclined(reason=reason),)
        case CheckIn():
            must_be_expected(participation)
            return (CheckedIn(),)
        case CancelParticipation():
            if isinstance(participation, NotComing):
                raise ParticipationOver
            return (ParticipationCancelled(),)
        case _:
            assert_never(command)


def must_be_of_one_kind(edition: bool, organisation: bool) -> None:
    """A rehearsal stays among rehearsal organisations, so that no real trail names one."""
    if edition != organisation:
        raise RehearsalAndRealMixed


def must_be_waiting(participation: Participation) -> None:
    """The host answers a request once."""
    if not isinstance(participation, Requested):
        raise NotWaiting


def must_be_expected(participation: Participation) -> None:
    """Who comes in was admitted, and comes in once."""
    match participation:
        case OnTheFloor():
            raise AlreadyCheckedIn
        case Requested():
            raise NotAdmitted
        case NotComing():
            raise ParticipationOver
        case Admitted():
            return


def must_take_part(participation: Participation | None, marketplace: MarketplaceId) -> Participation:
    """Who publishes a listing is admitted to this edition."""
    if participation is None or participation.marketplace != marketplace:
        raise NotThere
    if not isinstance(participation, Admitted | OnTheFloor):
        raise NotAdmitted
    return participation


def must_be_on_the_floor(participation: Participation | None, marketplace: MarketplaceId) -> OnTheFloor:
    """Who negotiates is checked in at this edition."""
    if participation is None or participation.marketplace != marketplace:
        raise NotThere
    if not isinstance(participation, OnTheFloor):
        raise NotOnTheFloor
    return participation
