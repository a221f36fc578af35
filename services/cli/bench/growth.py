"""The cases of what there is already: many records, many hosts, a long history behind a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from domain.access.roles import Role
from infra.projections.rebuild import rebuild
from services.cli.bench.appends import writing
from services.cli.bench.bare_routes import PAGE
from services.cli.bench.case import Case, Side, both
from services.cli.bench.clients import rate, request
from services.cli.bench.copying import copy_until, read_template
from services.cli.bench.servers import our_server
from services.cli.bench.site import Site
from services.cli.bench.writers import Writer, floor, open_log, written

WRITERS = 64
READERS = 8
LONG, LOADED, FRESH = 1_000_000, 2_000_000, 10_000
"""Records: of the log whose middle is asked for; of a server that has seen much; of one that has seen little."""

FILLED_AT_ONCE = 50
"""Events of an append while a log is filled, so that keys and streams grow along with the records."""

CONTRACTS = 200


@asynccontextmanager
async def _appending_to(site: Site, records: int) -> AsyncIterator[Side]:
    """Events a second at a host that has so many records on a server that holds nothing else."""
    async with site.beside() as own, open_log(own.urls) as log:
        tenant = await own.new_tenant()
        ground = await floor(log, tenant)
        fillers = [Writer(log, [tenant], {tenant: ground}, n, batch=FILLED_AT_ONCE) for n in range(WRITERS)]
        while (size := (await log.head(tenant)).size) < records * site.scale:
            site.tell(f"filling: {size:,} of {records * site.scale:,.0f} records")
            await written(fillers, 2.0)
        await own.settle()
        writers = [Writer(log, [tenant], {tenant: ground}, n) for n in range(WRITERS)]
        yield partial(written, writers, site.seconds)


@asynccontextmanager
async def _at_hosts(site: Site, tenants: int) -> AsyncIterator[Side]:
    async with writing(site, writers=WRITERS, tenants=max(1, round(tenants * site.scale))) as side:
        yield side


@asynccontextmanager
async def looking_back(site: Site) -> AsyncIterator[tuple[Side, Side]]:
    """Pages a second of a ledger as of the middle of a long log, beside the same page at its head."""
    async with site.beside() as own:
        async with our_server(own) as desk, open_log(own.urls) as log:
            await desk.rehearse(CONTRACTS)
            template = await read_template(log, desk.tenant)
        tenant = await own.new_tenant()
        async with open_log(own.urls) as log:
            size = await copy_until(log, tenant, template, round(LONG * site.scale), site.tell)
        site.tell(f"{tenant}: folding {size:,} records into views")
        await rebuild(own.urls.follower, tenant)
        await own.settle()
        async with our_server(own, tenant) as desk:
            key = {"Authorization": f"Bearer {desk.keys[Role.AUDITOR]}"}
            path = f"/v1/{tenant}/ledger?limit={PAGE}"
            then, now = (request("GET", asked, key) for asked in (f"{path}&as_of={size // 2}", path))
            yield (
                partial(rate, desk.port, [lambda: then] * READERS, site.seconds),
                partial(rate, desk.port, [lambda: now] * READERS, site.seconds),
            )


GROWTH = (
    Case(
        name="as_of",
        ours=f"a ledger page of {PAGE} rows as of the middle of {LONG:,} records",
        rival="the same page at the head",
        unit="answers/s",
        wanted=0.7,
        sides=looking_back,
    ),
    Case(
        name="growth_records",
        ours=f"{WRITERS} writers, one tenant, {LOADED:,} records present",
        rival=f"the same with {FRESH:,} records",
        unit="events/s",
        wanted=0.9,
        sides=both(partial(_appending_to, records=LOADED), partial(_appending_to, records=FRESH)),
    ),
    Case(
        name="growth_tenants",
        ours=f"{WRITERS} writers, 5,000 tenants",
        rival=f"{WRITERS} writers, 50 tenants",
        unit="events/s",
        wanted=0.8,
        sides=both(partial(_at_hosts, tenants=5_000), partial(_at_hosts, tenants=50)),
    ),
)
