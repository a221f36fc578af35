"""Laws of entry bytes: the fast codec writes and reads what the strict one does, and RFC 8785 agrees."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain import codec
from domain.envelope import Actor, Envelope
from domain.identity import EventId, ParticipationId, StreamId
from domain.instant import Instant, NotAnInstant, instant, moment
from infra.event_log import mapper
from tests.infra.event_log.entries import CLASSES, Closed, Line, Mood, Noted

GOLDEN = Path(__file__).parents[1] / "golden" / "entry.v1.json"

texts = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text.replace("\x00", "")))
wild_texts = st.text(st.characters(exclude_categories=[]), max_size=6)
ids = st.uuids().map(str)
participations = ids.map(lambda text: ParticipationId(StreamId(text)))
integers = st.integers(-codec.MAX_INTEGER, codec.MAX_INTEGER)
times = st.datetimes(timezones=st.just(UTC)).map(instant)
names = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz_"), min_size=1, max_size=8)
lines = st.builds(Line, texts, integers, st.none() | st.dates())
noted = st.builds(Noted, texts, st.sampled_from(Mood), st.lists(lines, max_size=3).map(tuple), st.booleans())
envelopes = st.builds(
    Envelope,
    origin=texts,
    id=ids.map(EventId),
    stream=ids.map(StreamId),
    version=integers,
    type=st.just("test.noted.v1"),
    time=times,
    actor=st.builds(Actor, id=texts, role=texts, on_behalf_of=st.none() | participations),
    cause=st.none() | ids.map(EventId),
    correlation=st.none() | texts,
    rehearsal=st.booleans(),
    data=noted,
    sealed=st.dictionaries(names, texts, max_size=3),
)

SAMPLE = Envelope(
    origin="handschlag/essen",
    id=EventId("0b6f2b6e-5b0f-4f0e-8a34-5f4a54a3f1aa"),
    stream=StreamId("7d0a6c0e-2f9a-4b6c-9a56-8a1c2f0f7b11"),
    version=3,
    type="test.noted.v1",
    time=Instant("2006-09-18T16:30:00.000000Z"),
    actor=Actor(id="p-9", role="representative", on_behalf_of=None),
    cause=EventId("6f1c9d7e-0d3b-4a55-8d0a-1f7f5f6a2c33"),
    correlation="c-1",
    rehearsal=False,
    data=Noted(
        'Grüße, "Händler" \\ / \u2028\x7f\n\x1f😀', Mood.SORRY, (Line("Tag im Garten", 8, date(2006, 9, 18)),), True
    ),
    sealed={"contact": "ab" * 32, "address": "cd" * 32},
)


@given(wild_texts | texts)
def test_a_short_look_at_text_says_what_unicode_says(text: str) -> None:
    """Latin letters are never composed with others; whatever else there is goes by Unicode's own tables."""
    assert codec.is_composed(text) == unicodedata.is_normalized("NFC", text)


@given(envelopes)
def test_fast_and_strict_write_the_same_bytes_and_rfc_8785_agrees(envelope: Envelope) -> None:
    """msgspec, the standard library and the rfc8785 package: three writers, one spelling."""
    raw = mapper.entry_bytes(envelope)
    assert raw == codec.entry_bytes(envelope)
    assert raw == rfc8785.dumps(codec.to_data(envelope) | {"v": 1})


@given(envelopes)
def test_what_is_written_is_read_again_by_both(envelope: Envelope) -> None:
    """Reading gives the envelope that was written."""
    raw = codec.entry_bytes(envelope)
    assert mapper.read_entry(raw, CLASSES) == codec.read_entry(raw, CLASSES) == envelope
    assert mapper.event_id_of(raw) == envelope.id


wild = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), wild_texts, st.binary(max_size=3), st.decimals(), st.uuids(),
    st.lists(wild_texts, max_size=2), st.dictionaries(wild_texts, st.integers(), max_size=2), st.sets(st.integers()),
)  # fmt: skip


@given(st.sampled_from(["origin", "correlation", "version", "sealed", "data"]), wild)
def test_what_one_refuses_to_write_the_other_does_too(member: str, value: Any) -> None:
    """Floats, long integers, U+0000, text that isn't NFC, lone surrogates, kinds of no standing: Malformed for both."""
    changes: dict[str, Any] = {member: Closed(value) if member == "data" else value}
    envelope = replace(SAMPLE, **changes)
    assert _written(mapper, envelope) == _written(codec, envelope)


@given(st.data())
def test_what_one_refuses_to_read_the_other_does_too(data: st.DataObject) -> None:
    """Bytes with one member changed, added, left out, doubled or respelt are judged alike."""
    entry = json.loads(codec.entry_bytes(SAMPLE))
    place = data.draw(st.sampled_from([entry, entry["data"], entry["actor"], entry["data"]["lines"][0]]))
    name = data.draw(st.sampled_from([*place, "more"]))
    if name in place and data.draw(st.booleans()):
        del place[name]
    else:
        place[name] = data.draw(st.none() | st.booleans() | st.integers() | st.floats() | wild_texts | st.just([]))
    raw = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=data.draw(st.booleans()))
    encoded = raw.encode("utf-8", "surrogatepass")
    assert _read(mapper, encoded) == _read(codec, encoded)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":1,"v":1'),
        (b'"urgent":true', b'"urgent":true,"urgent":true'),
        (b'"version":3', b'"version":3.0'),
        (b'"version":3', b'"version": 3'),
        (b'"quantity":8', b'"quantity":8e0'),
        (b'"quantity":8', b'"quantity":9007199254740992'),
        (b'"quantity":8', b'"quantity":NaN'),
        (b'"version":3', b'"version":true'),
        ("Grüße".encode(), b"Gru\xcc\x88\xc3\x9fe"),
        ("Grüße".encode(), b"Gr\\u00fc\xc3\x9fe"),
        ("Grüße".encode(), b"Gr\xfc\xdfe"),
        (b"c-1", b"c-\\u0000"),
        (b"c-1", b"c-\\ud800"),
        (b"2006-09-18T16:30:00.000000Z", b"2006-09-18T16:30:00Z"),
        (b"2006-09-18T16:30:00.000000Z", b"2006-09-31T16:30:00.000000Z"),
        (b"test.noted.v1", b"test.noted.v9"),
    ],
)
def test_both_refuse(old: bytes, new: bytes) -> None:
    """Duplicates, other spellings, NaN, Latin-1, combining marks, times of another width, unknown names."""
    raw = codec.entry_bytes(SAMPLE).replace(old, new, 1)
    assert raw != codec.entry_bytes(SAMPLE)
    assert _read(mapper, raw) == _read(codec, raw) != SAMPLE


@pytest.mark.parametrize("module", [mapper, codec])
def test_an_unknown_type_is_told_from_a_broken_entry(module: Any) -> None:
    """A newer software's fact is not damage: NameUnknown."""
    with pytest.raises(codec.NameUnknown):
        module.read_entry(codec.entry_bytes(replace(SAMPLE, type="test.noted.v9")), CLASSES)


def test_the_golden_entry_is_written_and_read_for_ever() -> None:
    """The first format's bytes are those on file, byte for byte."""
    assert mapper.entry_bytes(SAMPLE) == codec.entry_bytes(SAMPLE) == GOLDEN.read_bytes()
    assert mapper.read_entry(GOLDEN.read_bytes(), CLASSES) == SAMPLE


def test_a_moment_has_no_place_in_a_fact() -> None:
    """A datetime would be written in a spelling of its own; facts hold instants as text."""
    with pytest.raises(codec.Malformed):
        mapper.entry_bytes(replace(SAMPLE, data=Closed(datetime(2006, 9, 18, tzinfo=UTC))))  # type: ignore[arg-type]
    with pytest.raises(codec.Malformed):
        mapper.entry_bytes(replace(SAMPLE, data=Closed(UUID(int=0))))  # type: ignore[arg-type]


@given(times | texts | st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(datetime.isoformat))
def test_fast_and_strict_read_the_same_moments(text: str) -> None:
    """Of every text both say the same moment, or that it's none."""
    try:
        strict = moment(Instant(text))
    except NotAnInstant:
        with pytest.raises(codec.Malformed):
            mapper.moment_of(Instant(text))
    else:
        assert mapper.moment_of(Instant(text)) == strict


def _written(module: Any, envelope: Envelope) -> bytes | type[Exception]:
    try:
        raw: bytes = module.entry_bytes(envelope)
    except codec.Malformed:
        return codec.Malformed
    return raw


def _read(module: Any, raw: bytes) -> Envelope | type[Exception]:
    """The envelope, or the refusal; of several faults (no type *and* a member too many) either may be the one told."""
    try:
        envelope: Envelope = module.read_entry(raw, CLASSES)
    except ValueError:
        return codec.Malformed
    return envelope
