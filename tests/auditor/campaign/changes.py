"""What an attack answers, and what attacks ask of a history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from tests.auditor.campaign.intruder import Intruder


@dataclass(frozen=True, slots=True)
class Done:
    """An attack was made. `first` is the first record that isn't the genuine one, where a verifier can name it."""

    first: int | None


Attack = Callable[[Intruder, Random], Awaitable[Done]]


def first_difference(before: list[bytes], after: list[bytes]) -> int:
    """The first position at which two histories differ."""
    for place, (one, other) in enumerate(zip(before, after, strict=False), 1):
        if one != other:
            return place
    return min(len(before), len(after)) + 1


def certified(entries: list[bytes]) -> list[int]:
    """The positions of certifications."""
    return [place for place, raw in enumerate(entries, 1) if b'"type":"contract.certified.v1"' in raw]


def whole(entries: list[bytes]) -> list[bytes]:
    """Without a certification at the end whose number is missing: everybody would see that."""
    while b'"type":"contract.certified.v1"' in entries[-1]:
        entries = entries[:-1]
    return entries
