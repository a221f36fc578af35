"""Entries between bytes and envelopes, fast: the same bytes as `domain.codec`, which is slow, strict and the oracle.

msgspec sorts the members of objects (`order="sorted"`), and escapes as RFC 8785 does; what it would let pass and
an entry may not hold (floats, long integers, U+0000, text that isn't NFC, kinds of its own) is refused before.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

import msgspec

from domain.codec import MAX_INTEGER, Malformed, NameUnknown
from domain.envelope import FORMAT, MAX_ENTRY_BYTES, Actor, Envelope
from domain.frozen import maker, told
from domain.identity import EventId, StreamId
from domain.instant import Instant, NotAnInstant, moment


class _Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """The members of an entry. `data` stays undecoded until its class is known."""

    v: Literal[1]
    origin: str
    id: EventId
    stream: StreamId
    version: int
    type: str
    time: Instant
    actor: Actor
    cause: EventId | None
    correlation: str | None
    rehearsal: bool
    sealed: Mapping[str, str]
    data: Any


class _Sealed(_Entry, frozen=True, gc=False):
    data: msgspec.Raw


_FORMAT: Literal[1] = 1
if _FORMAT != FORMAT:
    raise AssertionError("the fast codec writes another format than the strict one")
_encoder = msgspec.json.Encoder(order="sorted")
_decode = msgspec.json.Decoder(_Sealed).decode
_MEMBERS = _Entry.__struct_fields__[1:-1]
_circumstances = told(_MEMBERS)
_envelope_of = maker(Envelope, (*_MEMBERS, "data"))


def entry_bytes(envelope: Envelope) -> bytes:
    """The exact bytes of `envelope`; raises `Malformed` when it can't be an entry. As `domain.codec.entry_bytes`."""
    _check(envelope)
    return _encode(envelope)


def read_entry(raw: bytes, classes: Mapping[str, type]) -> Envelope:
    """The envelope of entry bytes, its `data` an object of the class that `classes` gives for its type.

    Raises `NameUnknown` for a type that isn't in `classes`, and `Malformed` for anything out of shape. That the
    envelope encodes to the same bytes again proves them canonical: sorted, without duplicates or unknown members.
    As `domain.codec.read_entry`.
    """
    try:
        entry = _decode(raw)
        fact = classes.get(entry.type)
        if fact is None:
            raise NameUnknown(f"unknown type {entry.type!r}")
        envelope: Envelope = _envelope_of((*_circumstances(entry), _decoder(fact)(entry.data)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not an entry: {error}") from error
    moment_of(entry.time)
    if entry.sealed or not _is_plain(fact) or not _is_surely_sound(raw):
        _check(envelope)
    if _encode(envelope) != raw:
        raise Malformed("not the canonical form of RFC 8785")
    return envelope


def event_id_of(raw: bytes) -> EventId:
    """The event id of entry bytes that stand in the log, without decoding the rest."""
    return _id_decoder.decode(raw).id


class _Id(msgspec.Struct, frozen=True):
    id: EventId


_id_decoder = msgspec.json.Decoder(_Id)


@cache
def _decoder(fact: type) -> Any:
    return msgspec.json.Decoder(fact).decode


def _encode(envelope: Envelope) -> bytes:
    try:
        raw = _encoder.encode(_Entry(*(_FORMAT, *_circumstances(envelope), envelope.data)))
    except (UnicodeEncodeError, TypeError, OverflowError) as error:
        raise Malformed(f"has no place in an entry: {error}") from error
    if len(raw) > MAX_ENTRY_BYTES:
        raise Malformed(f"an entry holds at most {MAX_ENTRY_BYTES} bytes, this one has {len(raw)}")
    return raw


def moment_of(time: Instant) -> datetime:
    """As `domain.instant.moment`; raises `Malformed` for any other text."""
    try:
        return moment(time)
    except NotAnInstant as error:
        raise Malformed(str(error)) from error


def _check(value: Any) -> None:
    """Refuse what msgspec would write and RFC 8785 with our limits doesn't know.

    Every append passes here with some sixty values: they stand in one list that grows as it is read, so that a value
    costs no call.
    """
    left = [value]
    for one in left:
        kind: type = type(one)
        if kind is str:
            if not one.isascii() and not unicodedata.is_normalized("NFC", one):
                raise Malformed("text is in Unicode NFC")
            if "\x00" in one:
                raise Malformed("U+0000 has no place in an entry")
        elif one is None or kind is bool:
            pass
        elif kind is int:
            if not -MAX_INTEGER <= one <= MAX_INTEGER:
                raise Malformed(f"{one} is beyond 2^53-1")
        elif kind is tuple or kind is list:
            left.extend(one)
        elif kind is dict:
            for key in one:
                _check_key(key)
            left.extend(one.values())
        else:
            left.extend(_members(kind)(one))


def _is_surely_sound(raw: bytes) -> bool:
    """Whether entry bytes as a whole say what `_check` asks of every text and number; False: that isn't known.

    Holds of bytes that encode to the same again: there a text that isn't ASCII is written as it is. Whatever is cut out
    of text in NFC is in NFC.
    """
    return (
        _LONG not in raw.translate(_DIGITS)
        and b"\\u0000" not in raw
        and (raw.isascii() or unicodedata.is_normalized("NFC", raw.decode()))
    )


_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG = b"0" * len(str(MAX_INTEGER))
"""Shorter numbers are small enough; what is as long and isn't a number is looked at value by value."""


@cache
def _is_plain(kind: Any) -> bool:
    """Whether every value of an annotated type is of a kind that `_check` knows, and none has names of its own."""
    if is_dataclass(kind):
        return all(map(_is_plain, get_type_hints(kind).values()))
    if isinstance(kind, NewType):
        return _is_plain(kind.__supertype__)
    if parts := [part for part in get_args(kind) if part is not Ellipsis]:
        return get_origin(kind) in _JOINED and all(map(_is_plain, parts))
    return kind in _PLAIN or (isinstance(kind, type) and issubclass(kind, StrEnum))


_JOINED = (tuple, list, Union, UnionType)
_PLAIN = (str, int, bool, date, type(None))


def _check_key(key: Any) -> None:
    if type(key) is not str or not key or not key.isascii() or "\x00" in key:
        raise Malformed(f"{key!r} is not an ASCII field name")


@cache
def _members(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """Takes out a dataclass's members, an enumeration's value, nothing of a date; no other kind is in an entry."""
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind))
        if len(names) > 1:
            return attrgetter(*names)
        return lambda value: tuple(getattr(value, name) for name in names)
    if issubclass(kind, StrEnum):
        return lambda value: (value.value,)
    if kind is date:
        return lambda _: ()
    raise Malformed(f"{kind.__name__} has no place in an entry")
