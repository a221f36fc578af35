"""One writer a generation: rows and tracking move together, whoever else writes and whatever happens."""

import asyncio
import os
import re
import signal
import sys
from functools import partial
from random import Random

import asyncpg
import pytest

from domain.identity import TenantId
from domain.names import CLASSES
from domain.negotiation.events import TermsAccepted
from domain.refusal import LogDamaged
from infra.event_log.mapper import read_entry
from infra.event_log.store import EventLog
from infra.projections.pool import sql
from infra.projections.rebuild import _rebuild, begin, rebuild
from infra.projections.writer import Writer
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import History, random_history
from tests.infra.projections.telling import TABLES, Folded, catch_up, grown, position, rows
from tests.infra.projections.writing import append, write_past


async def test_page_size_makes_no_difference(follower: asyncpg.Pool, database: DatabaseUrls) -> None:
    """Given one history, when it is told in pages of 1, 7 or 1000, then the rows are the same."""
    history = random_history(Random(7), 60)
    found = []
    for page in (1, 7, 1000):
        tenant = await new_tenant(database)
        await write_past(database.owner, tenant, history.told)
        assert await catch_up(follower, tenant, page=page) == len(history.told)
        told = await rows(follower, tenant)
        found.append({table: [row[1:] for row in told[table]] for table in TABLES})
    assert found[0] == found[1] == found[2]
    assert found[0]["ledger"]


async def test_crash_between_rows_and_tracking_leaves_nothing(
    follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Given a writer whose server process dies among a page's rows, then neither rows nor position have moved.

    It goes on from there as one that never looked further.
    """
    history = random_history(Random(8), 30)
    await append(event_log, tenant, history.told)
    writer = Writer(follower, tenant, await begin(follower, tenant), page=50)
    await writer.advance()
    before, reached = await rows(follower, tenant), await position(follower, tenant)
    owner = await asyncpg.connect(database.owner)
    try:
        async with owner.transaction():
            await owner.execute("lock table views.directory")
            telling = asyncio.create_task(writer.advance())
            await _ended_among_its_rows(database.follower)
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                await telling
    finally:
        await owner.close()
    assert (await rows(follower, tenant), await position(follower, tenant)) == (before, reached)

    while (await writer.advance()).more:
        pass
    assert await position(follower, tenant) == len(history.told)
    told = await rows(follower, tenant)
    await rebuild(database.follower, tenant)
    assert await rows(follower, tenant) == told


async def _ended_among_its_rows(follower_url: str) -> None:
    """End the server process that waits, within `views.tell`, for a table that is locked."""
    waits = (
        "select pg_terminate_backend(a.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid"
        " where not l.granted and l.relation = 'views.directory'::regclass and a.application_name = $1"
    )
    connection = await asyncpg.connect(follower_url)
    try:
        async with asyncio.timeout(20):
            while not await connection.fetchval(waits, "handschlag-projections"):  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.01)
    finally:
        await connection.close()


async def test_a_page_is_told_in_one_call(event_log: EventLog, tenant: TenantId, database: DatabaseUrls) -> None:
    """Given what a page moves in hand, when it is told, then one statement has read it and another writes it."""
    asked: list[str] = []

    async def listened_to(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(lambda told: asked.append(told.query))

    async def given_back(_: asyncpg.Connection) -> None:
        pass

    history = History(Random(18))
    edition = history.edition()
    async with asyncpg.create_pool(
        database.follower, min_size=1, max_size=2, init=listened_to, reset=given_back
    ) as pool:
        writer = Writer(pool, tenant, await begin(pool, tenant))
        await append(event_log, tenant, history.told)
        await writer.advance()
        asked.clear()
        told = len(history.told)
        history.open(edition)
        await append(event_log, tenant, history.told[told:])
        assert (await writer.advance()).told == len(history.told) - told
        await writer.close()
    assert [re.findall(r"(?:log|views)\.\w+", statement) for statement in asked] == [["log.page"], ["views.tell"]]


async def test_killed_process_leaves_whole_pages(
    follower: asyncpg.Pool, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a projector killed with SIGKILL at work, then another goes on and nothing is missing or doubled."""
    history = random_history(Random(9), 400)
    await write_past(database.owner, tenant, history.told)
    program = (
        "import asyncio\n"
        "from infra.projections.pool import open_follower_pool\n"
        "from tests.infra.projections.telling import catch_up\n"
        "async def main():\n"
        f"    await catch_up(await open_follower_pool({database.follower!r}), {tenant!r}, page=20)\n"
        "asyncio.run(main())\n"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    await begin(follower, tenant)
    await grown(follower, tenant, 1, 100)
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()

    while await position(follower, tenant) < len(history.told):
        await catch_up(follower, tenant)
    standing = Folded(history.told, len(history.told))
    found = await rows(follower, tenant)
    assert len([row for row in found["ledger"] if row[3] == "None"]) == len(standing.rows)
    assert len(found["directory"]) == len(standing.entries)


async def test_two_writers_dont_double(follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId) -> None:
    """Given two writers of one generation at once, then every record is told once."""
    history = random_history(Random(10), 120)
    await append(event_log, tenant, history.told)
    generation = await begin(follower, tenant)
    writers = [Writer(follower, tenant, generation, page=10) for _ in range(2)]

    async def work(writer: Writer) -> int:
        told = 0
        while await position(follower, tenant) < len(history.told):
            told += (await writer.advance()).told
        await writer.close()
        return told

    shares = await asyncio.gather(*map(work, writers))
    assert sum(shares) == len(history.told)
    standing = Folded(history.told, len(history.told))
    told = await follower.fetchval(
        "select count(*) from views.ledger where tenant = $1 and valid_until is null", tenant
    )
    assert told == len(standing.rows)


async def test_poison_parks_its_stream_alone(follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId) -> None:
    """Given a record that no fold can follow, then its stream stands still there and all others go on."""
    history = History(Random(11))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    sound, sick = history.agreed(edition, parties), history.negotiation(edition, parties)
    history.tell(sick, TermsAccepted(by=parties[1].participation))
    poison = len(history.told) + 1
    history.tell(sick, TermsAccepted(by=parties[0].participation))
    history.tell(sick, TermsAccepted(by=parties[0].participation))
    history.signed(sound, parties)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    parked = await follower.fetch("select stream::text, first, last, error from views.parked where tenant = $1", tenant)
    assert [(row["stream"], row["first"], row["last"]) for row in parked] == [(sick, poison, poison + 1)]
    assert parked[0]["error"] == f"{LogDamaged.__name__}: TermsAccepted can't follow Agreed: the log is damaged"
    assert await position(follower, tenant) == len(history.told)
    state = await follower.fetchval(
        "select state from views.ledger where tenant = $1 and id = $2 and valid_until is null", tenant, sound
    )
    assert state == "signed"
    assert not await follower.fetchval(
        "select count(*) from views.trail where tenant = $1 and position = $2", tenant, poison
    )


async def test_unknown_type_parks_until_the_software_knows_it(
    follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId
) -> None:
    """Given an event newer than this software, then its stream is parked; told by one that knows it, it isn't."""
    history = History(Random(12))
    edition = history.edition()
    await append(event_log, tenant, history.told)
    older = {name: fact for name, fact in CLASSES.items() if name != "marketplace.planned.v1"}
    await catch_up(follower, tenant, read=partial(read_entry, classes=older))
    assert await follower.fetchval("select stream::text from views.parked where tenant = $1", tenant) == edition

    await _rebuild(follower, tenant, 1000)
    assert await follower.fetchval("select count(*) from views.parked where tenant = $1", tenant) == 0
    assert await follower.fetchval("select id::text from views.directory where tenant = $1", tenant) == edition


async def test_row_the_database_refuses_parks_one_stream(
    follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId
) -> None:
    """Given a record that folds but whose row no column can hold, then it alone is found and parked."""
    history = History(Random(13))
    sound = history.edition()
    sick = history.edition(season=2**40)
    also = history.edition()
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)
    assert await follower.fetchval("select stream::text from views.parked where tenant = $1", tenant) == sick
    known = await follower.fetch("select id::text from views.directory where tenant = $1 order by first", tenant)
    assert [row["id"] for row in known] == [sound, also]


async def test_bytes_that_contradict_their_columns_are_poison(
    follower: asyncpg.Pool, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given an entry whose columns name another stream than its bytes, then it is parked under its columns' stream."""
    history = History(Random(14))
    history.edition()
    other = history.id()
    await write_past(database.owner, tenant, history.told)
    connection = await asyncpg.connect(database.owner)
    try:
        async with connection.transaction():
            await connection.execute("set local role handschlag_log_writer")
            await connection.execute(
                "insert into log.entries select tenant, 2, $2, version, type, at, latest_at, rehearsal, bytes"
                " from log.entries where tenant = $1 and position = 1",
                tenant,
                other,
            )
            await connection.execute("update log.heads set size = 2 where tenant = $1", tenant)
    finally:
        await connection.close()
    await catch_up(follower, tenant)
    assert await follower.fetchval("select stream::text from views.parked where tenant = $1", tenant) == other


async def test_runtime_sees_its_tenant_alone_and_writes_nothing(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given two tenants' rows, then the runtime's login sees those of the one it names, and can't change them."""
    for one in (tenant, await new_tenant(database)):
        await append(event_log, one, random_history(Random(15), 30).told)
        await catch_up(follower, one)
    connection = await asyncpg.connect(database.runtime)
    try:
        for table in (*TABLES[:-1], "generations", "tracking"):
            assert await connection.fetchval(f"select count(*) from views.{table}") == 0
            async with connection.transaction():
                await connection.execute("select set_config('app.tenant', $1, true)", tenant)
                seen = await connection.fetch(f"select distinct tenant from views.{table}")
            assert [row["tenant"] for row in seen] == [tenant]
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"delete from views.{table}")
    finally:
        await connection.close()


async def test_nobody_is_behind_when_all_is_told(follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId) -> None:
    """Given an empty log, a tenant isn't behind; with records it is, until they are told."""

    async def behind() -> bool:
        return tenant in {row["tenant"] for row in await follower.fetch(sql("behind"))}

    assert not await behind()
    await append(event_log, tenant, random_history(Random(16), 5).told)
    assert await behind()
    await catch_up(follower, tenant)
    assert not await behind()


async def test_things_out_of_hand_are_read_again(
    follower: asyncpg.Pool, tenant: TenantId, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a writer that keeps two things in hand at most, then its rows are those of one that keeps all."""
    history = random_history(Random(17), 80)
    other = await new_tenant(database)
    for one in (tenant, other):
        await write_past(database.owner, one, history.told)
    await catch_up(follower, tenant, page=15)
    monkeypatch.setattr("infra.projections.writer.CARRY", 2)
    await catch_up(follower, other, page=15)
    mine, others = await rows(follower, tenant), await rows(follower, other)
    assert {table: [row[1:] for row in mine[table]] for table in TABLES} == {
        table: [row[1:] for row in others[table]] for table in TABLES
    }
