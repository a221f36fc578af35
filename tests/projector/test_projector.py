"""The projector's loop: prompt, patient, and one tenant's trouble is its own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import asyncpg
import pytest

from domain.identity import TenantId
from domain.negotiation.events import TermsAccepted
from infra.event_log.store import EventLog
from infra.projections.pool import open_follower_pool, sql
from infra.projections.rebuild import rebuild
from infra.projections.writer import Step, Writer
from services.projector.projector import Projector
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import History, random_history
from tests.infra.projections.telling import Folded, rows
from tests.infra.projections.telling import position as told_to
from tests.infra.projections.writing import append, write_past


@asynccontextmanager
async def running(*projectors: Projector) -> AsyncIterator[None]:
    """The projectors at work."""
    tasks = [asyncio.create_task(projector.run()) for projector in projectors]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def follower(database: DatabaseUrls) -> AsyncIterator[asyncpg.Pool]:
    """A pool to look with."""
    pool = await open_follower_pool(database.follower)
    yield pool
    await pool.close()


async def reached(pool: asyncpg.Pool, tenant: TenantId, position: int, within: float = 10) -> None:
    """Wait until the live generation has come to `position`."""
    async with asyncio.timeout(within):
        while True:
            found = await pool.fetchval("select position from views.tracking where tenant = $1", tenant)
            if (found or 0) >= position:
                return
            await asyncio.sleep(0.002)


async def test_a_hint_is_told_at_once(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a projector that polls once a minute, then what is appended is told long before it would have polled."""
    projector = Projector(database.follower, event_log.wakeups, poll=60)
    history = History(Random(61))
    async with running(projector):
        edition = history.edition()
        await append(event_log, tenant, history.told)
        await reached(follower, tenant, 1)
        slowest = 0.0
        for _ in range(5):
            start = len(history.told)
            history.pair(edition)
            await append(event_log, tenant, history.told[start:])
            begun = time.perf_counter()
            await reached(follower, tenant, len(history.told))
            slowest = max(slowest, time.perf_counter() - begun)
    assert slowest < 20


async def test_a_lost_hint_is_made_up_for(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given entries that nobody hinted at, then polling finds them."""
    projector = Projector(database.follower, event_log.wakeups, poll=0.05)
    history = random_history(Random(62), 20)
    async with running(projector):
        await asyncio.sleep(0.1)
        await write_past(database.owner, tenant, history.told)
        await reached(follower, tenant, len(history.told))
        async with asyncio.timeout(10):
            while not projector.caught_up():  # noqa: ASYNC110 - what readiness probes do
                await asyncio.sleep(0.01)


async def test_several_projectors_tell_everything_once(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls
) -> None:
    """Given three projectors and four tenants, one rebuilt meanwhile, then each record is told once."""
    projectors = [Projector(database.follower, event_log.wakeups, poll=0.02, page=7) for _ in range(3)]
    tenants = [await new_tenant(database) for _ in range(4)]
    histories = [random_history(Random(63 + number), 60) for number in range(4)]
    async with running(*projectors):
        for start in range(0, 400, 25):
            for tenant, history in zip(tenants, histories, strict=True):
                if history.told[start : start + 25]:
                    await append(event_log, tenant, history.told[start : start + 25])
        await projectors[0].rebuild(tenants[0])
        for tenant, history in zip(tenants, histories, strict=True):
            await append(event_log, tenant, history.told[400:]) if history.told[400:] else None
            await reached(follower, tenant, len(history.told))
    for tenant, history in zip(tenants, histories, strict=True):
        folded = Folded(history.told, len(history.told))
        found = await rows(follower, tenant)
        standing = [row for row in found["ledger"] if row[3] == "None"]
        assert len(standing) == len(folded.rows)
        assert len(found["ledger"]) == sum(len(row.lineage) for row in folded.rows.values())
        assert len({row[1:3] for row in found["trail"]}) == len(found["trail"])
        assert found["parked"] == []
        assert await told_to(follower, tenant) == len(history.told)


async def test_what_makes_room_is_read_again(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a projector that holds one tenant's things at most, when two take turns, then nothing is lost or told anew.

    A stream that stands still goes on standing still.
    """
    monkeypatch.setattr("services.projector.hands.MOST", 0)
    projector = Projector(database.follower, event_log.wakeups)
    tenants = [await new_tenant(database) for _ in range(2)]
    histories = [random_history(Random(66 + number), 60) for number in range(2)]
    for history in histories:
        edition = history.edition()
        parties = history.pair(edition)
        sick = history.negotiation(edition, parties)
        for number in range(20):
            history.tell(sick, TermsAccepted(by=parties[(number + 1) % 2].participation))
            history.edition()
    most = 0
    for start in range(0, max(len(history.told) for history in histories), 15):
        for tenant, history in zip(tenants, histories, strict=True):
            if history.told[start : start + 15]:
                await append(event_log, tenant, history.told[start : start + 15])
        while (await projector._round(follower)).told:
            most = max(most, len(projector._hands))
    assert most == 1
    for tenant, history in zip(tenants, histories, strict=True):
        assert await told_to(follower, tenant) == len(history.told)
        told = await rows(follower, tenant)
        await rebuild(database.follower, tenant)
        assert await rows(follower, tenant) == told
        assert len(told["parked"]) == 1


async def test_an_idle_round_is_one_query(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given many tenants that are all at their heads, then a round asks the database once."""
    projector = Projector(database.follower, event_log.wakeups)
    await append(event_log, tenant, random_history(Random(69), 3).told)
    while (await projector._round(follower)).told:
        pass
    asked: list[str] = []
    connections = [await follower.acquire() for _ in range(follower.get_max_size())]
    for connection in connections:
        connection.add_query_logger(lambda record: asked.append(record.query))
        await follower.release(connection)
    await projector._round(follower)
    assert asked == [sql("behind")]


async def test_one_tenants_trouble_is_its_own(
    follower: asyncpg.Pool,
    event_log: EventLog,
    database: DatabaseUrls,
    tenant: TenantId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a tenant whose telling fails, then the others are told, and it is once it can be."""
    other = await new_tenant(database)
    history = random_history(Random(70), 10)
    whole, broken = Writer.advance, True

    async def fails(writer: Writer) -> Step:
        if writer.tenant == tenant and broken:
            raise RuntimeError("something is wrong with this one")
        return await whole(writer)

    monkeypatch.setattr(Writer, "advance", fails)
    async with running(Projector(database.follower, event_log.wakeups, poll=0.05)):
        await append(event_log, tenant, history.told)
        await append(event_log, other, history.told)
        await reached(follower, other, len(history.told))
        assert await told_to(follower, tenant) == 0
        broken = False
        await reached(follower, tenant, len(history.told))


async def test_lost_connections_are_made_anew(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a database that hangs up on the projector, then it comes back and goes on."""
    history = random_history(Random(71), 10)
    lines = "select pid from pg_stat_activity where application_name = 'handschlag-projections'"
    others = [row["pid"] for row in await follower.fetch(lines)]
    async with running(Projector(database.follower, event_log.wakeups, poll=0.05)):
        await append(event_log, tenant, history.told[:5])
        await reached(follower, tenant, 5)
        cut = (
            f"select pg_terminate_backend(pid) from ({lines} and pid <> all ($1) and pid <> pg_backend_pid()) as theirs"
        )
        assert await _as_login(database.follower, cut, others)
        await append(event_log, tenant, history.told[5:])
        await reached(follower, tenant, len(history.told))


async def _as_login(url: str, statement: str, *arguments: object) -> list[asyncpg.Record]:
    """Run a statement as the login itself, not in a role that it takes on: only so may it end its own backends."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("set role none")
        found: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        return found
    finally:
        await connection.close()
