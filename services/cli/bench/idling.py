"""The case of idle hosts: what projector, relay and signer cost where nothing happens.

`python -m services.cli.bench.idling` is a worker in which the three run; it is ready when they have nothing left to do,
and its figure is the share of a processor that they take.
"""

import asyncio
import os
import resource
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from logging import ERROR
from pathlib import Path

import uvloop

from infra import logging
from infra.event_log.wakeups import Wakeups
from infra.postgres.embedded import Urls
from infra.settings import Settings
from infra.signing.store import SignerStore
from infra.streams.relayed import RelayStore
from services.cli.bench.case import Case, CaseUnavailable, Side, both
from services.cli.bench.servers import PATIENCE, free_port
from services.cli.bench.site import Site
from services.cli.bench.workers import answer, worker
from services.cli.bench.writers import floor, open_log
from services.cli.relay import make_relay
from services.projector.projector import Projector
from services.signer.signer import Signer, log_seeds

MANY, FEW = 5_000, 5
_LOOK = 0.5
"""Seconds between two looks whether everything is done."""


@asynccontextmanager
async def _idling(site: Site, tenants: int) -> AsyncIterator[Side]:
    """Share of a processor that the three take while so many hosts, of one record each, are idle."""
    async with site.beside() as own, open_log(own.urls) as log, _broker(own.settings.home) as broker:
        hosts = await own.new_tenants(max(1, round(tenants * site.scale)))
        for host in hosts:
            await floor(log, host)
        await own.settle()
        site.tell(f"{len(hosts):,} hosts are signed, folded and relayed")
        secrets = own.environment | {"HANDSCHLAG_NATS_URL": broker}
        async with worker(__name__, (), secrets) as idle:
            yield partial(idle.measure, site.seconds)


@asynccontextmanager
async def _broker(home: Path) -> AsyncIterator[str]:
    """A message broker of our own; its URL. Raises `CaseUnavailable` where there is none."""
    program = shutil.which("nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/bin")
    if program is None:
        raise CaseUnavailable("the relay needs a nats-server (Debian's package of that name)")
    port = free_port()
    command = (program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(home / "nats"))
    with (home / "nats.log").open("wb") as said:
        server = await asyncio.create_subprocess_exec(*command, stdout=said, stderr=said)
    try:
        yield f"nats://127.0.0.1:{port}"
    finally:
        server.kill()
        await server.wait()


async def main(urls: Urls, settings: Settings) -> None:
    """Let the three work until nothing is left, then measure when told to. They end with the process."""
    if settings.nats is None:
        raise AssertionError("a broker is set")
    wakeups = Wakeups(urls.follower)
    await wakeups.open()
    projector = Projector(urls.follower, wakeups)
    parts = (
        projector,
        Signer(urls.follower, wakeups, settings.home),
        make_relay(urls, wakeups, settings, settings.nats),
    )
    working = [asyncio.create_task(part.run()) for part in parts]
    await _nothing_left(urls, settings.home, projector)
    await answer(_busy)
    for task in working:
        task.cancel()


async def _nothing_left(urls: Urls, home: Path, projector: Projector) -> None:
    signed, relayed = await SignerStore.open(urls.follower), await RelayStore.open(urls.follower)
    try:
        async with asyncio.timeout(PATIENCE * 5):
            while True:
                await asyncio.sleep(_LOOK)
                unsigned = await signed.behind(log_seeds(home).numbers())
                if projector.caught_up() and not unsigned and not await relayed.hosts(every=False):
                    return
    finally:
        await signed.close()
        await relayed.close()


async def _busy(seconds: float) -> float:
    """The share of a processor that this process took in so many seconds."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    before = spent()
    await asyncio.sleep(seconds)
    return (spent() - before) / seconds


IDLING = (
    Case(
        name="idle_tenants",
        ours=f"projector, relay and signer with {MANY:,} idle tenants",
        rival=f"the same with {FEW}",
        unit="processors",
        wanted=0.5,
        sides=both(partial(_idling, tenants=MANY), partial(_idling, tenants=FEW)),
        less_is_better=True,
    ),
)

if __name__ == "__main__":
    given = Settings.from_environment(os.environ)
    logins = {
        "runtime": given.database_url,
        "owner": given.owner_database_url,
        "follower": given.follower_database_url,
    }
    logging.configure(level=ERROR)
    uvloop.run(main(Urls(**{name: url or "" for name, url in logins.items()}), given))
