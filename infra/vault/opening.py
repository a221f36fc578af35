"""Opening the vault: its database, its master keys, and what was kept before there were keys.

Order at a start: tables, master keys, sealing of what is plain, destroying of what was erased; only then is anything
read or kept. Each step can be cut short and taken up again by the next start, and several processes may start at once.
"""

from pathlib import Path

import asyncpg

from domain.identity import EventId, PersonId, TenantId
from infra.event_log.reader import open_pool
from infra.postgres.tenancy import list_tenants
from infra.settings import Settings
from infra.vault.keys import key_to_keep
from infra.vault.leaving import Leaving
from infra.vault.masters import KeySource, MasterKeys, make_keys
from infra.vault.sealing import SEALING, place_of_value, seal
from infra.vault.trouble import MasterKeyMissing, VaultElsewhere
from infra.vault.vault import Vault, named

_OWN = [(Path(__file__).parent / name).read_text() for name in ("own.sql", "keeping.sql", "reading.sql")]
_LOCK = "select pg_advisory_xact_lock(hashtextextended('handschlag/vault', 0))"
_BATCH = 500

_PLAIN = """
select ctid, person, event_id, field, salt, value from vault.sealed_values
where tenant = $1 and sealing = 'plain' limit $2 for update skip locked
"""

_SEAL = """
update vault.sealed_values set value = $3, salt = null, sealing = $4 where tenant = $1 and ctid = $2
"""

_HELD = """
select exists (select from vault.sealed_values where tenant = $1)
    or exists (select from vault.persons where tenant = $1)
"""


def source_of(settings: Settings) -> KeySource:
    """Where the master keys come from; without a setting from a file of ours in the home."""
    if settings.vault_key is not None:
        return KeySource(settings.vault_key, settings.home, ours=False)
    if settings.vault_key_file is not None:
        return KeySource(None, settings.vault_key_file, ours=False)
    return KeySource(None, settings.home / "keys" / "vault", ours=True)


async def open_vault(log_pool: asyncpg.Pool, settings: Settings) -> Vault:
    """The vault, ready for use; close it with `close_vault`. Raises a `VaultTrouble`."""
    source = source_of(settings)
    if settings.vault_database_url is None:
        vault = Vault(log_pool, log_pool, await open_keys(log_pool, source))
    else:
        await _must_be_empty(log_pool)
        own = await open_own(settings.vault_database_url)
        try:
            vault = Vault(own, log_pool, await open_keys(own, source))
        except BaseException:
            await own.close()
            raise
    leaving = Leaving(vault)
    for host in await list_tenants(log_pool):
        await seal_plain(vault, host.tenant)
        await leaving.settle(host.tenant)
    return vault


async def close_vault(vault: Vault) -> None:
    """Hang up, unless the connections are the log's."""
    if vault.pool is not vault.log_pool:
        await vault.pool.close()


async def open_own(url: str) -> asyncpg.Pool:
    """A pool at the vault's own database, with its tables and functions made."""
    pool = await open_pool(url, 4)
    try:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK)
            for sql in _OWN:
                await connection.execute(sql)
    except BaseException:
        await pool.close()
        raise
    return pool


async def open_keys(pool: asyncpg.Pool, source: KeySource) -> MasterKeys:
    """The master keys, checked against those that the vault's values are under; made at the very first start.

    Order: the file is written first, then its key's id is noted; a crash between leaves a key that wraps nothing yet.
    Raises `MasterKeyMissing`, `MasterKeyUnusable`, `VaultElsewhere`.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_LOCK)
        known = await connection.fetch("select id, closed_at, retired_at from vault.masters order by created_at")
        needed = [row["id"] for row in known if row["retired_at"] is None]
        if known and not needed:
            raise VaultElsewhere(
                "the personal values were moved to a database of the vault's own: set HANDSCHLAG_VAULT_DATABASE_URL"
            )
        if not source.there():
            if needed:
                raise MasterKeyMissing(
                    f"the vault's values are under master key {', '.join(needed)}, and there is none at {source}:"
                    " bring back the file from your backup of the keys"
                )
            make_keys(source)
        masters = MasterKeys(source)
        for id_ in needed:
            _ = masters[id_]
        if masters.current in {row["id"] for row in known if row["closed_at"] is not None}:
            raise MasterKeyMissing(f"master key {masters.current} was replaced: {source} must begin with the new one")
        await connection.execute("insert into vault.masters (id) values ($1) on conflict do nothing", masters.current)
    return masters


async def seal_plain(vault: Vault, tenant: TenantId) -> int:
    """Seal in place what was kept before there were keys; answers how many values.

    A batch is sealed whole or not at all, and a value that is sealed is never plain again.
    """
    sealed = 0
    while True:
        async with vault.transaction(tenant) as connection:
            rows = await connection.fetch(_PLAIN, tenant, _BATCH)
            for row in rows:
                person = PersonId(str(row["person"]))
                key = await key_to_keep(connection, vault.masters, tenant, person)
                place = place_of_value(tenant, person, EventId(str(row["event_id"])), row["field"])
                box = seal(key, place, row["salt"], row["value"].decode())
                await connection.execute(_SEAL, tenant, row["ctid"], box, SEALING)
        sealed += len(rows)
        if len(rows) < _BATCH:
            return sealed


async def _must_be_empty(log_pool: asyncpg.Pool) -> None:
    """With a vault of its own, the log's database holds no personal value."""
    for host in await list_tenants(log_pool):
        async with named(log_pool, host.tenant, readonly=True) as connection:
            if await connection.fetchval(_HELD, host.tenant):
                raise VaultElsewhere(
                    "HANDSCHLAG_VAULT_DATABASE_URL is set, and the personal values are still beside the log:"
                    " stop the service and run `handschlag vault move`"
                )
