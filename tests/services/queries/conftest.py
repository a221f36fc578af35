"""Queries as a service's process would hold them, and hosts whose views are told on demand."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from infra.event_log.store import EventLog
from infra.projections.pool import open_follower_pool
from infra.vault.vault import Vault
from services.application.queries import Queries
from tests.conftest import DatabaseUrls
from tests.vaults import open_test_vault


@pytest.fixture(scope="session")
async def follower(database: DatabaseUrls) -> AsyncIterator[asyncpg.Pool]:
    """A pool as the projector has one."""
    pool = await open_follower_pool(database.follower)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def vault(event_log: EventLog) -> Vault:
    """The session's vault."""
    return await open_test_vault(event_log.pool)


@pytest.fixture(scope="session")
async def queries(database: DatabaseUrls, event_log: EventLog, vault: Vault) -> AsyncIterator[Queries]:
    """The session's queries, with half a second's patience."""
    queries = await Queries.open(database.runtime, database.follower, event_log, vault, patience=0.5)
    yield queries
    await queries.close()
