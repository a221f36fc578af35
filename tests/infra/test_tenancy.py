"""Hosts and their access keys; the migration that makes room for them."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import asyncpg
import pytest

from domain.identity import KeyId, MarketplaceId, StreamId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.postgres.migrate import SameLogin, migrate
from infra.postgres.tenancy import (
    AccessKey,
    AccessKeys,
    TenantExists,
    create_tenant,
    find_tenant,
    key_hash,
    list_tenants,
)
from tests.conftest import DatabaseUrls, new_tenant


async def test_migrating_again_and_at_the_same_time_changes_nothing(database: DatabaseUrls, tenant: TenantId) -> None:
    """Three processes start at once on a migrated database: all find it as it should be."""
    await asyncio.gather(*(migrate(database.owner, database.runtime, database.follower) for _ in range(3)))
    connection = await asyncpg.connect(database.owner)
    assert await connection.fetchval("select count(*) from log.tenants where tenant = $1", tenant) == 1
    await connection.close()


async def test_the_owner_is_never_the_runtime(database: DatabaseUrls) -> None:
    """One login for both would undo every guard, so it is refused."""
    with pytest.raises(SameLogin):
        await migrate(database.owner, database.owner)


async def test_a_host_has_a_lasting_origin(database: DatabaseUrls, event_log: EventLog) -> None:
    """Its log is named handschlag/<tenant> unless told otherwise; the register lists it; no name is given twice."""
    tenant = await new_tenant(database)
    found = await find_tenant(event_log.pool, tenant)
    assert found is not None
    assert (found.origin, found.city, found.time_zone) == (f"handschlag/{tenant}", "Essen", "Europe/Berlin")
    assert found in await list_tenants(event_log.pool)
    assert await find_tenant(event_log.pool, TenantId("nowhere")) is None

    async def again(name: str, origin: str | None) -> None:
        await create_tenant(
            database.owner, TenantId(name), name="N", city="C", region="R", time_zone="Europe/Berlin", origin=origin
        )

    with pytest.raises(TenantExists):
        await again(tenant, f"elsewhere/{fresh_id()}")
    with pytest.raises(TenantExists):
        await again(f"t-{fresh_id()}", f"handschlag/{tenant}")
    for bad in ("Essen", "", "-x", "a b", "x" * 64):
        with pytest.raises(asyncpg.CheckViolationError):
            await again(bad, f"elsewhere/{fresh_id()}")


@pytest.mark.parametrize("change", ["origin = 'x'", "tenant = 'x'", "created_at = now()"])
async def test_what_lasts_of_a_host_is_changed_by_nobody(database: DatabaseUrls, tenant: TenantId, change: str) -> None:
    """Not even by the owner with row-level security out of the way."""
    connection = await asyncpg.connect(database.owner)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("alter table log.tenants no force row level security")
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(f"update log.tenants set {change} where tenant = $1", tenant)
    await transaction.rollback()
    await connection.close()


async def test_the_runtime_makes_no_hosts(database: DatabaseUrls) -> None:
    """Hosts are made by the owner, with the command line."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await create_tenant(database.runtime, TenantId("x"), name="N", city="C", region="R", time_zone="Europe/Berlin")


async def test_a_key_opens_its_own_house_until_revoked(
    database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Known by its hash, at its tenant alone; revoking is once and for all, putting again changes nothing."""
    keys, key, other = AccessKeys(event_log.pool), secrets.token_bytes(32), await new_tenant(database)
    hashed = key_hash(key)
    await keys.put(tenant, hashed, KeyId("k1"), "m-1", "broker")
    await keys.put(tenant, hashed, KeyId("k1"), "m-1", "broker")
    expected = AccessKey(key_id=KeyId("k1"), member="m-1", role="broker", revoked_at=None)
    assert await keys.look_up(tenant, hashed) == expected
    assert await keys.look_up(other, hashed) is None
    assert await keys.look_up(tenant, key_hash(secrets.token_bytes(32))) is None
    assert not await keys.revoke(other, KeyId("k1"))
    assert await keys.revoke(tenant, KeyId("k1"))
    assert not await keys.revoke(tenant, KeyId("k1"))
    await keys.put(tenant, hashed, KeyId("k1"), "m-1", "broker")
    assert await keys.look_up(tenant, hashed) is None


async def test_a_role_s_keys_open_nothing_when_it_is_taken_back(event_log: EventLog, tenant: TenantId) -> None:
    """Given keys of a member for two roles and one edition, when one is taken back, then only its keys are gone."""
    keys, edition = AccessKeys(event_log.pool), MarketplaceId(StreamId("00000000-0000-4000-8000-000000000001"))
    held = {
        ("broker", None): secrets.token_bytes(32),
        ("clerk", None): secrets.token_bytes(32),
        ("clerk", edition): secrets.token_bytes(32),
    }
    for (role, home), key in held.items():
        await keys.put(tenant, key_hash(key), KeyId(f"{role} {home}"), "m-1", role, home)
    found = await keys.look_up(tenant, key_hash(held["clerk", edition]))
    assert found is not None
    assert found.marketplace == edition

    async def left() -> list[tuple[str, MarketplaceId | None]]:
        return [which for which, key in held.items() if await keys.look_up(tenant, key_hash(key)) is not None]

    await keys.revoke_role(tenant, "m-2", "clerk")
    assert await left() == list(held)
    await keys.revoke_role(tenant, "m-1", "clerk")
    assert await left() == [("broker", None), ("clerk", edition)]
    await keys.revoke_role(tenant, "m-1", "clerk", edition)
    assert await left() == [("broker", None)]


def test_short_keys_are_refused() -> None:
    """Without 256 random bits a plain hash would not be enough."""
    with pytest.raises(ValueError, match="256"):
        key_hash(b"short")


async def test_follower_and_backup_read_every_host_and_write_nothing(database: DatabaseUrls) -> None:
    """The follower's login sees every head; neither role can insert."""
    one, two = await new_tenant(database), await new_tenant(database)

    async def sees(url: str, role: str | None, run: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
        connection = await asyncpg.connect(url)
        if role:
            await connection.execute(f"set role {role}")
        await run(connection)
        await connection.close()

    async def both(connection: asyncpg.Connection) -> None:
        found = await connection.fetch("select tenant from log.heads where tenant = any($1)", [one, two])
        assert {row[0] for row in found} == {one, two}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("update log.heads set size = 1")

    await sees(database.follower, None, both)
    await sees(database.owner, "handschlag_backup", both)


async def test_only_who_signs_may_take_on_the_signers_role(database: DatabaseUrls) -> None:
    """Given a follower of a service that doesn't sign, then it isn't granted what the signer's login needs."""
    login = f"follower-{fresh_id()}"
    connection = await asyncpg.connect(database.owner)
    try:
        await connection.execute(f"create role \"{login}\" login password 'x'")
        url = urlsplit(database.owner)._replace(netloc=f"{login}:x@{urlsplit(database.owner).hostname}").geturl()
        for signs in (False, True):
            await migrate(database.owner, database.runtime, url, signs=signs)
            for role, expected in (("handschlag_follower", True), ("handschlag_signer", signs)):
                may = await connection.fetchval("select pg_has_role($1, $2, 'MEMBER')", login, role)
                assert (role, may) == (role, expected)
    finally:
        await connection.execute(f'drop role if exists "{login}"')
        await connection.close()
