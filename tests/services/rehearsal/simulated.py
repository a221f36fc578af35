"""A hall in memory: a story's requests, decoded as strictly as the API does, judged by the domain alone."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from domain.access.roles import MAY, Role
from domain.contract import state as contract
from domain.contract.events import ContractCertified
from domain.envelope import Actor, Envelope, Recorded
from domain.identity import EventId, PersonId, StreamId
from domain.instant import Instant, instant, moment
from domain.ledger import fold as ledger
from domain.ledger.row import LedgerRow
from domain.listing import state as listing
from domain.marketplace import state as marketplace
from domain.names import name_of
from domain.negotiation import state as negotiation
from domain.negotiation.state import Proposed
from domain.organisation import state as organisation
from domain.participation import state as participation
from services.api.asked import Asked
from services.api.commands import COMMANDS
from services.rehearsal.steps import Desk, HashOf, Moment, Person, Reference, Step, Thing, resolve
from services.rehearsal.story import Story
from tests.services.rehearsal.judging import judge

GONG = Instant("2026-11-23T17:00:00.000000Z")
"""It is always this moment in here."""
ROUTES = {route.path: route for route in COMMANDS}
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


class SimulatedHall:
    """Every step is decided on the states as they stand; a `Refusal` is an error of the story."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}
        self.ids: dict[str, str] = {}
        self.rows: dict[str, LedgerRow] = {}
        self.numbered: list[str] = []
        self.said: list[dict[str, Any]] = []
        self.recorded: Counter[str] = Counter()
        self.facts: list[tuple[str, Any]] = []
        self.passed: set[type] = set()
        self._done: set[str] = set()

    def take(self, step: Step) -> None:
        """One request, from its bytes to the new states."""
        route = ROUTES[step.path]
        raw = json.dumps(resolve(step.body, self._known)).encode()
        self.said.append(json.loads(raw))
        body = route.decoder.decode(raw)
        target = StreamId(self.ids[step.thing] if step.thing else _id(step.name))
        if route.creates and route.target is not None:
            target = route.target(body)
        fresh = _id(f"fresh {step.name}")
        command = body.command(Asked(target=target, member=_member(step.role), at=GONG, fresh=fresh))
        assert Role(step.role) in MAY[type(command)]
        decided = judge(self.states.get, target, command)
        assert decided[0][1]
        for stream, facts in decided:
            self._then(stream, facts)
        if step.makes is not None:
            self.ids[step.makes] = target
        self._done.add(step.name)

    def _known(self, reference: Reference) -> str:
        match reference:
            case Thing(name=name):
                return self.ids[name]
            case Person(name=name):
                return _id(name)
            case Desk(role=role):
                return _member(role)
            case Moment(step=step, minutes=minutes):
                assert step in self._done
                return instant(moment(GONG) + timedelta(minutes=minutes))
            case HashOf():
                raise AssertionError

    def _then(self, target: str, facts: Sequence[Any]) -> None:
        for fact in facts:
            name = name_of(fact)
            kind = name.partition(".")[0]
            self.states[target] = EVOLVE[kind](self.states.get(target), fact)
            self.recorded[name] += 1
            self.facts.append((name, fact))
            self.passed.add(type(self.states[target]))
            if kind == "contract":
                self.rows[target] = ledger.evolve(self.rows.get(target), self._record(target, name, fact))
            if isinstance(fact, ContractCertified):
                self.numbered.append(target)

    def _record(self, target: str, name: str, fact: Any) -> Recorded:
        position = self.recorded.total()
        envelope = Envelope(
            origin="handschlag/essen",
            id=EventId(_id(f"event {position}")),
            stream=StreamId(target),
            version=position,
            type=name,
            time=GONG,
            actor=Actor(id="p-1", role=Role.CLERK.value),
            cause=None,
            correlation=None,
            rehearsal=True,
            data=fact,
        )
        return Recorded(position, envelope)

    @property
    def sealed(self) -> list[Any]:
        """What was certified, by number, as it stands now."""
        return [self.states[stream] for stream in self.numbered]

    @property
    def counting(self) -> list[LedgerRow]:
        """What counts now, by number."""
        return [self.rows[stream] for stream in self.numbered if self.rows[stream].counts]

    @property
    def counted(self) -> int:
        """What the board shows, in cents."""
        return sum(row.value.minor for row in self.counting)

    @property
    def open_tables(self) -> list[str]:
        """Negotiations that wait for an answer."""
        return [stream for stream, state in self.states.items() if isinstance(state, Proposed)]


def in_order(story: Story) -> SimulatedHall:
    """The story played one step after the other, by their moments."""
    hall = SimulatedHall()
    for step in story.steps:
        hall.take(step)
    return hall


def jumbled(story: Story, choose: Callable[[int], int]) -> SimulatedHall:
    """The story played in another order that its dependencies allow: `choose(n)` picks the next of n ready steps."""
    hall, done = SimulatedHall(), set[str]()
    missing = {step.name: set(step.after) for step in story.steps}
    followers: dict[str, list[Step]] = {}
    for step in story.steps:
        for before in missing[step.name]:
            followers.setdefault(before, []).append(step)
    ready = [step for step in story.steps if not step.after]
    while ready:
        step = ready.pop(choose(len(ready)))
        hall.take(step)
        done.add(step.name)
        for follower in followers.get(step.name, ()):
            missing[follower.name].discard(step.name)
            if not missing[follower.name]:
                ready.append(follower)
    assert len(done) == len(story.steps)
    return hall


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def _member(role: str) -> PersonId:
    return PersonId(_id(f"member {role}"))
