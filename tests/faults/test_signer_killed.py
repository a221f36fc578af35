"""kill -9 of the signer between signing and storing: no promise is forgotten, and no other one made."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import asyncpg

from domain.identity import TenantId
from domain.transparency.merkle import leaf_hash, root_of
from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import appending, new_stream, note

PATIENCE = 30.0


@contextmanager
def signer(home: Path, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """`handschlag signer`, killed at the end."""
    with (home / "signer.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "signer"],
            env=os.environ | dict(environment),
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


async def test_what_was_signed_before_a_kill_is_kept(
    event_log: EventLog, database: DatabaseUrls, tenant: TenantId, tmp_path: Path
) -> None:
    """Given a signer that is killed when it has signed and not stored, when another goes on, then all promises hold."""
    environment = {
        "HANDSCHLAG_HOME": str(tmp_path),
        "HANDSCHLAG_DATABASE_URL": database.runtime,
        "HANDSCHLAG_OWNER_DATABASE_URL": database.owner,
        "HANDSCHLAG_FOLLOWER_DATABASE_URL": database.follower,
    }
    owner = await asyncpg.connect(database.owner)
    promised = tmp_path / "keys" / "last-signed"
    try:
        # Earlier tests may have signed with keys that are gone; this database's logs begin anew.
        await owner.execute(
            "alter table signed.logs no force row level security; alter table signed.keys no force row level security;"
            "delete from signed.logs; delete from signed.keys;"
            "alter table signed.logs force row level security; alter table signed.keys force row level security"
        )
        for number in (3, 4):
            await event_log.append(appending(tenant, *(note(tenant, new_stream(), 1) for _ in range(number))))
            async with owner.transaction():
                await owner.execute("lock table signed.logs in share mode")
                with signer(tmp_path, environment):
                    size = (await event_log.head(tenant)).size
                    await _until(partial(asyncio.to_thread, _is_promised, promised, tenant, size))
        await event_log.append(appending(tenant, note(tenant, new_stream(), 1)))
        with signer(tmp_path, environment):
            await _until(lambda: _is_signed(owner, tenant, 8))
        leaves = [leaf_hash(entry.bytes) for entry in await event_log.page(tenant, 0, 100)]
        for line in promised.read_text().splitlines():
            name, told, root = line.split()
            assert name != tenant or root == root_of(leaves[: int(told)]).hex()
        for row in await owner.fetch("select size, root from signed.checkpoints where tenant = $1", tenant):
            assert row["root"] == root_of(leaves[: row["size"]])
        assert await owner.fetchval("select count(*) from signed.troubles where tenant = $1", tenant) == 0
    finally:
        await owner.close()


def _is_promised(file: Path, tenant: TenantId, size: int) -> bool:
    return file.exists() and f"{tenant} {size} " in file.read_text()


async def _is_signed(owner: asyncpg.Connection, tenant: TenantId, size: int) -> bool:
    signed: int | None = await owner.fetchval("select size from signed.logs where tenant = $1", tenant)
    return signed == size


async def _until(ask: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await ask():
                return
            await asyncio.sleep(0.02)
