"""A vault for tests that don't run a whole service: one master key, the same in every session."""

import base64
from pathlib import Path

import asyncpg

from infra.vault.masters import KeySource, MasterKeys
from infra.vault.opening import open_keys
from infra.vault.vault import Vault

MASTER = b"the tests' own master key, known"
SOURCE = KeySource(base64.b64encode(MASTER).decode(), Path(), ours=False)


async def open_test_vault(pool: asyncpg.Pool) -> Vault:
    """A vault beside the log, under the tests' master key."""
    return Vault(pool, pool, await open_keys(pool, SOURCE))


def keys_in(file: Path) -> MasterKeys:
    """The master keys in a file of the service's own."""
    return MasterKeys(KeySource(None, file, ours=True))
