"""Genuine bundles accuse nobody: of many hosts, of every size, exported at any moment, whatever was kept before.

`HANDSCHLAG_ATTACKS` asks for a hundred of them; the short form has a few.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from domain.identity import TenantId
from domain.transparency.note import VerifierKey
from infra.event_log.store import EventLog
from infra.postgres.migrate import migrate
from infra.postgres.tenancy import create_tenant
from infra.projections.pool import open_follower_pool
from services.application.bundling.asked import asked_of
from services.application.bundling.write import write_bundle
from services.application.proofs import Proofs
from services.application.queries import Queries
from services.auditor.bundle import Bundle
from services.auditor.trust import Held, Trust
from services.auditor.verify import Verdict, verify
from tests.auditor.campaign.scene import PARTY, sign_once
from tests.auditor.campaign.server import Server, running_server
from tests.auditor.editions import between_commands, editions
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append
from tests.vaults import open_test_vault

HOSTS = 25 if os.environ.get("HANDSCHLAG_ATTACKS") else 2
MOMENTS = 4


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Server]:
    """A server of our own, migrated."""
    with running_server() as found:
        await migrate(found.urls.owner, found.urls.runtime, found.urls.follower, signs=True)
        yield found


@asynccontextmanager
async def _house(server: Server) -> AsyncIterator[tuple[EventLog, Queries]]:
    log = await EventLog.open(server.urls.runtime, connections=2)
    queries = await Queries.open(server.urls.runtime, server.urls.follower, log, await open_test_vault(log.pool))
    try:
        yield log, queries
    finally:
        await queries.close()
        await log.close()


async def test_genuine_bundles_give_no_finding(server: Server, tmp_path: Path) -> None:
    """Given hosts of every size, when exported at any moment, then nothing is found with what was kept until then."""
    random, sizes, bundles = Random(9), set[int](), 0
    async with _house(server) as (log, queries):
        for number in range(HOSTS):
            tenant, kept = TenantId(f"host-{number}"), list[Path]()
            await create_tenant(
                server.urls.owner, tenant, name="Börse", city="Essen", region="", time_zone="Europe/Berlin"
            )
            told = editions(number, random.randrange(1, 3), random.randrange(1, 40), f"handschlag/{tenant}").told
            places = sorted(random.sample(range(1, len(told) - 1, 2), MOMENTS - 1))
            cuts = [0, *(between_commands(told, place) for place in places), len(told)]
            for start, end in pairwise(cuts):
                await append(log, tenant, told[start:end])
                assert await sign_once(server, tmp_path, tenant) is None
                kept += await _kept(Proofs(log), tenant, random.randrange(1, end + 1), tmp_path / f"{number}-{end}")
            await _project(server, tenant)
            for size in cuts[1:]:
                await _clean(log, queries, tenant, size, kept, tmp_path / "bundle.zip")
                sizes.add(size)
                bundles += 1
    assert (bundles, len(sizes) > HOSTS) == (HOSTS * MOMENTS, True)


async def _kept(proofs: Proofs, tenant: TenantId, position: int, path: Path) -> list[Path]:
    """A checkpoint, and the receipt of a record, kept at this moment."""
    checkpoint, receipt = path.with_suffix(".checkpoint"), path.with_suffix(".receipt")
    checkpoint.write_bytes(str((await proofs.head(tenant)).note).encode())
    receipt.write_bytes(await proofs.receipt(tenant, position, PARTY, reads_all=True))
    return [checkpoint, receipt]


async def _project(server: Server, tenant: TenantId) -> None:
    pool = await open_follower_pool(server.urls.follower)
    try:
        await catch_up(pool, tenant)
    finally:
        await pool.close()


async def _clean(log: EventLog, queries: Queries, tenant: TenantId, size: int, kept: list[Path], path: Path) -> None:
    """The bundle of a moment under the pinned key, with everything that was kept up to then."""

    async def silent(_done: int, _of: int) -> None:
        pass

    asked = await asked_of(Proofs(log), tenant, None, size)
    with path.open("wb") as out:
        assert await write_bundle(out, log, queries, asked, silent)
    key = next(VerifierKey.parse(line) for line in asked.keys.splitlines() if not line.startswith("#"))
    held = [each for each in map(Held.read, kept) if each.checkpoint.size <= size]
    assert held
    with Bundle(path) as bundle:
        report = verify(bundle, Trust(keys=(key,), held=tuple(held)), lambda *_: None)
    assert (report.verdict, report.findings) == (Verdict.VERIFIED, []), (tenant, size)
