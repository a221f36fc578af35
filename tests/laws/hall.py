"""A small marketplace in memory, whose log checks as the real one does: written and consulted streams mustn't move.

A request is judged on what it saw (`judge`) and lands later (`land`); in between others may land. Streams that it saw
and didn't write are guards, as in `services.application.work`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.access.roles import Role
from domain.contract import state as contract
from domain.envelope import Actor, Envelope, Recorded
from domain.identity import EventId, StreamId, register_of
from domain.instant import Instant
from domain.listing import state as listing
from domain.marketplace import state as marketplace
from domain.names import name_of
from domain.negotiation import state as negotiation
from domain.organisation import state as organisation
from domain.participation import state as participation
from domain.refusal import Refusal
from tests.domain.people import ruhrdax, stream

REGISTER = register_of(ruhrdax)
EVOLVE: dict[str, Callable[[Any, Any], Any]] = {
    "marketplace": marketplace.evolve,
    "organisation": organisation.evolve,
    "participation": participation.evolve,
    "listing": listing.evolve,
    "negotiation": negotiation.evolve,
    "contract": contract.evolve,
    "register": lambda count, _: (count or 0) + 1,
}
"""How each kind of stream folds, by the first word of its facts' names."""


def kind_of(fact: Any) -> str:
    """The first word of a fact's stored name."""
    return name_of(fact).partition(".")[0]


@dataclass(slots=True)
class Attempt:
    """One request's judgement: the versions it saw and the facts it wants recorded."""

    hall: "Hall"
    versions: dict[StreamId, int] = field(default_factory=dict)
    facts: dict[StreamId, list[Any]] = field(default_factory=dict)

    def see(self, target: StreamId) -> Any:
        """The state of a stream, now; that it was seen is remembered."""
        self.versions[target] = len(self.hall.streams.get(target, ()))
        return self.hall.states.get(target)

    def record(self, target: StreamId, facts: Sequence[Any]) -> None:
        """Let these facts be recorded on a stream that was seen."""
        assert target in self.versions
        self.facts.setdefault(target, []).extend(facts)


Request = Callable[[Attempt], None]
"""What somebody asks: sees streams, records facts, or raises a Refusal."""


@dataclass(slots=True)
class Hall:
    """The streams, their states as they were folded one fact at a time, and the log in its order."""

    streams: dict[StreamId, list[Any]] = field(default_factory=dict)
    states: dict[StreamId, Any] = field(default_factory=dict)
    log: list[Recorded] = field(default_factory=list)

    def judge(self, request: Request) -> Attempt | None:
        """The request's judgement on what is so now, or None when it is refused. Other exceptions are faults."""
        attempt = Attempt(self)
        try:
            request(attempt)
        except Refusal:
            return None
        return attempt

    def land(self, attempt: Attempt, *, heed_guards: bool = True) -> bool:
        """Append an attempt, all or nothing: False when a stream that it wrote (or consulted) has moved since."""
        checked = attempt.versions if heed_guards else attempt.facts
        for target in checked:
            if attempt.versions[target] != len(self.streams.get(target, ())):
                return False
        for target, facts in attempt.facts.items():
            for fact in facts:
                self._append(target, fact)
        return True

    def ask(self, request: Request) -> bool:
        """Judge and land at once; says whether facts were recorded."""
        attempt = self.judge(request)
        return attempt is not None and self.land(attempt)

    def _append(self, target: StreamId, fact: Any) -> None:
        position = len(self.log) + 1
        told = self.streams.setdefault(target, [])
        self.states[target] = EVOLVE[kind_of(fact)](self.states.get(target), fact)
        told.append(fact)
        envelope = Envelope(
            origin="handschlag/essen",
            id=EventId(stream(f"event {position}")),
            stream=target,
            version=len(told),
            type=name_of(fact),
            time=Instant(f"2006-09-18T16:{position // 60 % 60:02}:{position % 60:02}.000000Z"),
            actor=Actor(id="p-1", role=Role.CLERK.value),
            cause=None,
            correlation=None,
            rehearsal=False,
            data=fact,
        )
        self.log.append(Recorded(position, envelope))

    def copy(self) -> "Hall":
        """The same hall, from which two things can happen."""
        return replace(
            self,
            streams={target: list(facts) for target, facts in self.streams.items()},
            states=dict(self.states),
            log=list(self.log),
        )
