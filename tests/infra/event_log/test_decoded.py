"""Entries that are held decoded."""

import pytest

from domain.codec import Malformed, NameUnknown
from domain.identity import TenantId
from infra.event_log.decoded import Decoded
from infra.event_log.mapper import entry_bytes
from infra.event_log.outcomes import Stale
from infra.event_log.store import EventLog
from tests.infra.event_log.entries import CLASSES, appending, new_stream, note

NOTE = note(TenantId("essen"), new_stream(), 1)


def test_an_entry_is_read_once() -> None:
    """Given an entry that was read, when the same bytes come again, then the same envelope is there."""
    decoded, raw = Decoded(CLASSES), entry_bytes(NOTE)
    first = decoded(raw)
    assert first == NOTE
    assert decoded(bytes(bytearray(raw))) is first


def test_what_was_held_longest_makes_room() -> None:
    """Given as many as may be held, when another comes, then the first goes; and is read again when asked for."""
    decoded = Decoded(CLASSES, most=2)
    notes = [note(TenantId("essen"), new_stream(), 1) for _ in range(3)]
    read = [decoded(entry_bytes(each)) for each in notes]
    assert len(decoded) == 2
    assert decoded(entry_bytes(notes[2])) is read[2]
    assert decoded(entry_bytes(notes[0])) is not read[0]
    assert decoded(entry_bytes(notes[0])) == read[0]


def test_bytes_that_differ_by_one_are_another_entry() -> None:
    """Given a held entry, when somebody changed a letter of what stands in the log, then that is what is read."""
    decoded, raw = Decoded(CLASSES), entry_bytes(NOTE)
    decoded.keep(raw, NOTE)
    assert decoded(raw.replace(b"p-1", b"p-2")).actor.id == "p-2"
    with pytest.raises(Malformed):
        decoded(raw + b" ")
    with pytest.raises(NameUnknown):
        decoded(raw.replace(b"test.noted.v1", b"test.noted.v9"))


async def test_what_this_process_records_it_needs_not_read(log: EventLog, tenant: TenantId) -> None:
    """Given an append, when its entries are read, then they are those that were written; a refused one leaves none."""
    stream = new_stream()
    entries = [note(tenant, stream, 1), note(tenant, stream, 2)]
    await log.append(appending(tenant, *entries))
    found = (await log.read(tenant, None, [stream])).streams[stream]
    assert all(recorded.envelope is entry for recorded, entry in zip(found, entries, strict=True))
    held = len(log.decoded)
    assert isinstance(await log.append(appending(tenant, note(tenant, stream, 2))), Stale)
    assert len(log.decoded) == held
