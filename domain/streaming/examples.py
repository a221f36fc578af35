"""An example of every type, the same at every reading: made from its class and from what its members mean."""

from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NewType, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, uuid5

from domain.codec import to_data
from domain.envelope import Actor, Envelope
from domain.identity import EventId, PersonId, StreamId
from domain.instant import Instant
from domain.money import Value, hourly
from domain.names import CLASSES
from domain.negotiation.terms import Terms, terms_hash
from domain.streaming.meanings import meaning_of
from domain.streaming.schemas import without_none

TIME = Instant("2006-09-18T16:30:00.000000Z")
DAY = date(2006, 9, 18)
ORIGIN = "handschlag/essen"


def example_entry(name: str) -> dict[str, Any]:
    """A whole entry of a type, as decoded JSON."""
    envelope = Envelope(
        origin=ORIGIN,
        id=EventId(_id(f"{name} record")),
        stream=StreamId(_id(f"{name} stream")),
        version=3,
        type=name,
        time=TIME,
        actor=Actor(id=PersonId(_id("clerk")), role="clerk", on_behalf_of=None),
        cause=None,
        correlation=_id("request"),
        rehearsal=False,
        data=example_fact(name),
    )
    entry: dict[str, Any] = to_data(envelope) | {"v": 1}
    return entry


def example_fact(name: str) -> Any:
    """A fact of a type."""
    return _made(CLASSES[name], "fact", 0)


def _made(kind: Any, member: str, nth: int) -> Any:
    """The `nth` value of `kind` in a list (0 elsewhere); an id is the same wherever members mean the same thing."""
    if kind is Instant:
        return TIME
    if isinstance(kind, NewType):
        return _id(*_SAME.get(member, (member, nth)))
    if is_dataclass(kind):
        return _object(kind, nth)
    if issubclass(kind, StrEnum):
        return list(kind)[nth % len(kind)]
    return {bool: False, int: 1, str: member, date: DAY}[kind]


_SAME = {
    "by": ("participation", 0),
    "party": ("participation", 0),
    "giver": ("participation", 0),
    "receiver": ("participation", 1),
    "first_contact_by": ("participation", 0),
}
"""Members that name the same thing: the parties of the example, and who of them does what."""


def _object(kind: Any, nth: int) -> Any:
    if kind is Value:
        return hourly(1500, 960)
    made: dict[str, Any] = {}
    for name, hint in get_type_hints(kind).items():
        inner, told = without_none(hint), meaning_of(kind, name)
        if get_origin(inner) is tuple:
            most = max(1, told.limits.get("minItems", 1))
            made[name] = tuple(_made(get_args(inner)[0], name, n) for n in range(most))
        elif told.example is None:
            made[name] = _made(inner, name, nth)
        else:
            made[name] = inner(told.example)
    if "terms_hash" in made and isinstance(made.get("terms"), Terms):
        made["terms_hash"] = terms_hash(made["terms"])
    return kind(**made)


def _id(name: str, nth: int = 0) -> str:
    return str(uuid5(NAMESPACE_URL, f"example/{name}/{nth}"))
