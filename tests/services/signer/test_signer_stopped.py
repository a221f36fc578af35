"""A signer that is told to stop does, whatever it is doing."""

import asyncio

import pytest

from domain.identity import TenantId
from domain.transparency.merkle import EMPTY_ROOT
from infra.clock import now
from infra.signing.store import Hashes, NewCheckpoint, Signed, SignerStore
from tests.conftest import DatabaseUrls


@pytest.mark.parametrize("after", [0.002, 0.005, 0.02])
async def test_storing_what_was_signed_can_be_stopped(database: DatabaseUrls, tenant: TenantId, after: float) -> None:
    """Given a long log whose hashes are being stored, when the signer is cancelled, then it ends at once.

    A cancelled `executemany` of asyncpg waits for ever once its rows don't fit the connection's buffer, and a
    service that stops waits with it.
    """
    many = tuple(Hashes(0, first, bytes(32 * 64)) for first in range(0, 64 * 4_000, 64))
    new = NewCheckpoint(
        tenant=tenant, before=None, now=Signed(0, (), EMPTY_ROOT, ()), hashes=many, signatures=(), keys=()
    )
    store = await SignerStore.open(database.follower)
    try:
        work = asyncio.create_task(store.store([new], now()))
        await asyncio.sleep(after)
        work.cancel()
        _, unfinished = await asyncio.wait({work}, timeout=20)
        assert not unfinished
    finally:
        await store.close()
