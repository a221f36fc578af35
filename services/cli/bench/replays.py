"""The cases of history: views rebuilt, a bundle verified."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import asyncpg
import httpx2

from infra.event_log.store import EventLog
from infra.projections.rebuild import rebuild
from services.auditor.bundle import Bundle
from services.auditor.pack import packed
from services.cli.bench.case import Case, Side
from services.cli.bench.clients import Refused
from services.cli.bench.copying import copy_until, read_template
from services.cli.bench.servers import Desk, our_server
from services.cli.bench.site import Site
from services.cli.bench.writers import open_log

CONTRACTS = 200
"""Contracts of the rehearsal whose history is replayed: some thousands of records."""

VERIFIED = 30_000
"""Records of the bundle that is verified: a season of a large host, so that a rate isn't mostly Python's start."""


@asynccontextmanager
async def rebuilding(site: Site) -> AsyncIterator[tuple[Side, Side]]:
    """Records a second, of one rehearsal's log, while nothing else is going on."""
    async with our_server(site) as desk:
        await desk.rehearse(CONTRACTS)
        tenant = desk.tenant
    await site.settle()

    async def ours() -> float:
        began = time.monotonic()
        rebuilt = await rebuild(site.urls.follower, tenant)
        return rebuilt.records / (time.monotonic() - began)

    async def rival() -> float:
        began, records = time.monotonic(), 0
        connection = await asyncpg.connect(site.urls.follower)
        try:
            async with connection.transaction():
                asked = "select bytes from log.entries where tenant = $1 order by position"
                async for (raw,) in connection.cursor(asked, tenant, prefetch=1000):
                    json.loads(raw)
                    records += 1
        finally:
            await connection.close()
        return records / (time.monotonic() - began)

    yield ours, rival


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a run took by the clock, and of processors in all its processes."""

    clock: float
    processors: float


@asynccontextmanager
async def verifying(
    site: Site, *, options: Sequence[str], seconds: Callable[[Took], float]
) -> AsyncIterator[tuple[Side, Side]]:
    """Records a second: `verify.pyz` on a Python without packages, with these options, start and all.

    The bundle is of 30,000 records: a rehearsal, told again and again at a host of its own. The rival works on one
    core alone, by its processor time.
    """
    async with our_server(site) as desk, open_log(site.urls) as log:
        await desk.rehearse(CONTRACTS)
        template = await read_template(log, desk.tenant)
        tenant = await site.new_tenant()
        await copy_until(log, tenant, template, round(VERIFIED * site.scale), site.tell)
    async with our_server(site, tenant) as desk:
        key = await _signed(desk)
        bundle = site.settings.home / f"{tenant}.zip"
        await desk.handschlag("export", "--tenant", tenant, "--out", str(bundle))
    verifier = site.settings.home / "verify.pyz"
    verifier.write_bytes(packed())
    with Bundle(bundle) as opened:
        lines = list(opened.entries())
    await site.settle()

    async def ours() -> float:
        return len(lines) / seconds(await asyncio.to_thread(_verified, verifier, bundle, key, options))

    async def rival() -> float:
        began = time.process_time()
        for line in lines:
            sha256(line).digest()
            json.loads(line)
        return len(lines) / (time.process_time() - began)

    yield ours, rival


async def _signed(desk: Desk) -> str:
    """Wait until the signer has come to the end; the log's key."""
    log = await EventLog.open(desk.site.urls.runtime)
    try:
        size = (await log.head(desk.tenant)).size
    finally:
        await log.close()
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{desk.port}") as http:
        async with asyncio.timeout(60):
            while (await http.get(f"/v1/{desk.tenant}/log/status")).json().get("size", 0) < size:  # noqa: ASYNC110 - it is asked of another process
                await asyncio.sleep(0.1)
        told = (await http.get("/.well-known/handschlag-log-keys", params={"tenant": desk.tenant})).text
    return next(line for line in told.splitlines() if not line.startswith("#"))


def _verified(verifier: Path, bundle: Path, key: str, options: Sequence[str]) -> Took:
    """What it took; its own processes end before it does, and are counted with it."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before, began = spent(), time.monotonic()
    command = [sys.executable, "-I", "-S", str(verifier), str(bundle), "--key", key, "--json", *options]
    ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a command of our own making
    if ran.returncode:
        raise Refused(f"{Refused.__doc__} {ran.stdout.decode()[-2000:]}")
    return Took(time.monotonic() - began, spent() - before)


REPLAYS = (
    Case(
        name="rebuild_ledger",
        ours="ledger, trail, results and directory rebuilt",
        rival="streaming the same entries from PostgreSQL and decoding them",
        unit="records/s",
        wanted=0.3,
        sides=rebuilding,
    ),
    Case(
        name="verify_replay",
        ours="verify.pyz on a bundle, everything it checks, with as many processes as it takes here, by the clock",
        rival="SHA-256 and JSON decoding of the same lines in Python, one core",
        unit="records/s",
        wanted=0.2,
        sides=partial(verifying, options=(), seconds=lambda took: took.clock),
    ),
    Case(
        name="verify_replay_1p",
        ours="the same with one process, by its processor time",
        rival="SHA-256 and JSON decoding of the same lines in Python, one core",
        unit="records/s",
        wanted=0.2,
        sides=partial(verifying, options=("--processes", "1"), seconds=lambda took: took.processors),
    ),
)
