"""What became of the pledges of a certified contract, and how the contract stands by that (METHOD.md, After)."""

from collections.abc import Iterable
from enum import StrEnum

from domain.frozen import dataclass
from domain.identity import ParticipationId
from domain.negotiation.terms import Pledge


class NonFulfilmentReason(StrEnum):
    """Why a pledge isn't delivered, or not wholly."""

    NO_TIME = "no_time"
    NEED_GONE = "need_gone"
    IMPRACTICABLE = "impracticable"
    NEVER_IN_CONTACT = "never_in_contact"
    OTHER = "other"


class CallOutcome(StrEnum):
    """What came of a follow-up call."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"


class PledgeStatus(StrEnum):
    """What is known of a pledge. Whether one that is `open` is due yet, its days and a calendar tell."""

    OPEN = "open"
    RUNNING = "running"
    DELIVERED = "delivered"
    PARTLY_DELIVERED = "partly_delivered"
    NOT_DELIVERED = "not_delivered"


class Standing(StrEnum):
    """How far a contract has come, as its pledges tell."""

    UNTOUCHED = "untouched"
    RUNNING = "running"
    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    NOT_FULFILLED = "not_fulfilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known of one pledge: how much of its quantity was delivered, and why the rest won't be.

    `running` says that the parties are at it; `confirmed_by` are the parties, giver or receiver, who confirmed.
    """

    delivered: int = 0
    running: bool = False
    reason: NonFulfilmentReason | None = None
    confirmed_by: frozenset[ParticipationId] = frozenset()

    def status(self, pledge: Pledge) -> PledgeStatus:
        """What is known of `pledge`."""
        if self.delivered >= pledge.quantity:
            return PledgeStatus.DELIVERED
        if self.delivered:
            return PledgeStatus.PARTLY_DELIVERED
        if self.reason is not None:
            return PledgeStatus.NOT_DELIVERED
        return PledgeStatus.RUNNING if self.running else PledgeStatus.OPEN

    def settled(self, pledge: Pledge) -> bool:
        """Whether nothing more is expected of `pledge`."""
        return self.reason is not None or self.delivered >= pledge.quantity

    @property
    def touched(self) -> bool:
        """Whether anything was said of the pledge that its words may no longer be changed under."""
        return bool(self.delivered or self.reason is not None)


def untouched(pledges: Iterable[Pledge]) -> tuple[Progress, ...]:
    """Of these pledges nothing is known yet."""
    return tuple(Progress() for _ in pledges)


def standing(pledges: tuple[Pledge, ...], progress: tuple[Progress, ...]) -> Standing:
    """How far a contract has come: its status follows from its pledges."""
    known = list(zip(pledges, progress, strict=True))
    statuses = {each.status(pledge) for pledge, each in known}
    if statuses == {PledgeStatus.OPEN}:
        return Standing.UNTOUCHED
    if statuses == {PledgeStatus.DELIVERED}:
        return Standing.FULFILLED
    if not all(each.settled(pledge) for pledge, each in known):
        return Standing.RUNNING
    return Standing.NOT_FULFILLED if statuses == {PledgeStatus.NOT_DELIVERED} else Standing.PARTLY_FULFILLED
