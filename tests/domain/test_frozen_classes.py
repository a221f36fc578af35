"""Classes that `domain.frozen` makes behave as those of `dataclasses` do."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any

import msgspec
import pytest

from domain.frozen import dataclass


def _declared(dataclass: Any) -> tuple[type, type, type]:
    """The same three classes, made by one decorator or the other."""

    @dataclass(frozen=True, slots=True)
    class Place:
        """One whose members come in their order."""

        street: str
        number: int = 1

    @dataclass(frozen=True, slots=True, kw_only=True)
    class House:
        """One whose members come by their names, and that looks at them."""

        place: Any
        rooms: list[str] = field(default_factory=list)
        secret: str = field(default="", repr=False)
        note: str = field(default="", compare=False)

        def __post_init__(self) -> None:
            """No house is without a place."""
            if self.place is None:
                raise ValueError("no place")

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Shop(House):
        """One with more members than what it comes from, and a word of its own for itself."""

        rooms: list[str] = field(default_factory=lambda: ["till"])
        open_at: int = 8

        def __repr__(self) -> str:
            return f"shop at {self.place!r}"

    return Place, House, Shop


OURS, THEIRS = _declared(dataclass), _declared(dataclasses.dataclass)

MAKING: list[Callable[[type, type, type], Any]] = [
    lambda place, _house, _shop: place("a"),
    lambda place, _house, _shop: place("a", 2),
    lambda place, _house, _shop: place(number=2, street="a"),
    lambda place, house, _shop: house(place=place("a"), secret="x"),
    lambda _place, house, _shop: house(place=1, rooms=["hall"], note="n"),
    lambda place, _house, shop: shop(place=place("a"), open_at=9),
]

REFUSED: list[Callable[[type, type, type], Any]] = [
    lambda place, _house, _shop: place(),
    lambda place, _house, _shop: place("a", 2, 3),
    lambda place, _house, _shop: place("a", street="b"),
    lambda place, _house, _shop: place("a", colour="red"),
    lambda _place, house, _shop: house("a"),
    lambda _place, house, _shop: house(),
    lambda _place, house, _shop: house(place=None),
    lambda _place, _house, shop: shop(),
]


@pytest.mark.parametrize("make", MAKING)
def test_objects_are_those_of_dataclasses(make: Any) -> None:
    """Given the same members, then our object shows, tells and copies itself as theirs does."""
    ours, theirs = make(*OURS), make(*THEIRS)
    assert repr(ours) == repr(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert dataclasses.replace(ours) == ours
    assert copy.deepcopy(ours) == ours == copy.copy(ours)
    assert not hasattr(ours, "__dict__")


@pytest.mark.parametrize("make", REFUSED)
def test_what_dataclasses_refuse_is_refused(make: Any) -> None:
    """Given members that are missing, unknown, twice or wrong, then the error is theirs, word for word."""
    with pytest.raises((TypeError, ValueError)) as theirs:
        make(*THEIRS)
    for _ in range(2):  # the first object of a class is made in another way than later ones
        with pytest.raises(theirs.type) as ours:
            make(*OURS)
        assert str(ours.value) == str(theirs.value)


def test_a_default_is_made_for_each_object() -> None:
    """Given a default that can change, then no two objects share one."""
    _, house, _ = OURS
    assert house(place=1).rooms is not house(place=1).rooms


def test_objects_are_equal_by_what_is_compared() -> None:
    """Given two objects of a class, then they and their hashes are equal when their compared members are."""
    place, house, shop = OURS
    assert place("a") == place("a", 1)
    assert hash(place("a")) == hash(place("a", 1))
    assert place("a") != place("b")
    assert house(place=1, note="x") == house(place=1, note="y")
    assert house(place=1, rooms=["till"]) != shop(place=1, open_at=9)
    assert place("a") != ("a", 1)


def test_nothing_can_be_written_to() -> None:
    """Given an object, then no member can be set, added or deleted."""
    place, _, _ = OURS
    one = place("a")
    for name in ("street", "colour"):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, "b")
    with pytest.raises(FrozenInstanceError):
        del one.street
    assert one == place("a")


@dataclass(frozen=True, slots=True)
class Sent:
    """One that another process gets."""

    to: str
    count: int = 1


class Louder(Sent):
    """A class that comes from ours without being made by it."""


def test_objects_can_be_sent_and_decoded() -> None:
    """Given pickle and msgspec, which go by what `dataclasses` leaves in a class, then both know ours."""
    assert pickle.loads(pickle.dumps(Sent("a", 2))) == Sent("a", 2)  # noqa: S301 - of our own making
    assert msgspec.convert({"to": "a"}, Sent) == Sent("a")
    assert msgspec.to_builtins(Sent("a")) == {"to": "a", "count": 1}
    assert Louder("a").to == "a"


def test_other_classes_are_left_to_dataclasses() -> None:
    """Given a class that isn't frozen, or asks for more, then it is made as ever."""

    @dataclass(slots=True)
    class Open:
        """One that changes."""

        count: int = 0

    @dataclass(frozen=True, slots=True, order=True)
    class Ranked:
        """One with an order."""

        count: int

    held = Open()
    held.count = 3
    assert held == Open(3)
    assert Ranked(1) < Ranked(2)
