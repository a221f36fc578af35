"""Frozen objects that are made and copied by their slots are those that `dataclasses` makes."""

import dataclasses
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import pytest

from domain.frozen import maker, replace, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An object of these tests."""

    name: str
    count: int = 1
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Special(Thing):
    """One with more members than what it comes from."""

    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Single:
    """One with a single member."""

    name: str


@dataclass(frozen=True, slots=True)
class Careful:
    """One that looks at its members when it is made."""

    count: int

    def __post_init__(self) -> None:
        """No count is below zero."""
        if self.count < 0:
            raise ValueError("below zero")


@dataclass(frozen=True)
class Plain:
    """One without slots."""

    name: str


@pytest.mark.parametrize(
    ("held", "changes"),
    [
        (Thing(name="a"), {}),
        (Thing(name="a"), {"count": 2, "parts": ("x",)}),
        (Special(name="a", labels={"b": "c"}), {"name": "d"}),
        (Single("a"), {"name": "b"}),
    ],
)
def test_a_copy_is_the_one_that_dataclasses_make(held: Any, changes: dict[str, Any]) -> None:
    """Given an object and changes, then the copy has them, the object hasn't, and neither can be written to."""
    before = repr(held)
    copy = replace(held, **changes)
    assert copy == dataclasses.replace(held, **changes)
    assert type(copy) is type(held)
    assert repr(held) == before
    with pytest.raises(FrozenInstanceError):
        copy.name = "z"


def test_a_copy_knows_its_members() -> None:
    """Given a member that isn't there, or a class that does more than keep members, then nothing is copied."""
    unknown: dict[str, Any] = {"colour": "red"}
    with pytest.raises(KeyError):
        replace(Thing(name="a"), **unknown)
    with pytest.raises(TypeError):
        replace(Careful(1), count=-1)
    with pytest.raises(TypeError):
        replace(Plain("a"), name="b")


def test_objects_are_made_of_their_members_in_any_order() -> None:
    """Given names in an order, then their values in that order make the object; a class that looks still looks."""
    assert maker(Thing, ("parts", "name", "count"))([("x",), "a", 3]) == Thing(name="a", count=3, parts=("x",))
    assert maker(Plain, ("name",))(["a"]) == Plain("a")
    assert maker(Careful, ("count",))([1]) == Careful(1)
    with pytest.raises(ValueError, match="below zero"):
        maker(Careful, ("count",))([-1])


@pytest.mark.parametrize("of", [Thing(name="a"), Special(name="a", labels={"b": "c"}), Single("a")])
def test_what_was_made_of_members_is_closed_and_of_its_class_alone(of: Any) -> None:
    """Given an object that was made of its members' values, then it refuses to be changed, and is of no other class."""
    names = tuple(member.name for member in dataclasses.fields(of))
    made = maker(type(of), names)(told(names)(of))
    assert (made, type(made)) == (of, type(of))
    with pytest.raises(FrozenInstanceError):
        made.name = "z"
    with pytest.raises(FrozenInstanceError):
        del made.name


def test_members_can_be_made_of_their_values() -> None:
    """Given what makes some members of their values, then objects hold what was made, of any class."""
    assert maker(Thing, ("count", "name", "parts"), {"count": int, "parts": tuple})(["3", "a", ["x"]]) == Thing(
        name="a", count=3, parts=("x",)
    )
    assert maker(Careful, ("count",), {"count": int})(["1"]) == Careful(1)
    with pytest.raises(ValueError, match="unpack"):
        maker(Single, ("name",))(["a", "b"])


def test_members_are_told_in_the_order_of_names() -> None:
    """One member comes as a tuple, too."""
    assert told(("count", "name"))(Thing(name="a", count=2)) == (2, "a")
    assert told(("name",))(Thing(name="a")) == ("a",)
    assert told(())(Thing(name="a")) == ()
