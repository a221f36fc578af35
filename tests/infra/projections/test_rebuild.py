"""A rebuild: the same rows, without a gap for whoever reads meanwhile, and clean after a kill."""

import asyncio
import json
import os
import signal
import sys
from random import Random

import asyncpg
import pytest

from domain.identity import TenantId
from domain.ledger.row import LedgerState
from infra.event_log.store import EventLog
from infra.projections.reader import Views
from infra.projections.readers import open_reading_pool
from infra.projections.rebuild import HostUnknown, LogShorter, RebuildRunning, begin, rebuild
from infra.projections.writer import Writer
from tests.conftest import DatabaseUrls
from tests.infra.projections.histories import History, random_history
from tests.infra.projections.telling import TABLES, catch_up, grown, position, rows
from tests.infra.projections.writing import append, write_past


async def test_rebuilt_is_live_row_by_row(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given live rows told in small pieces, when they are rebuilt in one go, then each row is the same."""
    history = random_history(Random(20), 150)
    for start in range(0, len(history.told), 40):
        await append(event_log, tenant, history.told[start : start + 40])
        await catch_up(follower, tenant, page=13)
    live = await rows(follower, tenant)

    rebuilt = await rebuild(database.follower, tenant)

    assert (rebuilt.generation, rebuilt.records) == (2, len(history.told))
    assert await rows(follower, tenant) == live
    for table in (*TABLES, "tracking"):
        old = await follower.fetchval(
            f"select count(*) from views.{table} where tenant = $1 and generation = 1", tenant
        )
        assert old == 0


async def test_reading_and_writing_go_on_during_rebuilds(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given rebuilds while records are appended and told, then no reader ever sees a contract or a position go."""
    history = History(Random(21))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    contracts = [history.deal(edition, parties) for _ in range(80)]
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)
    pool = await open_reading_pool(database.runtime, 2)
    views, done = Views(pool), asyncio.Event()
    generations: set[int] = set()

    async def read() -> int:
        reached = looks = 0
        while not done.is_set():
            async with views.snapshot(tenant) as snapshot:
                assert snapshot.position >= reached, "readers never go back"
                reached = snapshot.position
                found = await snapshot.ledger(limit=100_000, marketplace=edition, states={LedgerState.CERTIFIED})
                assert {row.id for row in found} >= set(contracts), "no gap"
                assert (await snapshot.tally(edition)).contracts == len(found), "ledger and tally are of one moment"
                generations.add(snapshot.generation)
            looks += 1
        return looks

    async def write() -> None:
        while not done.is_set():
            start = len(history.told)
            history.deal(edition, parties)
            await append(event_log, tenant, history.told[start:])
            await asyncio.sleep(0.005)

    async def follow() -> None:
        while not done.is_set():
            await catch_up(follower, tenant)
            await asyncio.sleep(0.005)

    tasks = [asyncio.create_task(work()) for work in (read, write, follow)]
    for generation in (2, 3, 4):
        assert (await rebuild(database.follower, tenant, page=50)).generation == generation
    done.set()
    looks = (await asyncio.gather(*tasks))[0] or 0
    await pool.close()
    assert looks > 10
    assert len(generations) > 1


async def test_rebuild_killed_in_the_middle(follower: asyncpg.Pool, database: DatabaseUrls, tenant: TenantId) -> None:
    """Given a rebuild killed with SIGKILL, then readers stay where they were, and the next one starts clean."""
    history = random_history(Random(22), 400)
    await write_past(database.owner, tenant, history.told)
    await catch_up(follower, tenant)
    live = await rows(follower, tenant)
    program = (
        "import asyncio\n"
        "from infra.projections.rebuild import rebuild\n"
        f"asyncio.run(rebuild({database.follower!r}, {tenant!r}, page=10))\n"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    await grown(follower, tenant, 2, 100)
    with pytest.raises(RebuildRunning):
        await rebuild(database.follower, tenant)
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()

    assert await rows(follower, tenant) == live
    while True:
        try:
            rebuilt = await rebuild(database.follower, tenant)
            break
        except RebuildRunning:  # the server hasn't noticed the death yet
            await asyncio.sleep(0.01)
    assert rebuilt.generation == 3
    assert await rows(follower, tenant) == live
    for table in TABLES:
        left = await follower.fetchval(
            f"select count(*) from views.{table} where tenant = $1 and generation < 3", tenant
        )
        assert left == 0


async def test_what_was_swept_isnt_looked_through_again(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given rows of a generation of long ago, then a rebuild after one that left nothing doesn't look for any."""
    await append(event_log, tenant, random_history(Random(26), 20).told)
    await rebuild(database.follower, tenant)
    left_behind = "insert into views.parked values ($1, 1, gen_random_uuid(), 1, 1, 'a', 'b', '{}')"
    remaining = "select count(*) from views.parked where tenant = $1 and generation = 1"
    await follower.execute(left_behind, tenant)

    await rebuild(database.follower, tenant)
    assert await follower.fetchval(remaining, tenant) == 1

    await follower.execute("update views.generations set swept = 0 where tenant = $1", tenant)
    await rebuild(database.follower, tenant)
    assert await follower.fetchval(remaining, tenant) == 0


@pytest.mark.parametrize("moment", ["growing", "sweeping"])
async def test_a_rebuild_that_broke_off_is_cleared_by_the_next(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId, moment: str
) -> None:
    """Given a rebuild that ended while it grew, or before it had swept, then the next one sweeps what it left."""
    await append(event_log, tenant, random_history(Random(27), 20).told)
    await rebuild(database.follower, tenant)
    broken_off = {"growing": "building = 3", "sweeping": "live = 3"}[moment]
    await follower.execute("insert into views.tracking values ($1, 3, 0)", tenant)
    await follower.execute(f"update views.generations set {broken_off} where tenant = $1", tenant)

    assert (await rebuild(database.follower, tenant)).generation == 4
    for table in TABLES:
        others = f"select count(*) from views.{table} where tenant = $1 and generation <> 4"
        assert await follower.fetchval(others, tenant) == 0


async def test_views_ahead_of_their_log_are_left_as_they_are(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given views ahead of their log, then a rebuild says so, and readers stay where they are."""
    history = random_history(Random(28), 20)
    await append(event_log, tenant, history.told)
    await rebuild(database.follower, tenant)
    await follower.execute("update views.tracking set position = position + 1 where tenant = $1", tenant)

    with pytest.raises(LogShorter):
        await asyncio.wait_for(rebuild(database.follower, tenant), 20)
    assert await position(follower, tenant) == len(history.told) + 1

    await follower.execute(
        "update views.tracking set position = position - 1 where generation = 2 and tenant = $1", tenant
    )
    assert (await rebuild(database.follower, tenant)).generation == 4


async def test_writer_of_a_generation_that_is_gone_tells_nothing(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a writer with its hands full, when a rebuild replaces its generation, then it writes no more."""
    history = random_history(Random(23), 20)
    await append(event_log, tenant, history.told)
    writer = Writer(follower, tenant, await begin(follower, tenant), page=10)
    assert (await writer.advance()).told == 10
    await rebuild(database.follower, tenant)
    assert await writer.advance() == await writer.advance()
    assert not (await writer.advance()).told
    await writer.close()


async def test_views_never_told_can_be_rebuilt(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given no projector so far, then a rebuild tells everything; given no such host, it says so."""
    history = random_history(Random(24), 10)
    await append(event_log, tenant, history.told)
    assert (await rebuild(database.follower, tenant)).records == len(history.told)
    assert len((await rows(follower, tenant))["trail"]) >= len(history.told)
    with pytest.raises(HostUnknown):
        await rebuild(database.follower, TenantId("nobody"))


@pytest.mark.parametrize(
    ("table", "key", "place"), [("ledger", "id", 5), ("tallies", "marketplace", 14), ("statements", "id", 16)]
)
async def test_growing_rows_are_ended_by_their_key(
    follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId, table: str, key: str, place: int
) -> None:
    """Given a generation of which statistics know nothing, when a page ends a row, then others' rows aren't read."""
    generation, at = await _told(follower, event_log, tenant), await position(follower, tenant)
    standing = await follower.fetchrow(
        f"select {key} as id, valid_from from views.{table} where tenant = $1 and valid_until is null", tenant
    )
    ended = [{"id": str(standing["id"]), "valid_from": standing["valid_from"], "valid_until": at + 1}]
    parts = ["null"] * 21
    parts[1:5], parts[place] = [f"${number}" for number in range(1, 5)], "$5"
    async with follower.acquire() as connection, connection.transaction():
        before = await connection.fetchrow(_READ, table)
        told = f"select views.tell({', '.join(parts[1:])})"
        await connection.execute(told, tenant, generation, at, at + 1, json.dumps(ended))
        ended_rows, read = (
            now - then for now, then in zip(await connection.fetchrow(_READ, table), before, strict=True)
        )
    assert (ended_rows, read) == (1, 1)


async def _told(follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId) -> int:
    """Tell a history; the generation into which it was told."""
    await append(event_log, tenant, random_history(Random(25), 40).told)
    await catch_up(follower, tenant)
    return await begin(follower, tenant)


_READ = """
select n_tup_upd, seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where schemaname = 'views' and relname = $1
"""
