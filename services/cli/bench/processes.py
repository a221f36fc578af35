"""Writers in processes of their own: `python -m services.cli.bench.processes TENANT FLOOR WRITERS`, told by its input.

It says `ready`; then each line it is given is a number of seconds, and it answers how many events it recorded a second.
The database's URL stands in its environment, not in its arguments.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import uvloop

from domain.identity import StreamId, TenantId
from infra.postgres.embedded import Urls
from services.cli.bench.case import Side
from services.cli.bench.site import Site
from services.cli.bench.writers import Writer, floor, open_log, written

_URL = "HANDSCHLAG_BENCH_DATABASE_URL"


@asynccontextmanager
async def writing_processes(site: Site, processes: int, writers: int) -> AsyncIterator[Side]:
    """So many processes with so many writers each at one tenant: events a second, all together."""
    tenant = await site.new_tenant()
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(site.urls))
        stream = await floor(log, tenant)
        started = [await stack.enter_async_context(_started(site, tenant, stream, writers)) for _ in range(processes)]

        async def rate() -> float:
            return sum(await asyncio.gather(*(_asked(process, site.seconds) for process in started)))

        yield rate


@asynccontextmanager
async def _started(
    site: Site, tenant: TenantId, stream: StreamId, writers: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.bench.processes", tenant, stream, str(writers)),
        env=os.environ | {_URL: site.urls.runtime},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await _line(process)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _asked(process: asyncio.subprocess.Process, seconds: float) -> float:
    if process.stdin is None:
        raise AssertionError("it was started with a pipe")
    process.stdin.write(f"{seconds}\n".encode())
    return float(await _line(process))


async def _line(process: asyncio.subprocess.Process) -> bytes:
    if process.stdout is None:
        raise AssertionError("it was started with a pipe")
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("A process of writers ended; what it said stands above.")
    return line


async def main(url: str, tenant: str, stream: str, count: str) -> None:
    """Write when told to, until there is no more to read."""
    host, loop = TenantId(tenant), asyncio.get_running_loop()
    async with open_log(Urls(runtime=url, owner="", follower="")) as log:
        writers = [Writer(log, [host], {host: StreamId(stream)}, n) for n in range(int(count))]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while told := await loop.run_in_executor(None, sys.stdin.readline):
            sys.stdout.write(f"{await written(writers, float(told))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(os.environ[_URL], *sys.argv[1:4]))
