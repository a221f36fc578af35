"""The signer: every head that its entries come to is signed soon, and no other, whoever asks for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from domain.identity import TenantId
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import EMPTY_ROOT, leaf_hash, root_of
from domain.transparency.note import Note, VerifierKey, parse_signatures, signed_by
from infra.event_log.store import EventLog
from infra.signing.keys import verify
from services.signer.signer import Signer, log_seeds
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import appending, new_stream, note
from tests.services.signer.conftest import as_superuser

PATIENCE = 30.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    return tmp_path


@asynccontextmanager
async def signing(log: EventLog, database: DatabaseUrls, home: Path, **paces: Any) -> AsyncIterator[Signer]:
    """A signer at work."""
    signer = Signer(database.follower, log.wakeups, home, **paces)
    task = asyncio.create_task(signer.run())
    try:
        yield signer
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def eventually(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The first true answer."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await ask()
            if answer:
                return answer
            await asyncio.sleep(0.02)


async def signed(connection: asyncpg.Connection, tenant: TenantId, size: int) -> tuple[Checkpoint, Note] | None:
    """The newest checkpoint with its signatures, if it is of that size."""
    row = await connection.fetchrow(
        "select l.size, l.root, t.origin from signed.logs l join log.tenants t using (tenant) where tenant = $1", tenant
    )
    if row is None or row["size"] != size:
        return None
    lines = await connection.fetch(
        "select line from signed.signatures where tenant = $1 and size = $2 and not witness order by at, key",
        tenant,
        size,
    )
    point = Checkpoint(row["origin"], row["size"], row["root"])
    return point, Note(point.text(), [each for row in lines for each in parse_signatures(f"{row[0]}\n")])


async def vkeys(connection: asyncpg.Connection, tenant: TenantId) -> list[VerifierKey]:
    rows = await connection.fetch(
        "select vkey from signed.keys where tenant = $1 and retired_at is null order by seed", tenant
    )
    return [VerifierKey.parse(row[0]) for row in rows]


async def append(log: EventLog, tenant: TenantId, number: int) -> list[bytes]:
    """So many entries; all entries of the log so far."""
    stream = new_stream()
    await log.append(appending(tenant, *(note(tenant, stream, version) for version in range(1, number + 1))))
    return [entry.bytes for entry in await log.page(tenant, 0, 10_000)]


async def trouble(connection: asyncpg.Connection, tenant: TenantId) -> str | None:
    kind: str | None = await connection.fetchval("select kind from signed.troubles where tenant = $1", tenant)
    return kind


async def test_an_empty_log_is_signed_and_then_each_head(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a new host, when it has no record and then some, then each head is signed, by the log's key."""
    async with signing(event_log, database, home):
        point, under = await eventually(lambda: signed(alone, tenant, 0))
        assert point.root == EMPTY_ROOT
        for number in (1, 3, 300):
            entries = await append(event_log, tenant, number)
            point, under = await eventually(lambda: signed(alone, tenant, len(entries)))  # noqa: B023
            assert point.root == root_of([leaf_hash(entry) for entry in entries])
            (key,) = await vkeys(alone, tenant)
            assert key.name == point.origin
            assert signed_by(under, [key], verify) == [key]


async def test_tiles_are_kept_as_the_tree_grows(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a log that grows past a tile in several steps, when hashes are read, then they are all leaves and roots."""
    async with signing(event_log, database, home):
        for number in (1, 2, 253, 10, 300):
            entries = await append(event_log, tenant, number)
            await eventually(lambda: signed(alone, tenant, len(entries)))  # noqa: B023
    rows = await alone.fetch("select level, first, hashes from signed.hashes where tenant = $1 order by 1, 2", tenant)
    leaves = [leaf_hash(entry) for entry in entries]
    assert b"".join(row[2] for row in rows if row[0] == 0) == b"".join(leaves)
    assert b"".join(row[2] for row in rows if row[0] == 1) == root_of(leaves[:256]) + root_of(leaves[256:512])
    assert all(row[1] // 256 == (row[1] + len(row[2]) // 32 - 1) // 256 for row in rows)


async def test_a_log_far_behind_is_caught_up_with(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given thousands of records that nobody has signed, when a signer comes, then it signs their head alone."""
    for _ in range(3):
        entries = await append(event_log, tenant, 1_500)
    async with signing(event_log, database, home):
        point, _ = await eventually(lambda: signed(alone, tenant, 4_500))
    assert point.root == root_of([leaf_hash(entry) for entry in entries])
    assert await alone.fetchval("select count(*) from signed.checkpoints where tenant = $1", tenant) == 1


async def test_a_log_far_behind_holds_up_no_other(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a log that takes hundreds of pages to catch up with, when another moves meanwhile, then that is signed."""
    far = await new_tenant(database)
    for _ in range(3):
        await append(event_log, far, 1_500)
    async with signing(event_log, database, home, pace=0.0, page=10):
        await eventually(lambda: signed(alone, tenant, 0))
        await append(event_log, tenant, 1)
        await eventually(lambda: signed(alone, tenant, 1))
        assert await signed(alone, far, 4_500) is None
        await eventually(lambda: signed(alone, far, 4_500))


async def test_a_log_that_grows_while_it_is_caught_up_with_is_signed_at_its_newest_head(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a log that is caught up with, when it grows meanwhile, then what is signed is its head by then."""
    other = await new_tenant(database)
    await append(event_log, tenant, 1_500)
    async with signing(event_log, database, home, pace=0.0, page=10):
        await eventually(lambda: signed(alone, other, 0))
        entries = await append(event_log, tenant, 5)
        point, _ = await eventually(lambda: signed(alone, tenant, 1_505))
    assert point.root == root_of([leaf_hash(entry) for entry in entries])


@pytest.mark.parametrize(
    ("tampering", "kind"),
    [
        ("update log.entries set bytes = 'another' where tenant = '{t}' and position = 7", "head-differs"),
        ("delete from log.entries where tenant = '{t}' and position = 7", "entry-missing"),
        ("delete from log.entries where tenant = '{t}' and position > 8", "entry-missing"),
        ("update log.heads set edge[1] = sha256('x') where tenant = '{t}'", "head-differs"),
        ("update log.heads set size = 4, edge = '{{}}' where tenant = '{t}'", "tail-missing"),
        ("update signed.logs set root = sha256('x') where tenant = '{t}'", "state-differs"),
        ("update signed.logs set size = 4, edge[1] = null, root = edge[3] where tenant = '{t}'", "state-differs"),
    ],
)
async def test_a_head_that_isnt_what_its_entries_come_to_is_refused(
    event_log: EventLog,
    database: DatabaseUrls,
    alone: asyncpg.Connection,
    tenant: TenantId,
    home: Path,
    tampering: str,
    kind: str,
) -> None:
    """Given a signed log, when a superuser changes what came later, then it isn't signed, and others are."""
    async with signing(event_log, database, home):
        await append(event_log, tenant, 5)
        await eventually(lambda: signed(alone, tenant, 5))
    await append(event_log, tenant, 4)
    await as_superuser(alone, tampering.format(t=tenant))
    async with signing(event_log, database, home):
        assert await eventually(lambda: trouble(alone, tenant)) == kind
        other = await new_tenant(database)
        await append(event_log, other, 2)
        await eventually(lambda: signed(alone, other, 2))
    assert await alone.fetchval("select max(size) from signed.checkpoints where tenant = $1", tenant) == 5


async def test_a_log_is_signed_again_when_it_can_be_followed(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a refused log, when what was changed is put back, then a signer signs again, and the trouble is over."""
    await append(event_log, tenant, 3)
    await as_superuser(alone, f"update log.heads set size = 4 where tenant = '{tenant}'")
    async with signing(event_log, database, home):
        assert await eventually(lambda: trouble(alone, tenant)) == "entry-missing"
    await as_superuser(alone, f"update log.heads set size = 3 where tenant = '{tenant}'")
    async with signing(event_log, database, home):
        await eventually(lambda: signed(alone, tenant, 3))
        assert await trouble(alone, tenant) is None


async def test_a_history_put_back_to_yesterday_isnt_signed_differently(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a signed log, when log and signer's tables are put back and another history grows, then the file tells."""
    async with signing(event_log, database, home):
        await append(event_log, tenant, 2)
        await eventually(lambda: signed(alone, tenant, 2))
        before = await alone.fetchrow("select edge, root from signed.logs where tenant = $1", tenant)
        await append(event_log, tenant, 3)
        await eventually(lambda: signed(alone, tenant, 5))
    edge = "array[null, '\\x" + before["edge"][1].hex() + "']::bytea[]"
    await as_superuser(
        alone,
        f"delete from log.entries where tenant = '{tenant}' and position > 2;"
        f"update log.heads set size = 2, edge = {edge} where tenant = '{tenant}';"
        f"update signed.logs set size = 2, edge = {edge}, root = '\\x{before['root'].hex()}' where tenant = '{tenant}';"
        f"delete from signed.checkpoints where tenant = '{tenant}' and size > 2;"
        f"delete from signed.hashes where tenant = '{tenant}' and first >= 2",
    )
    async with signing(event_log, database, home):
        assert await eventually(lambda: trouble(alone, tenant)) == "tail-missing"
        await append(event_log, tenant, 4)
    await as_superuser(alone, f"delete from signed.troubles where tenant = '{tenant}'")
    async with signing(event_log, database, home):
        assert await eventually(lambda: trouble(alone, tenant)) == "history-differs"


async def test_keys_are_rotated_with_an_overlap(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a signer at work, when a seed is added and the old one removed, then both sign, and then the new one."""
    seeds = log_seeds(home)
    async with signing(event_log, database, home):
        await append(event_log, tenant, 1)
        await eventually(lambda: signed(alone, tenant, 1))
        (old,) = await vkeys(alone, tenant)
        seeds.add()

        async def both() -> list[VerifierKey] | None:
            keys = await vkeys(alone, tenant)
            return keys if len(keys) == 2 else None

        keys = await eventually(both)
        _, under = await eventually(lambda: signed(alone, tenant, 1))
        assert signed_by(under, keys, verify) == keys
        seeds.remove(1)
        await append(event_log, tenant, 1)
        _, under = await eventually(lambda: signed(alone, tenant, 2))
        assert signed_by(under, keys, verify) == [keys[1]]
        assert await vkeys(alone, tenant) == [keys[1]]
        assert keys[0] == old


async def test_a_lost_seed_is_missed_and_not_replaced(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a log that was signed, when its seed is gone or another is there instead, then nothing is signed."""
    async with signing(event_log, database, home):
        await eventually(lambda: signed(alone, tenant, 0))
    (home / "keys" / "log-0001.seed").unlink()
    await append(event_log, tenant, 1)
    async with signing(event_log, database, home):
        assert await eventually(lambda: trouble(alone, tenant)) == "keys-missing"
    assert log_seeds(home).numbers() == []
    await as_superuser(alone, "delete from signed.troubles")
    log_seeds(home).add()
    async with signing(event_log, database, home):
        assert await eventually(lambda: trouble(alone, tenant)) == "keys-unknown"


async def test_of_two_signers_one_works(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given two signers with the same keys, when one ends, then the other goes on where it stopped."""
    async with signing(event_log, database, home):
        await eventually(lambda: signed(alone, tenant, 0))
        async with signing(event_log, database, home):
            await append(event_log, tenant, 2)
            await eventually(lambda: signed(alone, tenant, 2))
    async with signing(event_log, database, home):
        await append(event_log, tenant, 2)
        await eventually(lambda: signed(alone, tenant, 4))


async def test_a_checkpoint_that_cant_be_stored_holds_up_no_other(
    event_log: EventLog, database: DatabaseUrls, alone: asyncpg.Connection, tenant: TenantId, home: Path
) -> None:
    """Given a table that takes no checkpoint of one log, when others are signed too, then it alone is refused."""
    other = await new_tenant(database)
    await alone.execute(f"alter table signed.checkpoints add constraint spoilt check (tenant <> '{tenant}') not valid")
    try:
        async with signing(event_log, database, home):
            await append(event_log, other, 1)
            await eventually(lambda: signed(alone, other, 1))
            assert await eventually(lambda: trouble(alone, tenant)) == "cannot-store"
    finally:
        await alone.execute("alter table signed.checkpoints drop constraint spoilt")
    async with signing(event_log, database, home):
        await eventually(lambda: signed(alone, tenant, 0))
        assert await trouble(alone, tenant) is None
