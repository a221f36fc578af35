"""Reading streams: what was decoded once is held, and says what the log says."""

import asyncio

import asyncpg

from domain.identity import TenantId
from infra.clock import fresh_id
from infra.event_log.mapper import entry_bytes, moment_of
from infra.event_log.outcomes import Append, Appended, KnownKey
from infra.event_log.store import EventLog
from infra.event_log.wire import Command, Row, append_once
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import new_stream, note

PATIENCE = 30
"""Seconds until what is waited for won't come any more."""

_READER_WAITS = "select exists (select from pg_locks where not granted and relation = 'log.entries'::regclass)"


async def test_what_was_decoded_once_is_held_and_what_came_since_is_read(log: EventLog, tenant: TenantId) -> None:
    """Given a stream that was read, when it has moved and is read again, then only the new entry is decoded."""
    stream = new_stream()

    async def append(version: int) -> None:
        one = note(tenant, stream, version)
        outcome = await log.append(Append(tenant=tenant, expected={stream: version - 1}, guards={}, entries=[one]))
        assert isinstance(outcome, Appended)

    await append(1)
    (first,) = (await log.read(tenant, None, [stream])).streams[stream]
    await append(2)
    again, second = (await log.read(tenant, None, [stream])).streams[stream]
    assert again.envelope is first.envelope
    assert (second.position, second.envelope.version) == (2, 2)


async def test_a_key_and_the_streams_are_read_as_of_one_moment(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Given a read under way, when a command is committed between key and stream, then it knows of both or neither."""
    entry, key = note(tenant, new_stream(), 1), fresh_id()
    row = Row(entry.stream, 1, entry.type, moment_of(entry.time), entry.rehearsal, entry_bytes(entry))
    owner = await asyncpg.connect(database.owner)
    try:
        async with asyncio.timeout(PATIENCE):
            async with owner.transaction():
                await owner.execute("lock table log.entries in access exclusive mode")
                reading = asyncio.create_task(log.read(tenant, key, [entry.stream]))
                while not await owner.fetchval(_READER_WAITS):  # noqa: ASYNC110 - another session waits
                    await asyncio.sleep(0.01)
                await owner.execute("set local role handschlag_log_writer")
                assert isinstance(await append_once(owner, Command(tenant, key, bytes(32), [], [row])), Appended)
            read = await reading
    finally:
        await owner.close()
    assert (read.known is None) == (read.streams[entry.stream] == [])
    assert (await log.read(tenant, key, [entry.stream])).known == KnownKey(bytes(32), 1, 1)
