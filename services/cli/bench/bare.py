"""The rival that a user would take for a plain row: asyncpg, one INSERT and one commit a row, sixteen connections."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from domain.identity import StreamId, TenantId
from infra.clock import fresh_id
from infra.event_log.mapper import entry_bytes
from services.cli.bench import plain
from services.cli.bench.case import Side
from services.cli.bench.site import Site
from services.cli.bench.writers import countered

CONNECTIONS = 16

ROW = entry_bytes(countered(TenantId("bench"), StreamId(fresh_id()), 1, fresh_id()))
"""As many bytes as our entries have, made beforehand: the rival has nothing to encode."""


@asynccontextmanager
async def inserting(site: Site) -> AsyncIterator[Side]:
    """Rows a second."""
    async with (
        site.rivals_table() as table,
        asyncpg.create_pool(site.urls.runtime, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool,
    ):
        statement = plain.insert(table)

        async def one(until: float) -> int:
            rows = 0
            async with pool.acquire() as connection:
                while time.monotonic() < until:
                    await connection.execute(statement, *plain.values(ROW))
                    rows += 1
            return rows

        async def rate() -> float:
            began = time.monotonic()
            rows = await asyncio.gather(*(one(began + site.seconds) for _ in range(CONNECTIONS)))
            return sum(rows) / (time.monotonic() - began)

        yield rate
