"""What is read of long logs and of what was signed of them: what was asked for, and nothing else."""

import asyncpg

from domain.identity import TenantId
from domain.transparency.merkle import EMPTY_ROOT
from domain.transparency.tiles import Tile
from infra.clock import now
from infra.event_log.outcomes import Appended
from infra.event_log.store import EventLog
from infra.signing.reader import SignedReader
from infra.signing.store import SIGNER_ROLE, Hashes, NewCheckpoint, Signed, SignerStore
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import appending, new_stream, note

RECORDS = 3_000
_AS_IF_LONG = {"min_parallel_table_scan_size": "0", "parallel_setup_cost": "0", "parallel_tuple_cost": "0"}
"""Going through a table in parallel costs nothing: it looks to the planner as it does with millions of records."""


async def test_of_a_long_log_no_more_is_read_than_what_isnt_signed(
    event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a log of thousands of records, when its last ten are asked for, then no table is gone through for them."""
    stream = new_stream()
    entries = [note(tenant, stream, version) for version in range(1, RECORDS + 1)]
    assert isinstance(await event_log.append(appending(tenant, *entries)), Appended)
    await _analyse(database, "log.entries")
    connection = await asyncpg.connect(database.follower, server_settings=_AS_IF_LONG | {"role": SIGNER_ROLE})
    try:
        async with connection.transaction():
            found = await SignerStore(connection).entries([(tenant, RECORDS - 10, RECORDS)])
            gone_through = await _gone_through(connection, "entries")
    finally:
        await connection.close()
    assert [position for position, _ in found[tenant]] == list(range(RECORDS - 9, RECORDS + 1))
    assert gone_through == 0


async def test_of_many_hashes_no_more_is_read_than_a_proof_needs(database: DatabaseUrls, tenant: TenantId) -> None:
    """Given hashes that were signed one by one, when a tile of them is asked for, then no table is gone through."""
    hashes = tuple(Hashes(0, first, first.to_bytes(32)) for first in range(RECORDS))
    head = Signed(0, (), EMPTY_ROOT, ())
    store = await SignerStore.open(database.follower)
    try:
        await store.store([NewCheckpoint(tenant, before=None, now=head, hashes=hashes, signatures=(), keys=())], now())
    finally:
        await store.close()
    await _analyse(database, "signed.hashes")
    tiles = [Tile(0, index) for index in range(8)]
    async with asyncpg.create_pool(database.runtime, min_size=1, max_size=1, server_settings=_AS_IF_LONG) as pool:
        before = await _gone_through(pool, "hashes", "pg_stat_user_tables")
        found = await SignedReader(pool).tiles(tenant, tiles)
        await pool.execute("select pg_stat_force_next_flush()")
        gone_through = await _gone_through(pool, "hashes", "pg_stat_user_tables") - before
    assert found[tiles[3]] == b"".join(first.to_bytes(32) for first in range(768, 1024))
    assert gone_through < RECORDS


async def _gone_through(
    server: asyncpg.Pool | asyncpg.Connection, table: str, of: str = "pg_stat_xact_user_tables"
) -> int:
    """Rows that were read by going through a table, as this transaction, or everybody so far, has read them."""
    rows: int = await server.fetchval(f"select seq_tup_read from {of} where relname = $1", table)
    return rows


async def _analyse(database: DatabaseUrls, table: str) -> None:
    """Let the planner know how long a table has become, as it does by and by."""
    owner = await asyncpg.connect(database.owner)
    try:
        await owner.execute(f"analyze {table}")
    finally:
        await owner.close()
