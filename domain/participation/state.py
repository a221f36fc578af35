"""Where a participation stands.

(nothing) --requested--> Requested --admitted--> Admitted --checked_in--> OnTheFloor
                          |     ^                 |   |                    ^      |
                 declined,|     |requested_again  |   +--no_show--> NoShow-+      |
                 cancelled|     |                 |cancelled        checked_in    |cancelled
                          v     |                 v                               v
                          NotComing <-------------+-------------------------------+

Badges are made for who is admitted; workshops are attended by whoever hasn't cancelled.
"""

from collections.abc import Iterable

from domain.frozen import dataclass, replace
from domain.identity import MarketplaceId, OrganisationId, WorkshopId
from domain.organisation.events import Side
from domain.participation.badge import Badge
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
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What every participation has."""

    marketplace: MarketplaceId
    organisation: OrganisationId
    side: Side
    attended: tuple[WorkshopId, ...] = ()
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(_Part):
    """Waiting for the host's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted(_Part):
    """Expected at the marketplace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheFloor(_Part):
    """Here, with a badge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoShow(_Part):
    """Expected, and not here when trading was on; may still come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComing(_Part):
    """Declined or cancelled; may ask again."""


Participation = Requested | Admitted | OnTheFloor | NoShow | NotComing


def evolve(participation: Participation | None, fact: Fact) -> Participation:
    """The participation after `fact`. Facts have happened: nothing is refused here."""
    match participation, fact:
        case None, ParticipationRequested(marketplace=marketplace, organisation=organisation, side=side):
            return Requested(marketplace=marketplace, organisation=organisation, side=side)
        case Requested(), ParticipationAdmitted():
            return _moved(participation, Admitted)
        case ((Admitted() | NoShow()), CheckedIn()):
            return _moved(participation, OnTheFloor)
        case Admitted(), DidNotCome():
            return _moved(participation, NoShow)
        case Requested(), ParticipationDeclined():
            return _moved(participation, NotComing)
        case ((Requested() | Admitted() | OnTheFloor()), ParticipationCancelled()):
            return _moved(participation, NotComing)
        case NotComing(), RequestedAgain():
            return _moved(participation, Requested)
        case ((Admitted() | OnTheFloor()), BadgeIssued(code=code, person=person)):
            return replace(participation, badges=(*participation.badges, Badge(code=code, person=person)))
        case ((Requested() | Admitted() | OnTheFloor() | NoShow()), WorkshopAttended(workshop=workshop)):
            return replace(participation, attended=(*participation.attended, workshop))
        case _:
            raise LogDamaged(participation, fact)


def _moved(before: Participation, to: type[Participation]) -> Participation:
    return to(
        marketplace=before.marketplace,
        organisation=before.organisation,
        side=before.side,
        attended=before.attended,
        badges=before.badges,
    )


def replay(facts: Iterable[Fact]) -> Participation | None:
    """The participation that `facts` tell, from the request on."""
    participation: Participation | None = None
    for fact in facts:
        participation = evolve(participation, fact)
    return participation
