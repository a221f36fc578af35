"""Whoever follows the log by position misses nothing, whatever happens beside it."""

import asyncio
import sys
from pathlib import Path

import asyncpg

from domain.identity import TenantId
from domain.transparency import merkle
from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls

ROOT = Path(__file__).parents[2]


async def _follow(log: EventLog, tenant: TenantId, done: asyncio.Event, page: int) -> list[int]:
    """Tail by position until the writers are done and nothing more comes."""
    seen: list[int] = []
    async with log.wakeups.watch(tenant) as watch:
        while True:
            finished = done.is_set()
            entries = await log.page(tenant, seen[-1] if seen else 0, page)
            seen += [entry.position for entry in entries]
            if finished and not entries:
                return seen
            if not entries:
                await watch.wait(0.05)


async def _write(database: DatabaseUrls, tenant: TenantId, seed: int) -> int:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.writer", database.runtime, tenant, str(seed),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await writer.communicate()
    assert writer.returncode == 0
    return int(told)


async def test_readers_see_each_position_once_and_in_order(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Eight writers in two processes, rollbacks, refusals, an idle transaction elsewhere; three readers tail.

    Every reader sees 1, 2, 3 … to the head without a gap, and the tree is that of the entries.
    """
    idle = await asyncpg.connect(database.runtime)
    held = idle.transaction(isolation="repeatable_read")
    await held.start()
    await idle.fetchval("select pg_current_xact_id()")
    try:
        done = asyncio.Event()
        readers = [asyncio.create_task(_follow(log, tenant, done, page)) for page in (1, 7, 500)]
        recorded = sum(await asyncio.gather(*(_write(database, tenant, seed) for seed in (1, 2))))
        done.set()
        for reader in readers:
            assert await asyncio.wait_for(reader, 30) == list(range(1, recorded + 1))
    finally:
        await held.rollback()
        await idle.close()
    head = await log.head(tenant)
    entries = await log.page(tenant, 0, recorded + 1)
    assert head.size == recorded > 300
    assert merkle.root(head.edge) == merkle.root_of([merkle.leaf_hash(entry.bytes) for entry in entries])
