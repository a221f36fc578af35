"""Endpoints' secrets at rest: nothing of them stands in a table, and a host sees its own endpoints alone."""

from pathlib import Path

import asyncpg
import pytest

from domain.identity import TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.streams.endpoints import Endpoints
from infra.streams.keeping import SecretKeeper
from infra.streams.webhook import Scheme, Secret
from infra.vault.masters import KeySource
from infra.vault.opening import open_keys
from infra.vault.rotation import rotate
from infra.vault.trouble import VaultDamaged
from infra.vault.vault import Vault, named
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.vault.conftest import own, own_url  # noqa: F401 - fixtures
from tests.services.relay.desk import Desk
from tests.vaults import keys_in, open_test_vault


async def test_a_secret_opens_at_its_own_place_alone(event_log: EventLog, database: DatabaseUrls) -> None:
    """Given sealed secrets, when one is put in another's place, of an endpoint or a host, then it doesn't open."""
    tenant, other = await new_tenant(database), await new_tenant(database)
    keeper = SecretKeeper(await open_test_vault(event_log.pool))
    secret, endpoint = Secret.fresh(Scheme.HMAC), fresh_id()
    sealed = await keeper.seal(tenant, endpoint, 1, secret)
    await keeper.ready(other)
    row = {"number": 1, "sealed": sealed}
    assert await keeper.open(tenant, endpoint, [row]) == [secret]
    for place in ((tenant, endpoint, row | {"number": 2}), (tenant, fresh_id(), row), (other, endpoint, row)):
        with pytest.raises(VaultDamaged):
            await keeper.open(place[0], place[1], [place[2]])
    assert secret.key not in sealed
    assert str(secret).encode() not in sealed


async def test_secrets_outlive_a_master_key(
    event_log: EventLog,
    own: asyncpg.Pool,  # noqa: F811 - the fixture
    tenant: TenantId,
    tmp_path: Path,
) -> None:
    """Given a sealed secret, when the master key is replaced, then it opens as before, and not by the old key."""
    source = KeySource(None, tmp_path / "keys" / "vault", ours=True)
    vault = Vault(own, event_log.pool, await open_keys(own, source))
    secret, endpoint = Secret.fresh(Scheme.ED25519), fresh_id()
    sealed = await SecretKeeper(vault).seal(tenant, endpoint, 1, secret)
    assert (await rotate(vault, [tenant])).rewrapped == 1
    again = SecretKeeper(Vault(own, event_log.pool, keys_in(source.file)))
    assert await again.open(tenant, endpoint, [{"number": 1, "sealed": sealed}]) == [secret]


async def test_a_host_sees_its_own_endpoints_alone(
    event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given an endpoint of one host, when another is named in the session, then it isn't there, nor its secrets."""
    vault, other = await open_test_vault(event_log.pool), await new_tenant(database)
    await Desk(database, event_log, tenant, vault).endpoint("https://example.org/")
    async with Endpoints(event_log.pool).reading(other) as book:
        assert await book.all() == []
    for table in ("endpoints", "cursors", "secrets", "errands", "attempts", "requests"):
        async with named(event_log.pool, other, readonly=True) as connection:
            assert await connection.fetchval(f"select count(*) from streams.{table} where tenant = $1", tenant) == 0
    async with named(event_log.pool, other, readonly=False) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "insert into streams.requests (tenant, key, request, endpoint, thing) values ($1, 'k', '', $2, '1')",
                tenant,
                fresh_id(),
            )
