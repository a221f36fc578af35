"""What goes wrong in a batch, on the line, or at a head costs nobody else anything, and nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from domain.identity import StreamId, TenantId
from infra.clock import now
from infra.event_log.outcomes import Appended, FateUnknown, GuardFailed, KeyReused, Replayed, Stale
from infra.event_log.store import EventLog
from infra.event_log.wire import Command, Row, append_once
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import appending, new_stream, note


async def test_one_bad_command_costs_the_others_nothing(log: EventLog, tenant: TenantId) -> None:
    """Forty good commands and four bad ones, at once: the bad ones are told why, the good ones are recorded."""
    taken, gong = new_stream(), new_stream()
    await log.append(appending(tenant, note(tenant, taken, 1), key="first"))
    await log.append(appending(tenant, note(tenant, gong, 1)))
    good = [log.append(appending(tenant, note(tenant, new_stream(), 1))) for _ in range(40)]
    bad = [
        log.append(appending(tenant, note(tenant, taken, 1))),
        log.append(appending(tenant, note(tenant, new_stream(), 1), guards={gong: 0})),
        log.append(appending(tenant, note(tenant, new_stream(), 1), key="first", request="another")),
    ]
    outcomes = await asyncio.gather(*good[:20], *bad, *good[20:])
    assert [type(outcome) for outcome in outcomes[20:23]] == [Stale, GuardFailed, KeyReused]
    assert sum(isinstance(outcome, Appended) for outcome in outcomes) == 40
    assert (await log.head(tenant)).size == 42


async def test_an_exception_splits_the_batch_until_the_culprit_is_alone(log: EventLog, tenant: TenantId) -> None:
    """A command that PostgreSQL can't judge gets the exception; those who shared its batch are recorded."""
    monster = Command(tenant, None, b"", [], [Row(new_stream(), 1, "t", now(), False, b"x" * 70_000)])
    good = [log.append(appending(tenant, note(tenant, new_stream(), 1))) for _ in range(30)]
    *outcomes, trouble = await asyncio.gather(*good, log.appender.append(monster), return_exceptions=True)
    assert isinstance(trouble, asyncpg.CheckViolationError)
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert (await log.head(tenant)).size == 30


async def test_after_a_lost_connection_keys_tell_what_was_recorded(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """The writer's connection is cut again and again: each command with a key is recorded once and answered."""

    async def work(worker: int) -> list[type]:
        kinds = []
        for number in range(40):
            command = appending(tenant, note(tenant, new_stream(), 1), key=f"{worker}-{number}")
            kinds.append(type(await log.append(command)))
        return kinds

    workers = [asyncio.create_task(work(worker)) for worker in range(8)]
    cuts = 0
    while not all(worker.done() for worker in workers):
        cuts += await _cut_appenders(database)
        await asyncio.sleep(0.02)
    answers = [kind for worker in workers for kind in await worker]
    assert cuts > 0
    assert set(answers) <= {Appended, Replayed}
    assert (len(answers), (await log.head(tenant)).size) == (320, 320)


async def test_without_a_key_the_fate_of_a_cut_off_command_is_said_to_be_unknown(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """The head is held, the command waits, its connection is cut: nobody can tell, and that is what it is told."""
    async with _held_head(database, tenant):
        waiting = asyncio.create_task(log.append(appending(tenant, note(tenant, new_stream(), 1))))
        await _until_waiting(database)
        await _cut_appenders(database)
        with pytest.raises(FateUnknown):
            await waiting


async def test_a_retried_key_waits_for_the_first_one_across_processes(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """While another process's append with this key is under way, the second waits, and is then its replay."""
    first = appending(tenant, note(tenant, new_stream(), 1), key="k")
    connection = await asyncpg.connect(database.runtime)
    try:
        transaction = connection.transaction()
        await transaction.start()
        entry = first.entries[0]
        row = Row(entry.stream, 1, entry.type, now(), False, b"{}")
        outcome = await append_once(connection, Command(tenant, "k", first.request, [], [row]))
        second = asyncio.create_task(log.append(first))
        await asyncio.sleep(0.2)
        assert not second.done()
        await transaction.commit()
        assert isinstance(outcome, Appended)
        assert await second == Replayed(outcome.first, outcome.last)
    finally:
        await connection.close()


async def test_a_busy_head_doesnt_hold_up_other_tenants(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """One tenant's head is held; forty others are recorded meanwhile, and the held one when it is let go."""
    others = [await new_tenant(database) for _ in range(8)]
    async with _held_head(database, tenant):
        held = asyncio.create_task(log.append(appending(tenant, note(tenant, new_stream(), 1))))
        work = [log.append(appending(other, note(other, new_stream(), 1))) for other in others for _ in range(5)]
        outcomes = await asyncio.wait_for(asyncio.gather(*work), 30)
        assert all(isinstance(outcome, Appended) for outcome in outcomes)
        assert not held.done()
    assert isinstance(await held, Appended)


@asynccontextmanager
async def _held_head(database: DatabaseUrls, tenant: TenantId) -> AsyncIterator[None]:
    """Another process's append that is neither committed nor rolled back."""
    connection = await asyncpg.connect(database.runtime)
    try:
        transaction = connection.transaction()
        await transaction.start()
        row = Row(StreamId(new_stream()), 1, "t", now(), False, b"{}")
        await append_once(connection, Command(tenant, None, b"", [], [row]))
        yield
        await transaction.rollback()
    finally:
        await connection.close()


async def _cut_appenders(database: DatabaseUrls) -> int:
    connection = await asyncpg.connect(database.runtime)
    try:
        cut: int = await connection.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = 'handschlag-appender' and usename = current_user"
        )
        return cut
    finally:
        await connection.close()


async def _until_waiting(database: DatabaseUrls) -> None:
    connection = await asyncpg.connect(database.runtime)
    try:
        while not await connection.fetchval(  # noqa: ASYNC110 - the database can't set an event of ours
            "select count(*) from pg_stat_activity"
            " where application_name = 'handschlag-appender' and wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.02)
    finally:
        await connection.close()
