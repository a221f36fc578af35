"""The case of a cold start: from nothing running to a service that is ready, on a home that has been used before."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.migrate import migrate
from services.cli.bench.case import Case, Side
from services.cli.bench.clients import Refused
from services.cli.bench.servers import free_port, process
from services.cli.bench.site import Site, surroundings

_RIVAL = (
    "import sys, litestar; from pathlib import Path; from infra.postgres.embedded import EmbeddedPostgres\n"
    "with EmbeddedPostgres(Path(sys.argv[1])): print('ready', flush=True); sys.stdin.read()"
)


@asynccontextmanager
async def starting(site: Site) -> AsyncIterator[tuple[Side, Side]]:
    """Seconds until ready; each side has a home of its own, which was served before and stopped cleanly."""
    homes = site.settings.home / "cold-ours", site.settings.home / "cold-rival"
    for home in homes:
        with EmbeddedPostgres(home) as urls:
            await migrate(urls.owner, urls.runtime, urls.follower, signs=True)
    await _served(homes[0])
    yield partial(_served, homes[0]), partial(_bare, homes[1])


async def _served(home: Path) -> float:
    """`handschlag serve` until it says that it is ready."""
    port, began = free_port(), time.monotonic()
    environment = _environment(home) | {"HANDSCHLAG_PORT": str(port)}
    async with process(home, ("services.cli", "serve"), environment, port):
        return time.monotonic() - began


async def _bare(home: Path) -> float:
    """Litestar imported, and the same PostgreSQL taking connections."""
    began = time.monotonic()
    command: Sequence[str] = (sys.executable, "-c", _RIVAL, str(home))
    pipe = asyncio.subprocess.PIPE
    rival = await asyncio.create_subprocess_exec(*command, env=_environment(home), stdin=pipe, stdout=pipe)
    if rival.stdout is None or rival.stdin is None:
        raise AssertionError("it was started with pipes")
    said = await rival.stdout.readline()
    took = time.monotonic() - began
    rival.stdin.close()
    await rival.wait()
    if said != b"ready\n":
        raise Refused(f"{Refused.__doc__} {said.decode()}")
    return took


def _environment(home: Path) -> dict[str, str]:
    """This process's, without a server of the operator's: both sides start their own.

    The rival's modules were compiled when they were installed; ours are when they're first run, which a shell may
    forbid.
    """
    kept = {name: value for name, value in surroundings().items() if not name.startswith("HANDSCHLAG_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {"HANDSCHLAG_HOME": str(home)}


STARTING = (
    Case(
        name="cold_start",
        ours="handschlag serve until ready, on an existing home",
        rival="importing litestar and starting the same PostgreSQL",
        unit="s",
        wanted=0.4,
        sides=starting,
        less_is_better=True,
    ),
)
