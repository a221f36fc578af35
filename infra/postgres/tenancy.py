"""Hosts (tenants) and the access keys by which people and machines come to them."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import KeyId, MarketplaceId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A host (Veranstalter). `origin` is its log's lasting name and never changes; `time_zone` is an IANA name."""

    tenant: TenantId
    origin: str
    name: str
    city: str
    region: str
    time_zone: str
    created_at: datetime


class TenantExists(Exception):
    """There is a host of that name, or a log of that origin, already."""


async def create_tenant(
    owner_url: str,
    tenant: TenantId,
    *,
    name: str,
    city: str,
    region: str,
    time_zone: str,
    origin: str | None = None,
) -> None:
    """Make a host with an empty log, as the owner: the runtime's login can't.

    `origin` is `handschlag/<tenant>` unless another is given. Raises `TenantExists`.
    """
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute(
            "select log.create_tenant($1, $2, $3, $4, $5, $6)",
            tenant, name, city, region, time_zone, origin or f"handschlag/{tenant}",
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise TenantExists(f"{tenant}: {TenantExists.__doc__}") from error
    finally:
        await connection.close()


async def list_tenants(pool: asyncpg.Pool) -> list[Tenant]:
    """Every host of this database, in the order of their names. Which hosts there are is no secret."""
    rows = await pool.fetch(
        "select tenant, origin, name, city, region, time_zone, created_at from log.tenants order by tenant"
    )
    return [_tenant(row) for row in rows]


async def find_tenant(pool: asyncpg.Pool, tenant: TenantId) -> Tenant | None:
    """The host of that name, if there is one."""
    row = await pool.fetchrow(
        "select tenant, origin, name, city, region, time_zone, created_at from log.tenants where tenant = $1", tenant
    )
    return None if row is None else _tenant(row)


def _tenant(row: Mapping[str, Any]) -> Tenant:
    return Tenant(**dict(row))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """What a key opens: it was issued to `member`, who acts as `role`, in one edition or (None) in all.

    With an `audience` it opens streams alone, with `persons` or without. The key itself is not kept.
    """

    key_id: KeyId
    member: str
    role: str
    marketplace: MarketplaceId | None = None
    revoked_at: datetime | None
    audience: str | None = None
    persons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """A key as its holder is told of it."""

    key_id: KeyId
    role: str
    marketplace: str | None
    created_at: datetime
    revoked_at: datetime | None


def key_hash(key: bytes) -> bytes:
    """SHA-256 of a random key of at least 256 bits: there's nothing to guess, so no slow hash is needed."""
    if len(key) < 32:
        raise ValueError("an access key has at least 256 random bits")
    return sha256(key).digest()


class AccessKeys:
    """The keys' hashes, tenant by tenant. The log says who issued and revoked them; this is what requests look up."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(
        self,
        tenant: TenantId,
        hashed: bytes,
        key_id: KeyId,
        member: str,
        role: str,
        marketplace: MarketplaceId | None = None,
        *,
        audience: str | None = None,
        persons: bool = False,
    ) -> None:
        """Keep a key's hash; with an `audience`, of one for streams alone.

        Putting the same one again changes nothing, so a crashed command can be repeated.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            await connection.execute(
                "insert into access.keys (tenant, hash, key_id, member, role, marketplace, audience, persons)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant, hash) do nothing",
                tenant, hashed, key_id, member, role, marketplace, audience, persons,
            )  # fmt: skip

    async def look_up(self, tenant: TenantId, hashed: bytes) -> AccessKey | None:
        """What the key of that hash opens at `tenant`; None when it opens nothing there or was revoked."""
        row = await self._pool.fetchrow("select * from access.holder($1, $2)", tenant, hashed)
        return None if row is None else AccessKey(**dict(row))

    async def revoke_member(self, tenant: TenantId, member: str) -> None:
        """Let every key of a member open nothing from now on."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            await connection.execute(
                "update access.keys set revoked_at = clock_timestamp()"
                " where tenant = $1 and member = $2 and revoked_at is null",
                tenant, member,
            )  # fmt: skip

    async def of_member(self, tenant: TenantId, member: str) -> list[HeldKey]:
        """A member's keys, the oldest first."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await _name_tenant(connection, tenant)
            rows = await connection.fetch(
                "select key_id, role, marketplace, created_at, revoked_at from access.keys"
                " where tenant = $1 and member = $2 order by created_at",
                tenant, member,
            )  # fmt: skip
        return [HeldKey(**dict(row)) for row in rows]

    async def audiences(
        self, tenant: TenantId, member: str, role: str, marketplace: MarketplaceId | None
    ) -> list[str | None]:
        """What a member's keys for a role (in one edition, or in all) open: an audience's streams, or (None) all."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await _name_tenant(connection, tenant)
            rows = await connection.fetch(
                "select distinct audience from access.keys where tenant = $1 and member = $2 and role = $3"
                " and marketplace is not distinct from $4 and revoked_at is null",
                tenant, member, role, marketplace,
            )  # fmt: skip
        return [row["audience"] for row in rows]

    async def revoke(self, tenant: TenantId, key_id: KeyId) -> bool:
        """Let the key open nothing from now on; False when there was none, or it was revoked before."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            status: str = await connection.execute(
                "update access.keys set revoked_at = clock_timestamp()"
                " where tenant = $1 and key_id = $2 and revoked_at is null",
                tenant, key_id,
            )  # fmt: skip
        return status == "UPDATE 1"

    async def revoke_role(
        self, tenant: TenantId, member: str, role: str, marketplace: MarketplaceId | None = None
    ) -> None:
        """Let every key of a member for a role (in one edition, or in all) open nothing from now on."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            await connection.execute(
                "update access.keys set revoked_at = clock_timestamp() where tenant = $1 and member = $2"
                " and role = $3 and marketplace is not distinct from $4 and revoked_at is null",
                tenant, member, role, marketplace,
            )  # fmt: skip


async def _name_tenant(connection: asyncpg.Connection, tenant: TenantId) -> None:
    """Name the tenant for this transaction: row-level security shows no other's rows."""
    await connection.execute("select set_config('app.tenant', $1, true)", tenant)
