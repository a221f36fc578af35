"""Entry bytes are read strictly: one spelling, or none."""

import json
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from domain.codec import Malformed, NameUnknown, canonical, entry_bytes, from_data, parse, read_entry, to_data
from domain.envelope import MAX_ENTRY_BYTES, Actor, Envelope
from domain.identity import EventId
from domain.instant import Instant
from domain.writers import spelt
from tests.domain.people import stream


class Mood(StrEnum):
    """How it went."""

    WELL = "well"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A fact of these tests."""

    text: str
    count: int
    yes: bool
    day: date | None
    mood: Mood
    names: tuple[str, ...]


CLASSES = {"noted.v1": Noted}
noted = Noted(text="Grüße", count=3, yes=True, day=date(2006, 9, 18), mood=Mood.WELL, names=("a", "b"))
envelope = Envelope(
    origin="handschlag/essen",
    id=EventId(stream("event")),
    stream=stream("stream"),
    version=1,
    type="noted.v1",
    time=Instant("2006-09-18T16:30:00.000000Z"),
    actor=Actor(id="p-9", role="clerk"),
    cause=None,
    correlation=None,
    rehearsal=False,
    data=noted,
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nothing",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b"[1,2] ",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1.0",
        b"1e3",
        b"-0",
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5_000,
        b'"\\u00e9"',
        b'"\\/"',
        b'"\\u0000"',
        b'"\\ud800"',
        b'"e\xcc\x81"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        '{"é":1}'.encode(),
        b'{"":1}',
        b"[" * 5_000 + b"]" * 5_000,
        b"[" * 100_000,
    ],
)
def test_any_other_spelling_is_malformed(raw: bytes) -> None:
    """Duplicates, disorder, spaces, NaN, floats, long integers, escapes, U+0000, surrogates, no NFC, a BOM, depth."""
    with pytest.raises(Malformed):
        parse(raw)


@pytest.mark.parametrize(
    "raw", [b"null", b"true", b"0", b"-9007199254740991", b'{"a":[1,"x"],"b":null}', '"é\\n\\u001f\x7f\u2028"'.encode()]
)
def test_the_canonical_spelling_is_read(raw: bytes) -> None:
    """And written again as it was."""
    assert canonical(parse(raw)) == raw


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, "\x00", "e\u0301", "\ud800", {"é": 1}, {1: 2}, b"x", {1}])
def test_what_has_no_place_in_an_entry_isn_t_written(value: Any) -> None:
    """Nor anywhere inside a list or an object."""
    for wrong in (value, [value], {"a": value}):
        with pytest.raises(Malformed):
            canonical(wrong)


def test_an_entry_comes_back_as_it_went() -> None:
    """Bytes and envelope are two sides of one thing."""
    raw = entry_bytes(envelope)
    assert raw.startswith(b'{"actor":{"id":"p-9","on_behalf_of":null,"role":"clerk"},"cause":null,')
    assert read_entry(raw, CLASSES) == envelope
    assert entry_bytes(read_entry(raw, CLASSES)) == raw


def test_what_was_read_is_spelt_as_it_is_written() -> None:
    """Given objects, enumerations, days, tuples and sets, then they are spelt without being made plain before."""
    values: list[Any] = [envelope, noted, (noted, noted), frozenset({"b", "a"}), {"b": noted, "a": None}, (), {}]
    values += ["é", 'a"\\\n\x7f\u2028', 3, -3, True, None, Mood.WELL, Actor(id="a", role="b")]
    for value in values:
        assert spelt(value) == canonical(to_data(value))
    with pytest.raises(Malformed):
        spelt(object())


def test_what_was_met_once_is_read_as_strictly_the_next_time() -> None:
    """Given a reader that has met an outline, when a word, a day or a type is wrong in one like it, then it is told."""
    plain = to_data(noted)
    assert from_data(Noted, plain) == from_data(Noted, plain) == noted
    wrong = [("mood", "badly"), ("day", "2006-02-30"), ("names", ["a", 1]), ("count", True), ("yes", 1), ("text", None)]
    for member, value in wrong:
        with pytest.raises(Malformed):
            from_data(Noted, plain | {member: value})
    assert from_data(Noted, dict(reversed(plain.items()))) == noted
    assert plain == to_data(noted)


@pytest.mark.parametrize(
    ("place", "member", "value"),
    [
        ("data", "count", True),
        ("data", "count", "3"),
        ("data", "count", None),
        ("data", "yes", 1),
        ("data", "text", 3),
        ("data", "day", "20060918"),
        ("data", "day", "2006-W38-1"),
        ("data", "day", "2006-02-30"),
        ("data", "day", 20060918),
        ("data", "mood", "badly"),
        ("data", "names", "ab"),
        ("data", "names", [1]),
        ("data", "more", 1),
        ("actor", "more", 1),
        ("", "more", 1),
        ("", "v", 2),
        ("", "v", "1"),
        ("", "version", True),
        ("", "time", "2006-09-18T16:30:00Z"),
        ("", "time", "2006-09-18 16:30:00.000000"),
        ("", "sealed", ["name"]),
        ("", "sealed", {"name": 1}),
        ("", "data", []),
    ],
)
def test_a_member_of_another_kind_is_malformed(place: str, member: str, value: Any) -> None:
    """A bool is no integer, a number no text, and unknown members have no business there."""
    entry = json.loads(entry_bytes(envelope))
    (entry[place] if place else entry)[member] = value
    with pytest.raises(Malformed):
        read_entry(canonical(entry), CLASSES)


@pytest.mark.parametrize("place", ["", "data", "actor"])
def test_a_missing_member_is_malformed(place: str) -> None:
    """None is written as null, never left out."""
    whole = json.loads(entry_bytes(envelope))
    for member in whole[place] if place else whole:
        entry = json.loads(entry_bytes(envelope))
        del (entry[place] if place else entry)[member]
        with pytest.raises(Malformed):
            read_entry(canonical(entry), CLASSES)


def test_an_unknown_name_is_told_from_damage() -> None:
    """A newer software may know it."""
    with pytest.raises(NameUnknown):
        read_entry(entry_bytes(replace(envelope, type="noted.v2")), CLASSES)
    with pytest.raises(Malformed):
        read_entry(b"[]", CLASSES)


def test_an_entry_has_at_most_65535_bytes() -> None:
    """Written or read: the length prefix of an entry bundle has sixteen bits."""
    room = MAX_ENTRY_BYTES - len(entry_bytes(replace(envelope, correlation="")))
    full = replace(envelope, correlation="x" * room)
    assert read_entry(entry_bytes(full), CLASSES) == full
    with pytest.raises(Malformed):
        entry_bytes(replace(envelope, correlation="x" * (room + 1)))
    raw = canonical(to_data(replace(envelope, correlation="x" * (room + 1))) | {"v": 1})
    with pytest.raises(Malformed):
        read_entry(raw, CLASSES)


def test_a_bool_is_no_integer_and_no_integer_a_bool() -> None:
    """Python thinks otherwise; a log doesn't."""
    for kind, value in ((int, True), (bool, 1), (int, "1"), (str, 1)):
        with pytest.raises(Malformed):
            from_data(kind, value)
    with pytest.raises(Malformed):
        read_entry(canonical(to_data(envelope) | {"v": True}), CLASSES)
