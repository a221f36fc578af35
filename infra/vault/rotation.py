"""Another master key: every key that the old one wraps is wrapped by the new one; values aren't touched.

Order: the new key stands in the file before anything is wrapped by it; the old one wraps nothing new before the first
key is wrapped anew, so that none is missed; it is let go of when nothing is under it any more. Cut short at any point,
the next rotation goes on where this one stopped, and meanwhile both keys read.
"""

import asyncpg

from domain.frozen import dataclass
from domain.identity import PersonId, TenantId
from infra.vault.masters import MasterKeys
from infra.vault.sealing import fresh_key, place_of_person, place_of_tenant, unwrap, wrap
from infra.vault.trouble import KeysNotOurs
from infra.vault.vault import Vault

_LOCK = "select pg_advisory_lock(hashtextextended('handschlag/vault/rotate', 0))"
_UNLOCK = "select pg_advisory_unlock(hashtextextended('handschlag/vault/rotate', 0))"
_BATCH = 500

_PERSONS = """
select person, master, wrapped from vault.persons
where tenant = $1 and master is not null and master <> $2 order by person limit $3 for update
"""
_TENANT_KEYS = """
select purpose, period, master, wrapped from vault.tenant_keys
where tenant = $1 and master <> $2 order by purpose, period limit $3 for update
"""


@dataclass(frozen=True, slots=True)
class Rotated:
    """Which master key wraps now, how many keys were wrapped anew, and which master keys wrap nothing any more."""

    current: str
    rewrapped: int
    retired: tuple[str, ...]


async def rotate(vault: Vault, tenants: list[TenantId]) -> Rotated:
    """Replace the master key, or go on with a replacement that was cut short.

    Where the keys are the operator's, the new one has to stand before the old one already: else raises `KeysNotOurs`.
    """
    masters = vault.masters
    async with vault.pool.acquire() as lock:
        await lock.execute(_LOCK)
        try:
            masters.read()
            if len(masters.ids) == 1:
                _begin(masters)
            await _close_others(vault.pool, masters.current)
            rewrapped = 0
            for tenant in tenants:
                rewrapped += await _persons(vault, tenant) + await _tenant_keys(vault, tenant)
            retired = await _retire_others(vault.pool, masters.current)
            if masters.source.ours:
                masters.keep_only(masters.current)
            return Rotated(masters.current, rewrapped, retired)
        finally:
            await lock.execute(_UNLOCK)


def _begin(masters: MasterKeys) -> None:
    if not masters.source.ours:
        raise KeysNotOurs(
            f"{masters.source} holds one master key: put a new one (openssl rand -base64 32) before it, restart the"
            " service, and ask again; take the old one away when that is done"
        )
    masters.put_first(fresh_key())


async def _close_others(pool: asyncpg.Pool, current: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("insert into vault.masters (id) values ($1) on conflict do nothing", current)
        await connection.execute(
            "update vault.masters set closed_at = clock_timestamp() where id <> $1 and closed_at is null", current
        )


async def _retire_others(pool: asyncpg.Pool, current: str) -> tuple[str, ...]:
    rows = await pool.fetch(
        "update vault.masters set retired_at = clock_timestamp() where id <> $1 and retired_at is null returning id",
        current,
    )
    return tuple(row["id"] for row in rows)


async def _persons(vault: Vault, tenant: TenantId) -> int:
    masters, done = vault.masters, 0
    while True:
        async with vault.transaction(tenant) as connection:
            rows = await connection.fetch(_PERSONS, tenant, masters.current, _BATCH)
            for row in rows:
                place = place_of_person(tenant, PersonId(str(row["person"])))
                key = unwrap(masters[row["master"]], place, row["wrapped"])
                await connection.execute(
                    "update vault.persons set master = $3, wrapped = $4 where tenant = $1 and person = $2",
                    tenant, row["person"], masters.current, wrap(masters[masters.current], place, key),
                )  # fmt: skip
        done += len(rows)
        if len(rows) < _BATCH:
            return done


async def _tenant_keys(vault: Vault, tenant: TenantId) -> int:
    masters = vault.masters
    async with vault.transaction(tenant) as connection:
        rows = await connection.fetch(_TENANT_KEYS, tenant, masters.current, _BATCH)
        for row in rows:
            place = place_of_tenant(tenant, row["purpose"], row["period"])
            key = unwrap(masters[row["master"]], place, row["wrapped"])
            await connection.execute(
                "update vault.tenant_keys set master = $4, wrapped = $5"
                " where tenant = $1 and purpose = $2 and period = $3",
                tenant, row["purpose"], row["period"], masters.current, wrap(masters[masters.current], place, key),
            )  # fmt: skip
    return len(rows)
