"""The projector's connections, for tests that play its part."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from infra.projections.pool import open_follower_pool
from tests.conftest import DatabaseUrls


@pytest.fixture(scope="session")
async def follower(database: DatabaseUrls) -> AsyncIterator[asyncpg.Pool]:
    """A pool as the projector has one."""
    pool = await open_follower_pool(database.follower, 8)
    yield pool
    await pool.close()
