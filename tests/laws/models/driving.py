"""A model and its aggregate, driven side by side: what the model finds legal is decided, and nothing else is.

A model keeps plain variables of its own. It never calls the domain's decisions, rules or states: what it says comes
from the method and from the sentences of the refusals. Each refusal that people get must be true by the model, too.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from domain.refusal import Refusal
from tests.laws.making import WILD

Objections = Mapping[type[Refusal], bool]
"""Refusals, and whether each one's sentence is true of a request, as things are."""
T = TypeVar("T")


@lru_cache
def command_name(name: str) -> str:
    """`OpenTrading` as models name it: `open_trading`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Model:
    """An oracle. For a command `Sign` it has `against_sign`, its objections, and `after_sign`, what it remembers."""

    def objections(self, asked: Any) -> frozenset[type[Refusal]]:
        """The refusals whose sentences are true of this request now. It is legal when there are none."""
        told: Objections = getattr(self, f"against_{command_name(type(asked).__name__)}")(asked)
        return frozenset(why for why, so in told.items() if so)

    def follow(self, asked: Any) -> None:
        """Remember what a legal request changed."""
        getattr(self, f"after_{command_name(type(asked).__name__)}")(asked)

    def is_over(self) -> bool:
        """Whether nothing more can follow."""
        return False

    def happen(self, chance: "Chance") -> None:
        """Let something happen around the aggregate that its decisions look at."""

    def told(self) -> object:
        """What the model holds to be so, comparable with what is seen in the folded state."""
        raise NotImplementedError


class Chance(Protocol):
    """Whatever chooses: Hypothesis, or a seeded die."""

    def among(self, options: Sequence[T]) -> T: ...
    def wild(self, kind: type, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """Hypothesis chooses, so that what fails gets shorter."""

    data: st.DataObject

    def among(self, options: Sequence[T]) -> T:
        return options[self.data.draw(st.integers(0, len(options) - 1))]

    def wild(self, kind: type, /) -> Any:
        return self.data.draw(WILD.of(kind))


@dataclass(frozen=True, slots=True)
class Diced:
    """A seeded die chooses: the same course every time."""

    die: random.Random

    def among(self, options: Sequence[T]) -> T:
        return self.die.choice(options)

    def wild(self, _: type, /) -> Any:
        """No wild requests from a die."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One aggregate beside its model: what may be asked, how it is judged and folded, what is seen of its state.

    `repertoire` holds requests by kind. What leads back or to an end is `rare`, and some courses begin with one of the
    `openings`, so that they get far. `also` are other folds over the same facts, each with its own view, told by the
    model as `told_<name>`.

    Where several streams stand side by side, requests have an `address`, a `kind` beneath it, and several `states`.
    Requests of `silent` kinds may come to nothing.
    """

    model: Callable[[], Any]
    repertoire: Mapping[type, Sequence[Any]]
    judge: Callable[[Any, Any, Any], Sequence[Any]]
    evolve: Callable[[Any, Any], Any]
    see: Callable[[Any], object]
    rare: frozenset[type] = frozenset()
    openings: Sequence[Sequence[Any]] = ((),)
    nothing: Any = None
    kind: Callable[[Any], type] = type
    address: Callable[[Any, Chance], Any] = lambda asked, _: asked
    states: Callable[[Any], Iterable[type]] = lambda state: (type(state),)
    silent: frozenset[type] = frozenset()
    also: Mapping[str, tuple[Callable[[Any, Sequence[Any]], Any], Callable[[Any], object]]] = field(
        default_factory=dict
    )


RARE, TRIES, LOOKED_AT = 12, 8, 30
MOODS = ("legal",) * 6 + ("near",) * 3 + ("short", "any", "wild", "around")
"""`short` is a request that falls short by one thing: whoever forgets that rule lets it pass. `near` is one of a kind
of which others are legal now.
"""


@dataclass(slots=True)
class Course:
    """One history of requests, and what was met on the way: states, commands decided, refusals."""

    bench: Bench
    chance: Chance
    model: Any = None
    state: Any = None
    facts: list[Any] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)
    met: Counter[type] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.model = self.bench.model()
        self.state = self.bench.nothing

    def go(self, steps: int) -> "Course":
        """Take so many steps, few after the end; raises where model and aggregate differ."""
        for asked in self.chance.among(self.bench.openings):
            self.ask(asked)
        for _ in range(self.chance.among(range(6))):
            self.model.happen(self.chance)
        for _ in range(steps):
            if self.model.is_over() and not self.chance.among(range(4)):
                break
            mood = self.chance.among(MOODS)
            if mood == "around":
                self.model.happen(self.chance)
            else:
                self.ask(self.request(mood))
        return self

    def request(self, mood: str) -> Any:
        """A request that the model finds legal, or almost so, or any of the repertoire, or a wild one."""
        kinds = list(self.bench.repertoire)
        kind = self.kind_of_request(kinds)
        if mood == "wild":
            wild = self.chance.wild(kind)
            return self.bench.address(wild, self.chance) if wild else self.chance.among(self.bench.repertoire[kind])
        for _ in range(TRIES if mood in ("legal", "near", "short") else 0):
            found = self.with_objections(kind, 1 if mood == "short" else 0)
            if found is not None and mood == "near":
                found = self.with_objections(kind, 1)
            if found is not None:
                return found
            kind = self.kind_of_request(kinds)
        return self.chance.among(self.bench.repertoire[kind])

    def kind_of_request(self, kinds: Sequence[type]) -> type:
        """Any kind; a rare one only if it comes up again."""
        kind = self.chance.among(kinds)
        if kind in self.bench.rare and self.chance.among(range(RARE)):
            kind = self.chance.among([each for each in kinds if each not in self.bench.rare])
        return kind

    def with_objections(self, kind: type, number: int) -> Any:
        """Some request of this kind against which the model says so many things, if there is any."""
        known = self.bench.repertoire[kind]
        start = self.chance.among(range(len(known)))
        for asked in (*known[start:], *known[:start])[:LOOKED_AT]:
            if len(self.model.objections(asked)) == number:
                return asked
        return None

    def ask(self, asked: Any) -> None:
        """Ask both; they agree on whether, on why not, and on what is so afterwards."""
        objections = self.model.objections(asked)
        refused, decided = self.judged(asked)
        if refused is not None:
            assert objections, f"legal, and refused as {refused.__name__}: {asked}"
            assert refused in objections, f"refused as {refused.__name__}, true is {objections}: {asked}"
            self.met[refused] += 1
        else:
            assert not objections, f"illegal by {objections}, and decided as {decided}: {asked}"
            assert decided or self.bench.kind(asked) in self.bench.silent, f"decided, and nothing to record: {asked}"
            self.record(decided)
            self.model.follow(asked)
            self.met.update((self.bench.kind(asked), *self.bench.states(self.state)))
        self.compare()

    def judged(self, asked: Any) -> tuple[type[Refusal] | None, Sequence[Any]]:
        """The aggregate's answer: why not, or the facts."""
        try:
            return None, self.bench.judge(self.state, asked, self.model)
        except Refusal as refusal:
            return type(refusal), ()

    def record(self, decided: Sequence[Any]) -> None:
        """Fold what was decided, as the log would."""
        for fact in decided:
            self.facts.append(fact)
            self.state = self.bench.evolve(self.state, fact)
            for name, (evolve, _) in self.bench.also.items():
                self.others[name] = evolve(self.others.get(name), self.facts)

    def compare(self) -> None:
        """What the model holds to be so is what the states say; a refused request changed neither."""
        must_agree(self.bench.see(self.state), self.model.told())
        for name, (_, see) in self.bench.also.items():
            if self.facts:
                must_agree(see(self.others[name]), getattr(self.model, f"told_{name}")())

    def replayed(self) -> None:
        """From the first fact on, everything is told again as it was told fact by fact."""
        state = self.bench.nothing
        for fact in self.facts:
            state = self.bench.evolve(state, fact)
        assert state == self.state


def must_agree(seen: Any, told: Any) -> None:
    """What is seen in a state is what the model tells; where not, only what differs is shown."""
    if isinstance(seen, dict) and isinstance(told, dict):
        names = [name for name in {**seen, **told} if seen.get(name) != told.get(name)]
        seen, told = ({name: all_of.get(name) for name in names} for all_of in (seen, told))
    assert seen == told, f"seen {seen}, told {told}"


PATIENCE = 20 if os.environ.get("HANDSCHLAG_LAWS") == "long" else 1
"""How many times more seeded courses a campaign takes."""


def wander(bench: Bench, data: st.DataObject, longest: int) -> Course:
    """One course that Hypothesis chooses."""
    course = Course(bench, Drawn(data)).go(data.draw(st.integers(1, longest)))
    course.replayed()
    return course


def roam(bench: Bench, courses: int, steps: int, wanted: Collection[type]) -> set[type]:
    """Seeded courses, the same every time, and up to four times as many where something `wanted` wasn't met yet.

    Answers which of the wanted states, commands and refusals none of them met.
    """
    met: Counter[type] = Counter()
    for seed in range(4 * courses * PATIENCE):
        if seed >= courses * PATIENCE and set(wanted) <= set(met):
            break
        course = Course(bench, Diced(random.Random(seed))).go(steps)
        course.replayed()
        met += course.met
    return set(wanted) - set(met)


def all_in(module: ModuleType) -> set[type]:
    """Every refusal that a module holds."""
    return {kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__}
