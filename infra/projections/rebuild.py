"""Rebuilding a tenant's views blue/green: a new generation grows beside the live one, then readers are switched.

Owned by whoever holds the tenant's rebuild lock (a session's: it goes when the process does). In this order:

1. clear     what a rebuild that was killed left: every row of a generation that isn't live
2. grow      generation n + 1 from position 0 to the head, while the live one is read and moves on
3. switch    in one transaction that shuts out both writers; readers never go back in position
4. sweep     the old generation's rows, in chunks; then it is noted that nothing is left

A crash in 1 or 2 leaves readers where they are, and the next rebuild starts clean; one in 4 leaves rows that nobody
reads, for the next rebuild's step 1, which is passed over where nothing can be left: rows that were deleted, and what
their indexes still say of them, are long to look through. Whoever reads a generation in a snapshot while it is swept
reads on undisturbed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.projections.pool import open_follower_pool, sql
from infra.projections.writer import PAGE, Writer

_TABLES = ("ledger", "tallies", "statements", "trail", "directory", "parked")
_CHUNK = 5000
"""Rows deleted in one transaction."""

_AT_ONCE = 3
"""Connections: one holds the lock, one tells a page, one reads the next."""

_OF_ONE = "select ctid from views.{table} where tenant = $1 and generation = $2"
_OF_OTHERS = (  # before and behind apart: each is a range of a key, and neither reads what is live
    "select ctid from views.{table} where tenant = $1 and generation < $2 union all "
    "select ctid from views.{table} where tenant = $1 and generation > $2"
)

_log = structlog.get_logger(__name__)


class RebuildRunning(Exception):
    """Somebody rebuilds this host's views already."""


class HostUnknown(LookupError):
    """There is no such host."""


class LogShorter(Exception):
    """The views tell of records that the log no longer has, so they were left as they are.

    Records don't go by themselves: somebody has changed the log, or put back an older copy of it. Have it verified
    against its checkpoints before anything else.
    """


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The generation that is live now, and how many records it was folded from."""

    generation: int
    records: int


async def rebuild(follower_url: str, tenant: TenantId, *, page: int = PAGE) -> Rebuilt:
    """Fold the tenant's views anew and switch readers to them. Parked streams get another chance.

    It works over connections of its own. Raises `HostUnknown`, `RebuildRunning` when another process is at it, and
    `LogShorter`. May be cancelled at any point.
    """
    pool = await open_follower_pool(follower_url, _AT_ONCE)
    try:
        return await _rebuild(pool, tenant, page)
    finally:
        await pool.close()


async def _rebuild(pool: asyncpg.Pool, tenant: TenantId, page: int) -> Rebuilt:
    if await pool.fetchval(sql("sizes"), tenant) is None:
        raise HostUnknown(HostUnknown.__doc__)
    async with _alone(pool, tenant):
        await begin(pool, tenant)
        generation = await _clear(pool, tenant)
        _log.info("rebuild.growing", tenant=tenant, generation=generation)
        writer = Writer(pool, tenant, generation, page=page)
        try:
            records = await _grow(writer)
            while (before := await _switch(pool, tenant, generation)) is None:
                records += await _grow(writer)
        finally:
            await writer.close()
        _log.info("rebuild.switched", tenant=tenant, generation=generation, before=before, records=records)
        await _sweep(pool, tenant, _OF_ONE, before)
        await pool.execute(sql("swept"), tenant, generation)
        return Rebuilt(generation, records)


async def begin(pool: asyncpg.Pool, tenant: TenantId) -> int:
    """The tenant's live generation; one that was never seen starts at generation 1, position 0."""
    live: int | None = await pool.fetchval(sql("live"), tenant)
    if live is not None:
        return live
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(sql("begin_generations"), tenant)
        live = await connection.fetchval(sql("live"), tenant)
        await connection.execute(sql("begin_tracking"), tenant, live)
    return live or 1


@asynccontextmanager
async def _alone(pool: asyncpg.Pool, tenant: TenantId) -> AsyncIterator[None]:
    """Hold the tenant's rebuild lock on a connection of its own."""
    name = f"handschlag/rebuild/{tenant}"
    async with pool.acquire() as connection:
        if not await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", name):
            raise RebuildRunning(RebuildRunning.__doc__)
        try:
            yield
        finally:
            await connection.execute("select pg_advisory_unlock(hashtextextended($1, 0))", name)


async def _clear(pool: asyncpg.Pool, tenant: TenantId) -> int:
    """Sweep what a killed rebuild left, and name the generation to build."""
    async with pool.acquire() as connection, connection.transaction():
        live, building, clean = await connection.fetchrow(sql("take_generations"), tenant)
        await connection.execute(sql("forget_tracking"), tenant, live)
    if not clean:
        await _sweep(pool, tenant, _OF_OTHERS, live)
    generation: int = max(live, building or 0) + 1
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(sql("build"), tenant, generation)
        await connection.execute(sql("begin_tracking"), tenant, generation)
    return generation


async def _grow(writer: Writer) -> int:
    """Tell pages until the head is reached; returns how many records that were."""
    told = 0
    while True:
        step = await writer.advance()
        told += step.told
        if not step.more:
            return told
        if step.told:
            _log.debug("rebuild.grew", tenant=writer.tenant, generation=writer.generation, records=told)


async def _switch(pool: asyncpg.Pool, tenant: TenantId, generation: int) -> int | None:
    """Point readers to `generation` if it is as far as the live one; None when that has moved on meanwhile.

    Both tracking rows are locked, so neither moves while they are compared. The new one may be ahead (the live
    one's projector may not be running): readers then go forward. The old one's tracking goes at once, so its writer
    finds it gone and looks for the live one. Raises `LogShorter` where the live one is ahead of the log itself.
    """
    async with pool.acquire() as connection, connection.transaction():
        live, _, _ = await connection.fetchrow(sql("take_generations"), tenant)
        reached = dict(await connection.fetch(sql("take_both"), tenant, live, generation))
        if reached[generation] < reached.get(live, 0):
            if await connection.fetchval(sql("sizes"), tenant) < reached[live]:
                raise LogShorter(LogShorter.__doc__)
            return None
        await connection.execute(sql("switch"), tenant, generation)
        await connection.execute(sql("forget_tracking"), tenant, generation)
    old: int = live
    return old


async def _sweep(pool: asyncpg.Pool, tenant: TenantId, found: str, generation: int) -> None:
    """Delete the rows that `found` says, of several tables at once."""
    await asyncio.gather(
        *(_sweep_table(pool, tenant, found.format(table=table), table, generation) for table in _TABLES)
    )


async def _sweep_table(pool: asyncpg.Pool, tenant: TenantId, found: str, table: str, generation: int) -> None:
    """A chunk a transaction, so that nobody waits long for a lock."""
    statement = f"delete from views.{table} where ctid = any (array({found} limit {_CHUNK}))"  # noqa: S608 - our own tables
    while await pool.execute(statement, tenant, generation) == f"DELETE {_CHUNK}":
        pass
