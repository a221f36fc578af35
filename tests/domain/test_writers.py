"""What a writer made for a type writes, and what it leaves to the strict codec."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codec import MAX_INTEGER, Malformed, canonical, to_data
from domain.organisation.events import Side
from domain.writers import UNLIKE, is_sound, object_writer, writer

Name = NewType("Name", str)


@dataclass(frozen=True, slots=True)
class Line:
    """Every scalar."""

    name: Name
    quantity: int
    day: date | None
    side: Side
    fixed: Literal["yes", 1]
    said: bool


@dataclass(frozen=True, slots=True)
class Longer(Line):
    """A line and more."""

    more: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that consists of others."""

    lines: tuple[Line, ...]
    notes: dict[str, str]
    anything: Any
    line: Line | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """No member at all."""


LINE = Line(Name('Tag "im" Garten\n'), 8, date(2006, 9, 18), Side.COMPANY, "yes", True)


def test_members_stand_in_order_and_gaps_are_filled() -> None:
    """Given every kind of member, then its object is written as RFC 8785 does."""
    values: tuple[Any, ...] = (
        LINE,
        Letter((LINE, LINE), {"b": "1", "a": "{2}"}, LINE, None),
        Letter((), {}, Side.NONPROFIT, LINE),
        Letter((), {}, None, None),
        Nothing(),
    )
    for value in values:
        kind: Any = type(value)
        assert writer(kind)(value).encode() == canonical(to_data(value))


def test_constant_members_take_their_place_among_the_others() -> None:
    """Given an object that is written with a member of its format, then that stands where its name sorts."""
    assert object_writer(Letter, m='{"x":1}')(Letter((), {}, 1, None)) == (
        '{"anything":1,"line":null,"lines":[],"m":{"x":1},"notes":{}}'
    )


@pytest.mark.parametrize("kind", [str, int, bool, Name, Side, int | None, tuple[int, ...], dict[str, Side], date])
def test_a_type_without_members_has_a_writer_too(kind: Any) -> None:
    """Given a value of the type, then it is written; given an object of no such type, then it is unlike it."""
    values = {
        str: "é", Name: "a", int: 3, bool: False, Side: Side.COMPANY, int | None: None,
        tuple[int, ...]: (1, 2), dict[str, Side]: {"a": Side.COMPANY}, date: date(2006, 9, 18),
    }  # fmt: skip
    assert writer(kind)(values[kind]).encode() == canonical(to_data(values[kind]))
    with pytest.raises(UNLIKE):
        writer(kind)(LINE)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", 3), ("name", None), ("quantity", True), ("quantity", 1.0), ("quantity", MAX_INTEGER + 1),
        ("quantity", -MAX_INTEGER - 1), ("day", datetime(2006, 9, 18, tzinfo=UTC)), ("day", "2006-09-18"),
        ("side", "cross"), ("side", []), ("fixed", 1.5), ("said", 1), ("said", None),
    ],
)  # fmt: skip
def test_a_value_unlike_its_annotation_is_not_written(member: str, value: Any) -> None:
    """Given a float, a long number, a moment, a foreign word or None where none may be, then the writer leaves it."""
    members = {name: getattr(LINE, name) for name in Line.__dataclass_fields__}
    with pytest.raises(UNLIKE):
        writer(Line)(Line(**members | {member: value}))


@pytest.mark.parametrize(
    "letter",
    [
        Letter([LINE], {}, None, None),  # type: ignore[arg-type]
        Letter((Longer(Name("Tag"), 8, None, Side.COMPANY, "yes", True, "more"),), {}, None, None),
        Letter((), {"ü": "1"}, None, None),
        Letter((), {"": "1"}, None, None),
        Letter((), {1: "1"}, None, None),  # type: ignore[dict-item]
        Letter((), [], None, None),  # type: ignore[arg-type]
        Letter((), {}, 1.5, None),
        Letter((), {}, object(), None),
    ],
)
def test_what_is_inside_is_looked_at_as_well(letter: Letter) -> None:
    """Given a list for a tuple, an object of a derived class, a foreign name or kind, then the writer leaves it."""
    with pytest.raises(UNLIKE):
        writer(Letter)(letter)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_called_sound_is_canonical(text: str) -> None:
    """Given any text, when what was written of it is sound, then the strict writer writes the same."""
    written = writer(str)(text)
    try:
        strict = canonical(text).decode()
    except Malformed:
        assert not is_sound(written)
    else:
        assert strict == written
        assert is_sound(written) or "\\u0000" in written


@pytest.mark.parametrize("text", ["u\u0308", "\u0300", "a\x00", "\u1100\u1161", "\u0344"])
def test_unsound_text_is_seen(text: str) -> None:
    """Given text that could be composed, or with U+0000, then it isn't sound, or the strict writer agrees with it."""
    try:
        canonical(text)
    except Malformed:
        assert not is_sound(writer(str)(text))
    else:
        assert is_sound(writer(str)(text))
