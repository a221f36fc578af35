"""What is compared with what, and what came of it."""

import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import field
from typing import TypeAlias

from domain.frozen import dataclass
from services.cli.bench.site import Site

Side: TypeAlias = Callable[[], Awaitable[float]]
"""Measures one round of one side: a rate, or, where less is better, seconds."""

Opened: TypeAlias = Callable[[Site], AbstractAsyncContextManager[Side]]
"""Makes one side ready to be measured, and clears up behind it."""

Pair: TypeAlias = Callable[[Site], AbstractAsyncContextManager[tuple[Side, Side]]]
"""Makes both sides ready, ours first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A comparison. `wanted` is the ratio to reach: ours over the rival's, the inverse if `less_is_better`."""

    name: str
    ours: str
    rival: str
    unit: str
    wanted: float
    sides: Pair
    less_is_better: bool = False


def both(ours: Opened, rival: Opened) -> Pair:
    """Two sides that need nothing of each other."""

    @asynccontextmanager
    async def opened(site: Site) -> AsyncIterator[tuple[Side, Side]]:
        async with ours(site) as one, rival(site) as other:
            yield one, other

    return opened


@dataclass(slots=True)
class Found:
    """A case's figures, a pair for each round that counts."""

    case: Case
    pairs: list[tuple[float, float]] = field(default_factory=list)

    @property
    def value(self) -> float:
        """Ours: the median."""
        return statistics.median(ours for ours, _ in self.pairs)

    @property
    def rival_value(self) -> float:
        """The rival's: the median."""
        return statistics.median(rival for _, rival in self.pairs)

    @property
    def ratios(self) -> list[float]:
        """One for each round: a machine whose pace drifts carries both sides along."""
        if self.case.less_is_better:
            return [rival / ours for ours, rival in self.pairs]
        return [ours / rival for ours, rival in self.pairs]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)


class CaseUnavailable(Exception):
    """This case can't be measured here."""


async def measure(case: Case, site: Site, rounds: int) -> Found:
    """A warm-up, then rounds in which the two sides take turns in going first. Raises `CaseUnavailable`."""
    found = Found(case)
    async with case.sides(site) as (ours, rival):
        for number in range(rounds + 1):
            site.tell(f"{case.name}: " + (f"round {number} of {rounds}" if number else "warming up"))
            if number % 2:
                first = await ours()
                pair = (first, await rival())
            else:
                second = await rival()
                pair = (await ours(), second)
            if number:
                found.pairs.append(pair)
    return found
