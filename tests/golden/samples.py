"""Adds golden entries: `.venv/bin/python -m tests.golden.samples` appends what is missing and never rewrites a line.

A new type of event, a new value of an enumeration in one: run it, look at the new lines, commit them. If a line
that is there no longer reads, the change broke the past: give the changed meaning a new name (`….v2`) and an upcaster.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, uuid5

from domain.codec import entry_bytes, read_entry
from domain.envelope import Actor, Envelope
from domain.identity import EventId, ParticipationId, StreamId
from domain.instant import Instant
from domain.names import CLASSES

GOLDEN = Path(__file__).parent / "entries.ndjson"
_TIME = Instant("2006-09-18T16:30:00.000000Z")


def lines() -> list[bytes]:
    """The golden entries, as they were stored."""
    return GOLDEN.read_bytes().splitlines() if GOLDEN.exists() else []


def words_of(kind: Any) -> set[StrEnum]:
    """All values of enumerations that can stand anywhere in a `kind`."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return set(kind)
    inner = get_type_hints(kind).values() if is_dataclass(kind) else get_args(kind)
    return set().union(*(words_of(part) for part in inner))


def words_in(value: Any) -> Iterator[StrEnum]:
    """The values of enumerations that stand in `value`."""
    if isinstance(value, StrEnum):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from words_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from words_in(item)


def missing(name: str, stored: list[Envelope]) -> bool:
    """Whether no golden entry has this name, or a word that can stand in such an entry stands in none of them."""
    said = {word for envelope in stored for word in words_in(envelope.data)}
    return not stored or not words_of(CLASSES[name]) <= said


def sample(kind: Any, variant: int, name: str = "sample") -> Any:
    """A value of `kind`, everything filled; enumerations show their word number `variant`, if they have so many."""
    if kind is Instant:
        return _TIME
    if hasattr(kind, "__supertype__"):
        return str(uuid5(NAMESPACE_URL, f"{name}/{variant}"))
    if get_origin(kind) in (Union, types.UnionType):
        return sample(get_args(kind)[0], variant, name)
    if get_origin(kind) is tuple:
        return tuple(sample(get_args(kind)[0], variant, f"{name}/{n}") for n in range(2))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{key: sample(hint, variant, key) for key, hint in hints.items()})  # type: ignore[operator]  # a class
    if issubclass(kind, StrEnum):
        words = list(kind)
        return words[variant] if variant < len(words) else words[0]
    plain: Mapping[Any, Any] = {
        bool: variant % 2 == 1,
        str: f"Größe: {name}",
        int: 17 + variant,
        date: date(2006, 9, 18),
    }
    return plain[kind]


def envelope(name: str, variant: int) -> Envelope:
    """The sample entry of a type."""
    return Envelope(
        origin="handschlag/essen",
        id=EventId(str(uuid5(NAMESPACE_URL, f"{name}/{variant}"))),
        stream=StreamId(str(uuid5(NAMESPACE_URL, name))),
        version=1 + variant,
        type=name,
        time=_TIME,
        actor=Actor(
            id="p-9", role="clerk", on_behalf_of=ParticipationId(StreamId(str(uuid5(NAMESPACE_URL, "bakery"))))
        ),
        cause=None,
        correlation="golden",
        rehearsal=False,
        data=sample(CLASSES[name], variant),
        sealed={"name": "ab" * 32},
    )


def add() -> int:
    """Append entries until every type and every word in it has one; says how many."""
    stored = [read_entry(line, CLASSES) for line in lines()]
    before = len(stored)
    with GOLDEN.open("ab") as file:
        for name in CLASSES:
            of_name = [entry for entry in stored if entry.type == name]
            variant = len(of_name)
            while missing(name, of_name):
                of_name.append(envelope(name, variant))
                file.write(entry_bytes(of_name[-1]) + b"\n")
                stored.append(of_name[-1])
                variant += 1
    return len(stored) - before


if __name__ == "__main__":
    print(f"{add()} golden entries added")  # noqa: T201 - the tool's answer
