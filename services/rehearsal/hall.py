"""What is said at a table: offers, counter-offers, brokers, and how it ends. One strand of steps after the other."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from domain.negotiation.events import RejectionReason
from services.rehearsal.deals import Guest, Table, haggled
from services.rehearsal.dice import Dice
from services.rehearsal.prepare import GONG
from services.rehearsal.steps import EDITION, Body, Step, Thing


class Ending(StrEnum):
    """How a table ends."""

    AGREED = "agreed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LEFT_OPEN = "left_open"


class Strand:
    """Steps one after the other about one thing; `begins_after` names what has to be done first."""

    def __init__(self, begins_after: tuple[str, ...]) -> None:
        self.steps: list[Step] = []
        self._after = begins_after

    def add(self, name: str, role: str, path: str, body: Body, **about: Any) -> None:
        """One more step; its moment is given by `spread`."""
        self.steps.append(Step(name=name, at=0, role=role, path=path, body=body, after=self._after, **about))
        self._after = (name,)


def spread(steps: Sequence[Step], begin: float, end: float, dice: Dice) -> list[Step]:
    """The steps at moments between `begin` and `end`, the last one at `end`."""
    length = (end - begin) / len(steps)
    last = len(steps) - 1
    return [
        replace(step, at=end if place == last else begin + length * (place + dice.between(0.1, 0.9)))
        for place, step in enumerate(steps)
    ]


def seated(guests: Sequence[Guest]) -> tuple[str, ...]:
    """What has to be done before these guests can trade."""
    return (GONG, *(f"check-in/{guest.number}" for guest in guests))


def negotiate(strand: Strand, name: str, table: Table, ending: Ending, dice: Dice) -> None:
    """Add a negotiation to the strand. Turns go round: who counters waits for all others' answers."""
    turns = dice.shuffled(table.guests)
    rounds = dice.pick((0, 0, 1, 1, 1, 2, 2, 3))
    opener, *others = turns
    strand.add(
        name,
        "clerk",
        "negotiations",
        {
            "marketplace": Thing(EDITION),
            "by": opener.party,
            "to": tuple(guest.party for guest in others),
            "terms": table.terms if rounds == 0 else haggled(table.terms, dice),
        },
        makes=name,
    )
    if dice.chance(0.18):
        _step(strand, name, "call-broker", {"by": dice.pick(turns).party})
        if dice.chance(0.9):
            _step(strand, name, "join-as-broker", {}, role="broker")
    proposer = opener
    for turn in range(1, rounds + 1):
        proposer = turns[turn % len(turns)]
        terms = table.terms if turn == rounds else haggled(table.terms, dice)
        _step(strand, name, "counter", {"by": proposer.party, "terms": terms}, number=turn)
    _end(strand, name, proposer, [guest for guest in turns if guest is not proposer], ending, dice)


def _end(strand: Strand, name: str, proposer: Guest, awaited: Sequence[Guest], ending: Ending, dice: Dice) -> None:
    match ending:
        case Ending.AGREED:
            for place, guest in enumerate(awaited):
                _step(strand, name, "accept", {"by": guest.party}, number=place)
        case Ending.REJECTED:
            reason = dice.pick(tuple(RejectionReason)).value
            _step(strand, name, "reject", {"by": awaited[0].party, "reason": reason})
        case Ending.WITHDRAWN:
            _step(strand, name, "withdraw", {"by": proposer.party})
        case Ending.LEFT_OPEN:
            return


def _step(strand: Strand, name: str, verb: str, body: Body, *, role: str = "clerk", number: int | None = None) -> None:
    told = f"{name}/{verb}" if number is None else f"{name}/{verb}/{number}"
    strand.add(told, role, f"negotiations/{{id}}/{verb}", body, thing=name)
