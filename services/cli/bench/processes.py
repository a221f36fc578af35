"""Writers in processes of their own: `python -m services.cli.bench.processes TENANT FLOOR WRITERS`, a worker."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from logging import ERROR

import uvloop

from domain.identity import StreamId, TenantId
from infra import logging
from infra.postgres.embedded import Urls
from services.cli.bench.case import Side
from services.cli.bench.site import Site
from services.cli.bench.workers import answer, worker
from services.cli.bench.writers import Writer, floor, open_log, written

_URL = "HANDSCHLAG_BENCH_DATABASE_URL"


@asynccontextmanager
async def writing_processes(site: Site, processes: int, writers: int) -> AsyncIterator[Side]:
    """So many processes with so many writers each at one tenant: events a second, all together."""
    tenant = await site.new_tenant()
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(site.urls))
        arguments = (tenant, await floor(log, tenant), str(writers))
        secrets = {_URL: site.urls.runtime}
        workers = [await stack.enter_async_context(worker(__name__, arguments, secrets)) for _ in range(processes)]

        async def rate() -> float:
            return sum(await asyncio.gather(*(each.measure(site.seconds) for each in workers)))

        yield rate


async def main(url: str, tenant: str, stream: str, count: str) -> None:
    """Write when told to."""
    host = TenantId(tenant)
    async with open_log(Urls(runtime=url, owner="", follower="")) as log:
        writers = [Writer(log, [host], {host: StreamId(stream)}, n) for n in range(int(count))]
        await answer(partial(written, writers))


if __name__ == "__main__":
    logging.configure(level=ERROR)
    uvloop.run(main(os.environ[_URL], *sys.argv[1:4]))
