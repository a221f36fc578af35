"""Hints that a head has moved: at once within a process, soon between processes, again after a lost line."""

import asyncio

import asyncpg

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.event_log.wakeups import Wakeups
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import appending, new_stream, note


async def test_followers_of_this_process_are_woken_by_the_commit(log: EventLog, tenant: TenantId) -> None:
    """The hint is there when the append is answered; a second wait has nothing to say."""
    async with log.wakeups.watch(tenant) as one, log.wakeups.watch(None) as any_tenant:
        await log.append(appending(tenant, note(tenant, new_stream(), 1)))
        assert await one.wait(0)
        assert await any_tenant.wait(0)
        assert not await one.wait(0.01)


async def test_a_refused_append_wakes_nobody(log: EventLog, tenant: TenantId) -> None:
    """Nothing moved."""
    async with log.wakeups.watch(tenant) as watch:
        await log.append(appending(tenant, note(tenant, new_stream(), 2)))
        assert not await watch.wait(0.05)


async def test_followers_of_another_process_are_woken_too(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """By NOTIFY, and only those who watch that tenant."""
    other = Wakeups(database.runtime)
    await other.open()
    try:
        async with other.watch(tenant) as watch, other.watch(TenantId("elsewhere")) as elsewhere:
            await log.append(appending(tenant, note(tenant, new_stream(), 1)))
            assert await watch.wait(30)
            assert not await elsewhere.wait(0.01)
    finally:
        await other.close()


async def test_many_tenants_fit_into_payloads(database: DatabaseUrls) -> None:
    """A thousand long names moved at once are more than one NOTIFY carries; all are told."""
    names = [TenantId(f"t{number:04}-{'x' * 50}") for number in range(1000)]
    teller, hearer = Wakeups(database.runtime), Wakeups(database.runtime)
    await teller.open()
    await hearer.open()
    try:
        async with hearer.watch(names[0]) as first, hearer.watch(names[-1]) as last:
            teller.moved(set(names))
            assert await first.wait(3)
            assert await last.wait(3)
    finally:
        await teller.close()
        await hearer.close()


async def test_a_lost_line_is_noticed_and_everybody_looks_once(tenant: TenantId, database: DatabaseUrls) -> None:
    """The listener's connection is cut: the probe notices, reconnects, wakes all; then hints come as before."""
    teller, hearer = Wakeups(database.runtime), Wakeups(database.runtime, probe=0.05)
    await teller.open()
    await hearer.open()
    try:
        async with hearer.watch(tenant) as watch:
            await _cut(database, hearer)
            assert await watch.wait(5)
            while await watch.wait(0.2):
                pass
            teller.moved({tenant})
            assert await watch.wait(30)
    finally:
        await teller.close()
        await hearer.close()


async def test_closing_tells_what_was_gathered(tenant: TenantId, database: DatabaseUrls) -> None:
    """A commit just before the end is still told."""
    teller, hearer = Wakeups(database.runtime), Wakeups(database.runtime)
    await teller.open()
    await hearer.open()
    try:
        async with hearer.watch(tenant) as watch:
            teller.moved({tenant})
            await asyncio.wait_for(teller.close(), 30)
            assert await watch.wait(30)
    finally:
        await hearer.close()


async def _cut(database: DatabaseUrls, wakeups: Wakeups) -> None:
    assert wakeups._connection is not None
    connection = await asyncpg.connect(database.runtime)
    try:
        await connection.execute("select pg_terminate_backend($1)", wakeups._connection.get_server_pid())
    finally:
        await connection.close()
