"""Entries between bytes and envelopes, fast: the same bytes as `domain.codec`, which is slow, strict and the oracle.

They are written by a writer made for their class, and read by msgspec. What isn't plainly an entry is left to the
strict one, which says what is wrong with it.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

import msgspec

from domain import codec
from domain.codec import Malformed, NameUnknown
from domain.envelope import FORMAT, MAX_ENTRY_BYTES, Actor, Envelope
from domain.frozen import maker, told
from domain.identity import EventId, StreamId
from domain.instant import Instant, NotAnInstant, moment
from domain.writers import UNLIKE, is_sound, object_writer


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
    data: msgspec.Raw


_FORMAT: Literal[1] = 1
if _FORMAT != FORMAT:
    raise AssertionError("the fast codec writes another format than the strict one")
_write = object_writer(Envelope, v=str(FORMAT))
_decode = msgspec.json.Decoder(_Entry).decode
_MEMBERS = _Entry.__struct_fields__[1:-1]
_circumstances = told(_MEMBERS)
_envelope_of = maker(Envelope, (*_MEMBERS, "data"))


def entry_bytes(envelope: Envelope) -> bytes:
    """The exact bytes of `envelope`; raises `Malformed` when it can't be an entry. As `domain.codec.entry_bytes`."""
    try:
        text = _write(envelope)
        if is_sound(text) and len(raw := text.encode()) <= MAX_ENTRY_BYTES:
            return raw
    except UNLIKE:
        pass
    return codec.entry_bytes(envelope)


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
    if entry_bytes(envelope) != raw:
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


def moment_of(time: Instant) -> datetime:
    """As `domain.instant.moment`; raises `Malformed` for any other text."""
    try:
        return moment(time)
    except NotAnInstant as error:
        raise Malformed(str(error)) from error
