"""The appender's manners: a bounded queue, cancelled waiters, held heads, a clean end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from domain.identity import StreamId, TenantId
from infra.clock import now
from infra.event_log import appender as module
from infra.event_log.appender import Appender
from infra.event_log.outcomes import Appended, Busy, ClockSkewed, LogClosed, LogUnavailable, Outcome, Stale
from infra.event_log.store import EventLog
from infra.event_log.wire import Command, Row, Wire
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import new_stream


def command(tenant: TenantId, stream: StreamId | None = None, version: int = 1) -> Command:
    return Command(tenant, None, b"", [], [Row(stream or new_stream(), version, "t", now(), False, b"{}")])


@asynccontextmanager
async def appending_to(database: DatabaseUrls, lock_timeout: float = 5) -> AsyncIterator[Appender]:
    appender = Appender(database.runtime, lock_timeout=lock_timeout)
    await appender.open()
    try:
        yield appender
    finally:
        await appender.close()


@asynccontextmanager
async def held(database: DatabaseUrls, tenant: TenantId) -> AsyncIterator[None]:
    """A transaction elsewhere that holds the tenant's head."""
    connection = await asyncpg.connect(database.owner)
    try:
        async with connection.transaction():
            await connection.execute("set local role handschlag_log_writer")
            await connection.fetch("select from log.heads where tenant = $1 for update", tenant)
            yield
    finally:
        await connection.close()


async def test_closing_answers_everything_that_was_taken(
    tenant: TenantId, database: DatabaseUrls, event_log: EventLog
) -> None:
    """Two thousand commands and a close right behind them: all are recorded, and no more are taken."""
    async with appending_to(database) as appender:
        work = [asyncio.create_task(appender.append(command(tenant))) for _ in range(2000)]
        await asyncio.sleep(0)
        await appender.close()
        outcomes = [await task for task in work]
        with pytest.raises(LogClosed):
            await appender.append(command(tenant))
    assert sorted(outcome.first for outcome in outcomes if isinstance(outcome, Appended)) == list(range(1, 2001))
    assert (await event_log.head(tenant)).size == 2000


async def test_a_long_line_at_one_stream_is_no_burden(tenant: TenantId, database: DatabaseUrls) -> None:
    """Five hundred writers of one stream and one of another: one of the many is recorded, the other isn't held up."""
    hot = new_stream()
    async with appending_to(database) as appender:
        line = [asyncio.create_task(appender.append(command(tenant, hot))) for _ in range(500)]
        assert isinstance(await appender.append(command(tenant)), Appended)
        waiting = sum(not task.done() for task in line)
        kinds = [type(await task) for task in line]
    assert waiting > 100
    assert kinds[0] is Appended
    assert set(kinds[1:]) <= {Stale, ClockSkewed}  # on a busy machine the last of them come too late


async def test_a_full_queue_says_busy_at_once(
    tenant: TenantId, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes when the queue is full is refused, not queued."""
    monkeypatch.setattr(module, "MOST_QUEUED", 20)
    async with appending_to(database) as appender:
        outcomes = await asyncio.gather(*(appender.append(command(tenant)) for _ in range(30)))
    assert [type(outcome) for outcome in outcomes] == [Appended] * 20 + [Busy] * 10


async def test_cancelled_waiters_break_nothing(tenant: TenantId, database: DatabaseUrls, event_log: EventLog) -> None:
    """Whoever stops waiting before his turn isn't recorded; whoever stays is."""
    async with appending_to(database) as appender:
        tasks = [asyncio.create_task(appender.append(command(tenant))) for _ in range(60)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, Appended) for outcome in found[1::2])
    assert 30 <= (await event_log.head(tenant)).size <= 60


async def test_a_head_held_for_too_long_is_busy_and_records_nothing(
    tenant: TenantId, database: DatabaseUrls, event_log: EventLog
) -> None:
    """After the lock timeout the command is told; when the head is free again, commands go through."""
    async with appending_to(database, lock_timeout=0.3) as appender:
        async with held(database, tenant):
            assert await asyncio.wait_for(appender.append(command(tenant)), 30) == Busy()
        assert isinstance(await appender.append(command(tenant)), Appended)
    assert (await event_log.head(tenant)).size == 1


async def test_without_a_database_the_log_is_unavailable() -> None:
    """Nothing listens there: said after the time for reconnecting is over, and nothing was sent."""
    wire = Wire("postgresql://nobody@127.0.0.1:1/nothing", reconnect_within=0.1)
    with pytest.raises(LogUnavailable):
        await wire.connected()


async def test_many_tenants_share_batches(database: DatabaseUrls, tenant: TenantId) -> None:
    """Commands that don't meet go out together: far fewer commits than commands."""
    moves: list[set[TenantId]] = []
    appender = Appender(database.runtime, moves.append)
    await appender.open()
    outcomes: list[Outcome] = await asyncio.gather(*(appender.append(command(tenant)) for _ in range(400)))
    await appender.close()
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert len(moves) <= 4
