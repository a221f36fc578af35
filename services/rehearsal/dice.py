"""Chance that comes again: the same seed throws the same dice, on every machine and Python.

Everything is drawn from `random.Random.random`, the one method whose sequence Python promises to keep for a seed.
"""

from collections.abc import Sequence
from math import log
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """Dice for one thing: `Dice(seed, "names")` is independent of what `Dice(seed, "times")` threw."""

    def __init__(self, *seed: object) -> None:
        self._random = Random("/".join(map(str, seed)))  # noqa: S311 - a game, no secret

    def share(self) -> float:
        """At least 0, less than 1."""
        return self._random.random()

    def chance(self, share: float) -> bool:
        """True in `share` of the throws."""
        return self.share() < share

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        return least + int(self.share() * (most - least + 1))

    def between(self, least: float, most: float) -> float:
        """A number from `least` up to `most`."""
        return least + self.share() * (most - least)

    def weight(self) -> float:
        """A size like those of contracts, 0.3 to 6: many small ones, a few large ones."""
        return min(6.0, 0.3 - log(1.0 - self.share()))

    def pick(self, items: Sequence[Item]) -> Item:
        """One of them."""
        return items[self.whole(0, len(items) - 1)]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """`count` different ones, in the order of the throw."""
        return self.shuffled(items)[:count]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """All of them in another order."""
        left = list(items)
        for place in range(len(left) - 1, 0, -1):
            other = self.whole(0, place)
            left[place], left[other] = left[other], left[place]
        return left
