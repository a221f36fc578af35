"""The cases of appending."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from services.cli.bench.bare import inserting
from services.cli.bench.case import Case, Side, both
from services.cli.bench.library import recording
from services.cli.bench.processes import writing_processes
from services.cli.bench.site import Site
from services.cli.bench.writers import Writer, floor, open_log, written

BARE = "bare single-row INSERT by asyncpg, 16 connections"


@asynccontextmanager
async def writing(
    site: Site, *, writers: int, tenants: int = 1, batch: int = 1, stale: float = 0.0
) -> AsyncIterator[Side]:
    """Events recorded a second by writers in this process."""
    hosts = await site.new_tenants(tenants)
    async with open_log(site.urls) as log:
        floors = {host: await floor(log, host) for host in hosts}
        hands = [Writer(log, hosts, floors, n * 7, batch=batch, stale=stale) for n in range(writers)]
        yield partial(written, hands, site.seconds)


def _against_bare(name: str, writers: int, tenants: int, wanted: float) -> Case:
    return Case(
        name=name,
        ours=f"store appends, {writers:,} writers, " + ("one tenant" if tenants == 1 else f"{tenants} tenants"),
        rival=BARE,
        unit="events/s",
        wanted=wanted,
        sides=both(partial(writing, writers=writers, tenants=tenants), inserting),
    )


APPENDS = (
    _against_bare("append_64w_100t", 64, 100, 2.0),
    _against_bare("append_64w_1t", 64, 1, 2.0),
    _against_bare("append_256w_100t", 256, 100, 2.2),
    _against_bare("append_1024w_100t", 1024, 100, 2.5),
    Case(
        name="append_2p_1t",
        ours="two processes with 64 writers each, one tenant",
        rival="one process with 64 writers, one tenant",
        unit="events/s",
        wanted=1.0,
        sides=both(
            partial(writing_processes, processes=2, writers=64), partial(writing_processes, processes=1, writers=64)
        ),
    ),
    Case(
        name="append_5pct_stale",
        ours="64 writers, one tenant, 5 % refused as stale; what was recorded counts",
        rival="64 writers, one tenant, none stale",
        unit="events/s",
        wanted=0.9,
        sides=both(partial(writing, writers=64, stale=0.05), partial(writing, writers=64)),
    ),
    Case(
        name="append_vs_library",
        ours="store appends, 16 writers, one tenant",
        rival="eventsourcing's PostgreSQL recorder, 16 threads",
        unit="events/s",
        wanted=7.0,
        sides=both(partial(writing, writers=16), partial(recording, threads=16, batch=1)),
    ),
    Case(
        name="append_batch_500",
        ours="imports of 500 events, one after the other",
        rival="eventsourcing's PostgreSQL recorder, batches of 500, one after the other",
        unit="events/s",
        wanted=1.5,
        sides=both(partial(writing, writers=1, batch=500), partial(recording, threads=1, batch=500)),
    ),
    Case(
        name="hot_tenant_scaling",
        ours="256 writers, one tenant",
        rival="ours with 16 writers, one tenant",
        unit="events/s",
        wanted=1.5,
        sides=both(partial(writing, writers=256), partial(writing, writers=16)),
    ),
)
