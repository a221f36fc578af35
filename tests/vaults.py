"""A vault for tests that don't run a whole service: one master key, the same in every session."""

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg

from domain.identity import PersonId, TenantId
from infra.vault.masters import KeySource, MasterKeys
from infra.vault.opening import open_keys
from infra.vault.sealing import place_of_person, unwrap, wrap
from infra.vault.vault import Vault

MASTER = b"the tests' own master key, known"
SOURCE = KeySource(base64.b64encode(MASTER).decode(), Path(), ours=False)


async def open_test_vault(pool: asyncpg.Pool) -> Vault:
    """A vault beside the log, under the tests' master key."""
    return Vault(pool, pool, await open_keys(pool, SOURCE))


def keys_in(file: Path) -> MasterKeys:
    """The master keys in a file of the service's own."""
    return MasterKeys(KeySource(None, file, ours=True))


Happening = Callable[[], Awaitable[Any]]


class Between:
    """A vault's connections, behind whose first `times` answers something happens before anybody reads them."""

    def __init__(self, pool: asyncpg.Pool, happens: Happening, times: int = 1) -> None:
        self._pool = pool
        self._happens = happens
        self._times = times
        self.answers: list[str] = []

    def acquire(self) -> Any:
        """One of the connections, for what is asked otherwise: nothing happens there."""
        return self._pool.acquire()

    async def fetchrow(self, query: str, *told: Any) -> Any:
        """The pool's answer."""
        row = await self._pool.fetchrow(query, *told)
        self.answers.append(row["outcome"])
        if len(self.answers) <= self._times:
            await self._happens()
        return row


def between(vault: Vault, happens: Happening, times: int = 1) -> tuple[Vault, Between]:
    """The vault as a process sees it that is overtaken again and again, and its connections."""
    pool = Between(vault.pool, happens, times)
    return Vault(pool, vault.log_pool, vault.masters), pool


async def wrap_anew(vault: Vault, tenant: TenantId, person: PersonId) -> None:
    """What a rotation does to a person's key."""
    masters, place = vault.masters, place_of_person(tenant, person)
    async with vault.transaction(tenant) as connection:
        row = await connection.fetchrow("select master, wrapped from vault.persons where person = $1", person)
        key = wrap(masters[masters.current], place, unwrap(masters[row["master"]], place, row["wrapped"]))
        await connection.execute("update vault.persons set wrapped = $2 where person = $1", person, key)
