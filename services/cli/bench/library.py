"""The rival that an event-sourced application in Python would take: `eventsourcing`'s own PostgreSQL recorder."""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit
from uuid import UUID

import asyncpg
from eventsourcing.persistence import StoredEvent

from infra.clock import fresh_id
from services.cli.bench.bare import ROW
from services.cli.bench.case import CaseUnavailable, Side
from services.cli.bench.site import Site


@asynccontextmanager
async def recording(site: Site, *, threads: int, batch: int) -> AsyncIterator[Side]:
    """Events a second, `batch` of them in each call; raises `CaseUnavailable` where its driver isn't installed."""
    try:
        from eventsourcing.postgres import (  # noqa: PLC0415 - psycopg comes with the checks alone
            PostgresApplicationRecorder,
            PostgresDatastore,
        )
    except ImportError:
        raise CaseUnavailable("the library's recorder needs psycopg: pip install 'psycopg[binary,pool]'") from None
    url, table = urlsplit(site.urls.owner), f"bench_{fresh_id().replace('-', '')}"
    with PostgresDatastore(
        dbname=url.path[1:],
        host=url.hostname or "",
        port=url.port or 5432,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        pool_size=threads,
        schema="public",
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name=table)
        recorder.create_table()

        def one(until: float) -> int:
            events = 0
            while time.monotonic() < until:
                stream = UUID(fresh_id())
                recorder.insert_events([StoredEvent(stream, n, "countered", ROW) for n in range(1, batch + 1)])
                events += batch
            return events

        with ThreadPoolExecutor(threads) as pool:

            async def rate() -> float:
                loop, began = asyncio.get_running_loop(), time.monotonic()
                runs = (loop.run_in_executor(pool, one, began + site.seconds) for _ in range(threads))
                return sum(await asyncio.gather(*runs)) / (time.monotonic() - began)

            yield rate
    connection = await asyncpg.connect(site.urls.owner)
    await connection.execute(f"drop table public.{table}")
    await connection.close()
