"""What follows from a request about taking part: facts, or a refusal."""

from typing import assert_never

from domain.identity import MarketplaceId, WorkshopId
from domain.marketplace.decisions import must_not_be_over
from domain.marketplace.refusals import MarketplaceOver
from domain.marketplace.state import AfterTrading, CalledOff, Marketplace, Trading
from domain.organisation.decisions import must_stand_for_itself
from domain.organisation.state import Organisation
from domain.participation.badge import MAX_BADGES, is_code
from domain.participation.commands import (
    Admit,
    CancelParticipation,
    CheckIn,
    Decline,
    IssueBadge,
    Move,
    RecordNoShow,
    RecordWorkshop,
    RequestParticipation,
)
from domain.participation.events import (
    BadgeIssued,
    CheckedIn,
    DidNotCome,
    Fact,
    ParticipationAdmitted,
    ParticipationCancelled,
    ParticipationDeclined,
    ParticipationRequested,
    RequestedAgain,
    WorkshopAttended,
)
from domain.participation.refusals import (
    AlreadyCheckedIn,
    AlreadyRequested,
    AttendedAlready,
    BadgeKnown,
    CodeUnreadable,
    IsHere,
    NoShowAlready,
    NoSuchWorkshop,
    NotAdmitted,
    NotARepresentative,
    NotOnTheFloor,
    NotOpenedYet,
    NotWaiting,
    ParticipationOver,
    RehearsalAndRealMixed,
    TooManyBadges,
)
from domain.participation.state import Admitted, NoShow, NotComing, OnTheFloor, Participation, Requested
from domain.refusal import NotThere


def request(
    command: RequestParticipation,
    participation: Participation | None,
    marketplace: Marketplace | None,
    organisation: Organisation | None,
) -> tuple[Fact, ...]:
    """The facts of an organisation's request to take part; raises a `Refusal` when a rule forbids it.

    Who was declined or has cancelled may ask once more; its badges and workshops stay.
    """
    if marketplace is None or organisation is None:
        raise NotThere
    if participation is not None and not isinstance(participation, NotComing):
        raise AlreadyRequested
    plan = must_not_be_over(marketplace).plan
    must_be_of_one_kind(plan.rehearsal, organisation.rehearsal)
    must_stand_for_itself(organisation)
    if participation is not None:
        return (RequestedAgain(),)
    return (
        ParticipationRequested(
            marketplace=command.marketplace,
            organisation=command.organisation,
            side=organisation.side,
            rehearsal=plan.rehearsal,
        ),
    )


def decide(participation: Participation | None, command: Move, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts that carry out `command`; raises a `Refusal` when a rule forbids it."""
    if participation is None or marketplace is None:
        raise NotThere
    match command:
        case Admit():
            must_be_waiting(participation)
            must_not_be_called_off(marketplace)
            return (ParticipationAdmitted(),)
        case Decline(reason=reason):
            must_be_waiting(participation)
            return (ParticipationDeclined(reason=reason),)
        case CheckIn():
            must_be_expected(participation)
            must_not_be_called_off(marketplace)
            return (CheckedIn(),)
        case CancelParticipation():
            must_not_be_settled(participation)
            return (ParticipationCancelled(),)
        case RecordNoShow():
            must_be_missed(participation)
            must_not_be_called_off(marketplace)
            must_have_opened(marketplace)
            return (DidNotCome(),)
        case RecordWorkshop(workshop=workshop):
            must_not_have_attended(participation, workshop)
            must_be_a_workshop_of(marketplace, workshop)
            return (WorkshopAttended(workshop=workshop),)
        case _:
            assert_never(command)


def issue_badge(
    command: IssueBadge, participation: Participation | None, organisation: Organisation | None
) -> tuple[Fact, ...]:
    """The facts of making a badge; `organisation` is the one that takes part."""
    if participation is None or organisation is None:
        raise NotThere
    if isinstance(participation, NotComing):
        raise ParticipationOver
    must_be_welcome(participation)
    if not is_code(command.code):
        raise CodeUnreadable
    if any(command.code == badge.code for badge in participation.badges):
        raise BadgeKnown
    if len(participation.badges) == MAX_BADGES:
        raise TooManyBadges
    if command.person is not None and command.person not in organisation.representatives:
        raise NotARepresentative
    return (BadgeIssued(code=command.code, person=command.person),)


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
        case Admitted() | NoShow():
            return


def must_not_be_settled(participation: Participation) -> None:
    """Who has cancelled, or didn't come, has nothing left to cancel."""
    match participation:
        case NotComing():
            raise ParticipationOver
        case NoShow():
            raise NoShowAlready
        case Requested() | Admitted() | OnTheFloor():
            return


def must_be_welcome(participation: Participation) -> None:
    """The host has said yes; who was missed comes in first."""
    if isinstance(participation, NoShow):
        raise NotOnTheFloor
    if not isinstance(participation, Admitted | OnTheFloor):
        raise NotAdmitted


def must_not_be_called_off(marketplace: Marketplace) -> None:
    """Nobody is let into what doesn't take place."""
    if isinstance(marketplace, CalledOff):
        raise MarketplaceOver


def must_be_missed(participation: Participation) -> None:
    """Only who was expected can be missing."""
    match participation:
        case Admitted():
            return
        case OnTheFloor():
            raise IsHere
        case NoShow():
            raise NoShowAlready
        case NotComing():
            raise ParticipationOver
        case Requested():
            raise NotAdmitted


def must_have_opened(marketplace: Marketplace) -> None:
    """Who isn't there is known when the gong has rung."""
    if not isinstance(marketplace, Trading | AfterTrading):
        raise NotOpenedYet


def must_not_have_attended(participation: Participation, workshop: WorkshopId) -> None:
    """Who came to a workshop is recorded once; who has cancelled isn't tracked any more."""
    if isinstance(participation, NotComing):
        raise ParticipationOver
    if workshop in participation.attended:
        raise AttendedAlready


def must_be_a_workshop_of(marketplace: Marketplace, workshop: WorkshopId) -> None:
    """What was attended was planned."""
    if all(workshop != known.id for known in marketplace.rules.workshops):
        raise NoSuchWorkshop


def must_take_part(participation: Participation | None, marketplace: MarketplaceId) -> Participation:
    """Who publishes a listing is admitted to this edition."""
    if participation is None or participation.marketplace != marketplace:
        raise NotThere
    must_be_welcome(participation)
    return participation


def must_be_on_the_floor(participation: Participation | None, marketplace: MarketplaceId) -> OnTheFloor:
    """Who negotiates is checked in at this edition."""
    if participation is None or participation.marketplace != marketplace:
        raise NotThere
    if not isinstance(participation, OnTheFloor):
        raise NotOnTheFloor
    return participation
