"""Entries between bytes and envelopes, fast: the same bytes as `domain.codec`, which is slow, strict and the oracle.

msgspec sorts the members of objects (`order="sorted"`), and escapes as RFC 8785 does; what it would let pass and
an entry may not hold (floats, long integers, U+0000, text that isn't NFC, kinds of its own) is refused before.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.codec import MAX_INTEGER, Malformed, NameUnknown
from domain.envelope import FORMAT, MAX_ENTRY_BYTES, Actor, Envelope
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
    data: Any
    sealed: Mapping[str, str]


class _Sealed(_Entry, frozen=True, gc=False):
    data: msgspec.Raw


_FORMAT: Literal[1] = 1
if _FORMAT != FORMAT:
    raise AssertionError("the fast codec writes another format than the strict one")
_encoder = msgspec.json.Encoder(order="sorted")
_decode = msgspec.json.Decoder(_Sealed).decode


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
        envelope = Envelope(
            origin=entry.origin,
            id=entry.id,
            stream=entry.stream,
            version=entry.version,
            type=entry.type,
            time=entry.time,
            actor=entry.actor,
            cause=entry.cause,
            correlation=entry.correlation,
            rehearsal=entry.rehearsal,
            data=_decoder(fact)(entry.data),
            sealed=entry.sealed,
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not an entry: {error}") from error
    moment_of(entry.time)
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
    entry = _Entry(
        v=_FORMAT,
        origin=envelope.origin,
        id=envelope.id,
        stream=envelope.stream,
        version=envelope.version,
        type=envelope.type,
        time=envelope.time,
        actor=envelope.actor,
        cause=envelope.cause,
        correlation=envelope.correlation,
        rehearsal=envelope.rehearsal,
        data=envelope.data,
        sealed=envelope.sealed,
    )
    try:
        raw = _encoder.encode(entry)
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


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """An envelope as `eventsourcing` wants its events: told by originator and version."""

    envelope: Envelope

    @property
    def originator_id(self) -> UUID:
        """The stream."""
        return UUID(self.envelope.stream)

    @property
    def originator_version(self) -> int:
        """The stream's version, from 1."""
        return self.envelope.version


@dataclass(frozen=True)
class StoredEntry(StoredEvent):
    """A stored event that tells its columns' time and rehearsal mark, so that nobody has to look into its bytes."""

    at: datetime
    rehearsal: bool


class EntryMapper(Mapper[UUID]):
    """`eventsourcing`'s mapper over our entries: a topic is a stored name, looked up in a table, never imported."""

    def __init__(self, classes: Mapping[str, type]) -> None:
        super().__init__(JSONTranscoder())
        self._classes = classes

    def to_stored_event(self, domain_event: Any) -> StoredEntry:
        """The stored entry of an `EntryEvent`; raises `Malformed` when it can't be an entry."""
        envelope: Envelope = domain_event.envelope
        return StoredEntry(
            UUID(envelope.stream),
            envelope.version,
            envelope.type,
            entry_bytes(envelope),
            moment_of(envelope.time),
            envelope.rehearsal,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> EntryEvent:
        """The `EntryEvent` of a stored event; raises `Malformed` when columns and bytes tell different stories."""
        envelope = read_entry(stored_event.state, self._classes)
        told = (UUID(envelope.stream), envelope.version, envelope.type)
        if told != (stored_event.originator_id, stored_event.originator_version, stored_event.topic):
            raise Malformed(f"stored as {stored_event.topic}, but its bytes say {told}")
        return EntryEvent(envelope)
