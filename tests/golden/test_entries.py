"""What was ever stored stays readable: one golden entry, at least, for every type of event and every word in one.

To add, run `.venv/bin/python -m tests.golden.samples`; a line that is there is never changed.
"""

import json
from dataclasses import make_dataclass
from typing import get_type_hints

import pytest

from domain import codec
from domain.names import CLASSES, name_of
from infra.event_log import mapper
from tests.golden.samples import GOLDEN, envelope, lines, missing

ENTRIES = [(json.loads(line)["type"], line) for line in lines()]


@pytest.mark.parametrize(("name", "raw"), ENTRIES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(ENTRIES)])
def test_a_stored_entry_reads_and_is_spelt_as_it_was(name: str, raw: bytes) -> None:
    """By both codecs to one envelope, whose fact has its class and name; and it encodes to the bytes on file."""
    read = codec.read_entry(raw, CLASSES)
    assert read == mapper.read_entry(raw, CLASSES)
    assert type(read.data) is CLASSES[name]
    assert name_of(read.data) == read.type == name
    assert codec.entry_bytes(read) == mapper.entry_bytes(read) == raw
    assert json.loads(raw)["data"] == codec.to_data(read.data)


@pytest.mark.parametrize("name", CLASSES)
def test_every_type_and_every_word_in_it_has_a_golden_entry(name: str) -> None:
    """A new type, or a new value of an enumeration, needs one: `.venv/bin/python -m tests.golden.samples`."""
    stored = [codec.read_entry(raw, CLASSES) for type_name, raw in ENTRIES if type_name == name]
    assert not missing(name, stored)


def test_no_golden_type_was_dropped_from_the_names() -> None:
    """Names are append-only: what a line on file is called is still in the table."""
    assert {name for name, _ in ENTRIES} <= CLASSES.keys()
    assert len(set(CLASSES.values())) == len(CLASSES)


def test_the_first_line_says_what_it_always_said() -> None:
    """One entry is held against its sample member by member, so that reading can't drift unseen."""
    first, raw = ENTRIES[0]
    assert first == "marketplace.planned.v1"
    assert codec.read_entry(raw, CLASSES) == envelope(first, 0)
    assert GOLDEN.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("name", [name for name, kind in CLASSES.items() if get_type_hints(kind)])
def test_a_changed_class_fails(name: str) -> None:
    """One member more, or one fewer, under the old name: the stored bytes no longer read."""
    raw = next(raw for type_name, raw in ENTRIES if type_name == name)
    hints = get_type_hints(CLASSES[name])
    more = make_dataclass("More", [*hints.items(), ("added", str | None)])
    fewer = make_dataclass("Fewer", list(hints.items())[1:])
    for changed in (more, fewer):
        with pytest.raises(codec.Malformed):
            codec.read_entry(raw, {name: changed})
