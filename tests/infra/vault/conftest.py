"""A server of the vault's own, for tests that change master keys."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from infra.event_log.store import EventLog
from infra.vault.opening import open_own
from infra.vault.vault import Vault
from tests.vaults import open_test_vault


@pytest.fixture
async def vault(event_log: EventLog) -> Vault:
    """A vault over the session's log."""
    return await open_test_vault(event_log.pool)


@pytest.fixture
async def own_url(vault_server: str) -> str:
    """The URL of an empty database."""
    connection = await asyncpg.connect(vault_server)
    await connection.execute("drop schema if exists vault cascade")
    await connection.close()
    return vault_server


@pytest.fixture
async def own(own_url: str) -> AsyncIterator[asyncpg.Pool]:
    """That database with the vault's tables."""
    pool = await open_own(own_url)
    yield pool
    await pool.close()
