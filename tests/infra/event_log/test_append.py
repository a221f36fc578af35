"""What the log answers to one append, whatever shares its batch."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain.codec import Malformed
from domain.identity import StreamId, TenantId
from domain.transparency.merkle import leaf_hash, root, root_of
from infra.clock import fresh_id, now
from infra.event_log.mapper import entry_bytes
from infra.event_log.outcomes import (
    Append,
    Appended,
    ClockSkewed,
    GuardFailed,
    KeyReused,
    KnownKey,
    Replayed,
    Stale,
    TenantUnknown,
)
from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import appending, new_stream, note


async def test_an_append_takes_the_next_positions_and_answers_with_leaf_hashes(log: EventLog, tenant: TenantId) -> None:
    """Two entries of two streams are recorded together, at positions 1 and 2, and hashed as RFC 6962 leaves."""
    one, two = note(tenant, new_stream(), 1), note(tenant, new_stream(), 1)
    outcome = await log.append(appending(tenant, one, two))
    assert outcome == Appended(1, 2, (leaf_hash(entry_bytes(one)), leaf_hash(entry_bytes(two))))
    found = await log.read(tenant, None, [two.stream, one.stream])
    assert {stream: [(r.position, r.envelope) for r in records] for stream, records in found.streams.items()} == {
        one.stream: [(1, one)],
        two.stream: [(2, two)],
    }


async def test_a_stale_command_learns_where_the_stream_is_and_records_nothing(log: EventLog, tenant: TenantId) -> None:
    """Who expected version 1 of a stream at version 2 is told 2."""
    stream = new_stream()
    await log.append(appending(tenant, note(tenant, stream, 1), note(tenant, stream, 2)))
    assert await log.append(appending(tenant, note(tenant, stream, 2))) == Stale(stream, 2)
    assert await log.append(appending(tenant, note(tenant, stream, 4))) == Stale(stream, 2)
    assert (await log.head(tenant)).size == 2


async def test_of_several_streams_all_are_recorded_or_none(log: EventLog, tenant: TenantId) -> None:
    """One stale stream of two refuses the whole command."""
    old, fresh = new_stream(), new_stream()
    await log.append(appending(tenant, note(tenant, old, 1)))
    assert await log.append(appending(tenant, note(tenant, fresh, 1), note(tenant, old, 1))) == Stale(old, 1)
    assert (await log.read(tenant, None, [fresh])).streams == {fresh: []}


async def test_a_failed_guard_refuses_and_names_the_stream_that_moved(log: EventLog, tenant: TenantId) -> None:
    """Judged when the gong's stream was at 0; it is at 1; nothing is traded after the gong."""
    gong = new_stream()
    assert isinstance(await log.append(appending(tenant, note(tenant, new_stream(), 1), guards={gong: 0})), Appended)
    await log.append(appending(tenant, note(tenant, gong, 1)))
    late = appending(tenant, note(tenant, new_stream(), 1), guards={gong: 0})
    assert await log.append(late) == GuardFailed(gong, 1)
    assert isinstance(await log.append(appending(tenant, note(tenant, new_stream(), 1), guards={gong: 1})), Appended)


async def test_a_key_used_again_is_answered_with_the_stored_positions(log: EventLog, tenant: TenantId) -> None:
    """The same request is replayed, another one refused; reading the key tells the same."""
    key, stream = fresh_id(), new_stream()
    first = appending(tenant, note(tenant, stream, 1), note(tenant, stream, 2), key=key)
    assert isinstance(await log.append(first), Appended)
    assert await log.append(first) == Replayed(1, 2)
    other = appending(tenant, note(tenant, stream, 3), key=key, request="another request")
    assert await log.append(other) == KeyReused()
    assert (await log.read(tenant, key, [])).known == KnownKey(first.request, 1, 2)
    assert (await log.read(tenant, fresh_id(), [])).known is None


async def test_the_same_key_in_flight_queues_behind_the_first(log: EventLog, tenant: TenantId) -> None:
    """Of many appends with one key at the same moment, one is recorded and the others are its replays."""
    append = appending(tenant, note(tenant, new_stream(), 1), key=fresh_id())
    outcomes = await asyncio.gather(*(log.append(append) for _ in range(5)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Appended"] + ["Replayed"] * 4


async def test_a_refused_command_does_not_use_up_its_key(log: EventLog, tenant: TenantId) -> None:
    """Refusals aren't stored: the corrected command may come with the same key."""
    key, stream = fresh_id(), new_stream()
    assert await log.append(appending(tenant, note(tenant, stream, 2), key=key)) == Stale(stream, 0)
    assert isinstance(await log.append(appending(tenant, note(tenant, stream, 1), key=key)), Appended)


@pytest.mark.parametrize("seconds", [-3, 3])
async def test_a_time_far_from_the_databases_clock_is_refused(log: EventLog, tenant: TenantId, seconds: int) -> None:
    """More than 2 s early or late: ClockSkewed."""
    entry = note(tenant, new_stream(), 1, at=now() + timedelta(seconds=seconds))
    assert await log.append(appending(tenant, entry)) == ClockSkewed()


async def test_a_host_that_does_not_exist_is_unknown(log: EventLog) -> None:
    """An append for no host is an outcome, not an error."""
    nowhere = TenantId(f"t-{fresh_id()}")
    assert await log.append(appending(nowhere, note(nowhere, new_stream(), 1))) == TenantUnknown()
    with pytest.raises(LookupError):
        await log.head(nowhere)


async def test_the_tree_of_many_batches_is_the_tree_of_the_entries(log: EventLog, tenant: TenantId) -> None:
    """Root recomputed from the entries equals the root of the stored edge, after batches of all sizes."""
    for burst in (1, 2, 3, 7, 30, 64):
        await asyncio.gather(*(log.append(appending(tenant, note(tenant, new_stream(), 1))) for _ in range(burst)))
        entries = await log.page(tenant, 0, 1000)
        head = await log.head(tenant)
        assert [entry.position for entry in entries] == list(range(1, head.size + 1))
        assert root(head.edge) == root_of([leaf_hash(entry.bytes) for entry in entries])


async def test_as_of_is_the_last_position_up_to_which_nothing_is_later(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Times may step back by what clocks differ; the running maximum doesn't, and as-of follows it."""
    start = now()
    offsets = [0.0, 0.5, 0.2, 0.5, 1.0, 0.9]
    for offset in offsets:
        entry = note(tenant, new_stream(), 1, at=start + timedelta(seconds=offset))
        assert isinstance(await log.append(appending(tenant, entry)), Appended)

    async def at(offset: float) -> int:
        return await log.position_at(tenant, start + timedelta(seconds=offset))

    assert [await at(offset) for offset in (-1, 0, 0.3, 0.5, 0.95, 1.0, 9)] == [0, 1, 1, 4, 4, 6, 6]
    assert (await log.head(tenant)).latest_at == start + timedelta(seconds=1)
    assert await log.position_at(await new_tenant(database), start) == 0


async def test_pages_go_on_after_a_position_and_can_be_of_some_types(log: EventLog, tenant: TenantId) -> None:
    """A page begins after the position given, ends at the limit, and holds the exact bytes."""
    entries = [note(tenant, new_stream(), 1) for _ in range(5)]
    for entry in entries:
        await log.append(appending(tenant, entry))
    page = await log.page(tenant, 1, 3)
    assert [(r.position, r.bytes, r.stream, r.version) for r in page] == [
        (position, entry_bytes(entry), entry.stream, 1) for position, entry in enumerate(entries[1:4], 2)
    ]
    assert len(await log.page(tenant, 0, 100, ["test.noted.v1", "nothing"])) == 5
    assert await log.page(tenant, 0, 100, ["test.closed.v1"]) == []


async def test_another_tenants_rows_are_never_visible(log: EventLog, tenant: TenantId, database: DatabaseUrls) -> None:
    """A stream and a key of one host don't exist for another, nor in a session that has named no host."""
    stream, key, other = new_stream(), fresh_id(), await new_tenant(database)
    await log.append(appending(tenant, note(tenant, stream, 1), key=key))
    found = await log.read(other, key, [stream])
    assert (found.known, found.streams) == (None, {stream: []})
    assert await log.page(other, 0, 10) == []
    async with log.pool.acquire() as connection:
        await connection.fetch("select * from log.read_streams($1, $2, $3)", tenant, key, [stream])
        assert await connection.fetchval("select current_setting('app.tenant', true)") in (None, "")
        for table in ("log.entries", "log.keys", "log.heads"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
        async with connection.transaction():
            await connection.execute("select set_config('app.tenant', $1, true)", other)
            assert await connection.fetchval("select count(*) from log.entries where tenant = $1", tenant) == 0


async def test_an_append_that_contradicts_itself_is_a_mistake_of_the_caller(log: EventLog, tenant: TenantId) -> None:
    """Nothing of the sort reaches the database: no entries, gaps, a key without request, a guard on what it writes."""
    stream = new_stream()
    entry = note(tenant, stream, 1)

    def of(expected: dict[StreamId, int], **changes: object) -> Append:
        known: dict[str, object] = {"key": None, "request": b"", "guards": {}, "entries": [entry], **changes}
        return Append(tenant=tenant, expected=expected, **known)  # type: ignore[arg-type]

    for wrong in (
        of({stream: 0}, entries=[]),
        of({stream: 1}),
        of({}),
        of({stream: 0, new_stream(): 0}),
        of({stream: 0}, key="k"),
        of({stream: 0}, request=b"r"),
        of({stream: 0}, key="k" * 256, request=b"r"),
        of({stream: 0}, guards={stream: 0}),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - the kind is all a caller may rely on
            await log.append(wrong)
    with pytest.raises(Malformed):
        await log.append(appending(tenant, note(tenant, stream, 1, text="x" * 70_000)))


async def test_the_function_itself_refuses_versions_with_gaps(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Even a runtime login that goes round the library gets no stream with a gap, a step back, or too long an entry."""
    sql = "select outcome from log.append($1,'{null}','{\"\"}','{}','{}','{}',$2,$3,$4,$5,$6,$7,$8,true)"
    connection = await asyncpg.connect(database.runtime)

    async def outcome(versions: list[int], raw: bytes = b"{}") -> str:
        n, stream = len(versions), new_stream()
        row = [[1] * n, [stream] * n, versions, ["t"] * n, [now()] * n, [False] * n, [raw] * n]
        answer: str = await connection.fetchval(sql, [tenant], *row)
        return answer

    assert [await outcome(versions) for versions in ([1, 3], [2, 1], [1, 1], [2], [1, 2])] == ["stale"] * 4 + ["ok"]
    with pytest.raises(asyncpg.CheckViolationError):
        await outcome([1], b"x" * 65_536)
    assert (await log.head(tenant)).size == 2
    await connection.close()
