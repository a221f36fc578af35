"""Entries that are read by their outline are those that the strict reader reads, and nothing else is."""

import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import outlines
from domain.codec import Malformed, entry_bytes, read_entry
from domain.envelope import Envelope
from domain.names import CLASSES
from domain.outlines import MOST_ALIKE, OFTEN, EntryReader
from tests.auditor.bundles import history
from tests.golden.samples import lines

STORED = [*lines(), *history(11, contracts=4)]
"""Entries of every type there ever was, and a few of a host's day."""

ODD = st.sampled_from(
    ["", '"', "\\", '\\"', "\\u0000", "\x00", "\n", "\x7f", "ä", "a\u0308", "\u0308", "\u2028", "\ufffd", ",", "null",
     "true", "0", "-0", "01", "1e1", "1.0", "9" * 15, "9" * 16, "9" * 17, "\u0661", " ", "{}", "[]", "2026-02-30",
     "2026-1-1", "2026-11-30T24:00:00.000000Z"]
)  # fmt: skip

VALUE = re.compile(r'(?<=")[^"]*(?=")|-?[0-9]+|null|true|false')


def trained() -> EntryReader:
    """A reader that knows the outline of every stored entry."""
    reader = EntryReader(CLASSES)
    for _ in range(OFTEN):
        for raw in STORED:
            reader.read(raw)
    return reader


TRAINED = trained()


def said(read: Callable[[bytes], Envelope], raw: bytes) -> str:
    """What a reader says of these bytes."""
    try:
        return repr(read(raw))
    except Malformed as error:
        return f"{type(error).__name__}: {error}"


def strictly(raw: bytes) -> Envelope:
    """The strict reader."""
    return read_entry(raw, CLASSES)


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """A stored entry with some of its values, names, numbers or bytes changed."""
    text = draw(st.sampled_from(STORED)).decode()
    for _ in range(draw(st.integers(1, 3))):
        found = draw(st.sampled_from(list(VALUE.finditer(text))))
        other = draw(ODD | st.sampled_from([*VALUE.findall(text)]) | st.text(max_size=4))
        text = text[: found.start()] + other + text[found.end() :]
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    if draw(st.booleans()):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


@given(changed())
def test_a_changed_entry_is_read_or_refused_as_strictly(raw: bytes) -> None:
    """Given an entry of a known outline, when anything in it is changed, then both readers say the same words."""
    assert said(TRAINED.read, raw) == said(strictly, raw)


@pytest.mark.parametrize("change", ['"v":1', '"v":2', '"v":01', '"v":true', '"v":1.0'])
def test_the_format_is_looked_at(change: str) -> None:
    """Given an entry of a known outline, when it names another format, then it is refused as strictly."""
    for raw in STORED:
        other = raw.replace(b'"v":1', change.encode())
        assert said(TRAINED.read, other) == said(strictly, other)


def test_what_is_read_by_its_outline_gives_the_same_bytes() -> None:
    """Given every stored entry, then what was read is written as the bytes that it was."""
    for raw in STORED:
        envelope = TRAINED.read(raw)
        assert (envelope, entry_bytes(envelope)) == (strictly(raw), raw)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the strict reader is asked to read."""
    told: list[bytes] = []

    def read(raw: bytes, classes: Mapping[str, type]) -> Envelope:
        told.append(raw)
        return read_entry(raw, classes)

    monkeypatch.setattr(outlines, "read_entry", read)
    return told


def test_a_known_outline_is_read_without_the_strict_reader(asked: list[bytes]) -> None:
    """Given outlines that came often, then their entries are no longer read strictly; another outline's is."""
    for raw in STORED:
        TRAINED.read(raw)
    assert len(asked) < len(STORED) // 100
    del asked[:]
    other = STORED[-1].replace(b'"sealed":{}', b'"sealed":{"other":"00"}')
    TRAINED.read(other)
    assert asked == [other]


def test_whoever_makes_a_bundle_does_not_choose_how_much_is_remembered(asked: list[bytes]) -> None:
    """Given more outlines than are remembered of one type, each of them often, then the rest is read strictly."""
    reader, entry = EntryReader(CLASSES), next(raw for raw in STORED if b'"sealed":{}' in raw)
    told = [entry.replace(b'"sealed":{}', b'"sealed":{"f%d":"00"}' % number) for number in range(MOST_ALIKE + 5)]
    for raw in told:
        for _ in range(OFTEN):
            assert said(reader.read, raw) == said(strictly, raw)
    del asked[:]
    for raw in told:
        reader.read(raw)
    assert asked == told[MOST_ALIKE:]
