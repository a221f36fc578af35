"""Where a participation stands.

(nothing) --requested--> Requested --admitted--> Admitted --checked_in--> OnTheFloor
                             |                      |                        |
                   declined, cancelled          cancelled                cancelled
                             v                      v                        v
                         NotComing              NotComing                NotComing
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.identity import MarketplaceId, OrganisationId
from domain.organisation.events import Side
from domain.participation.events import (
    CheckedIn,
    Fact,
    ParticipationAdmitted,
    ParticipationCancelled,
    ParticipationDeclined,
    ParticipationRequested,
)
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """Waiting for the host's answer."""

    marketplace: MarketplaceId
    organisation: OrganisationId
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Expected at the marketplace."""

    marketplace: MarketplaceId
    organisation: OrganisationId
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheFloor:
    """Here, with a badge."""

    marketplace: MarketplaceId
    organisation: OrganisationId
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComing:
    """Declined or cancelled."""

    marketplace: MarketplaceId
    organisation: OrganisationId
    side: Side


Participation = Requested | Admitted | OnTheFloor | NotComing


def evolve(participation: Participation | None, fact: Fact) -> Participation:
    """The participation after `fact`. Facts have happened: nothing is refused here."""
    match participation, fact:
        case None, ParticipationRequested(marketplace=marketplace, organisation=organisation, side=side):
            return Requested(marketplace=marketplace, organisation=organisation, side=side)
        case Requested(), ParticipationAdmitted():
            return _moved(participation, Admitted)
        case Admitted(), CheckedIn():
            return _moved(participation, OnTheFloor)
        case Requested(), ParticipationDeclined():
            return _moved(participation, NotComing)
        case ((Requested() | Admitted() | OnTheFloor()), ParticipationCancelled()):
            return _moved(participation, NotComing)
        case _:
            raise LogDamaged(participation, fact)


def _moved(before: Participation, to: type[Participation]) -> Participation:
    return to(marketplace=before.marketplace, organisation=before.organisation, side=before.side)


def replay(facts: Iterable[Fact]) -> Participation | None:
    """The participation that `facts` tell, from the request on."""
    participation: Participation | None = None
    for fact in facts:
        participation = evolve(participation, fact)
    return participation
