"""Playing the projector: telling until the head is reached, and looking at the rows that come of it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from domain.directory import fold as directory
from domain.directory.fold import Entry
from domain.envelope import Envelope, Recorded
from domain.identity import MarketplaceId, StreamId, TenantId
from domain.ledger import fold as ledger
from domain.ledger.row import LedgerRow
from domain.results import tally as results
from domain.results.tally import Tally
from infra.event_log.decoded import ReadEntry
from infra.projections.rebuild import begin
from infra.projections.writer import PAGE, READ, Writer

TABLES = ("ledger", "tallies", "statements", "trail", "directory", "parked")


async def catch_up(pool: asyncpg.Pool, tenant: TenantId, *, page: int = PAGE, read: ReadEntry = READ) -> int:
    """Tell until nothing is left to tell; returns how many records that were."""
    writer = Writer(pool, tenant, await begin(pool, tenant), page=page, read=read)
    told = 0
    while True:
        step = await writer.advance()
        told += step.told
        if not step.more:
            await writer.close()
            return told


async def rows(pool: asyncpg.Pool, tenant: TenantId) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tenant's live generation by table, but for the generation's number."""
    live = await pool.fetchval("select live from views.generations where tenant = $1", tenant)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in TABLES:
        told = await pool.fetch(f"select * from views.{table} where tenant = $1 and generation = $2", tenant, live)
        found[table] = sorted(tuple(str(value) for key, value in row.items() if key != "generation") for row in told)
    return found


async def position(pool: asyncpg.Pool, tenant: TenantId) -> int:
    """How far the live generation has come."""
    found = await pool.fetchval(
        "select t.position from views.tracking t join views.generations g on g.tenant = t.tenant"
        " and g.live = t.generation where t.tenant = $1",
        tenant,
    )
    return int(found)


async def grown(pool: asyncpg.Pool, tenant: TenantId, generation: int, least: int) -> None:
    """Wait until another process has told at least `least` records into a generation."""
    reached = "select position from views.tracking where tenant = $1 and generation = $2"
    while (await pool.fetchval(reached, tenant, generation) or 0) < least:  # noqa: ASYNC110 - another process's doing
        await asyncio.sleep(0.005)


class Folded:
    """The four folds over a history up to a position, in memory: what the views must say as of there."""

    def __init__(self, told: Sequence[Envelope], until: int) -> None:
        self.rows: dict[StreamId, LedgerRow] = {}
        self.tallies: dict[MarketplaceId, Tally] = {}
        self.entries: dict[StreamId, Entry] = {}
        for number, envelope in enumerate(told[:until], 1):
            self.tell(number, envelope)

    def tell(self, number: int, envelope: Envelope) -> None:
        """One more record."""
        recorded = Recorded(number, envelope)
        if directory.kind_of(envelope.type) is not None:
            entry = directory.evolve(self.entries.get(envelope.stream), recorded)
            self.entries[envelope.stream] = entry
        if envelope.type.startswith(ledger.PREFIX):
            before = self.rows.get(envelope.stream)
            row = self.rows[envelope.stream] = ledger.evolve(before, recorded)
            counted = self.tallies.get(row.marketplace, Tally(marketplace=row.marketplace))
            self.tallies[row.marketplace] = results.evolve(counted, before, row)
