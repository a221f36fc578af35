"""What is kept of a request beside its key: enough to know it again for a while, nothing to guess it by for good."""

from datetime import datetime
from hashlib import sha256

from domain.identity import TenantId
from infra.clock import now
from infra.vault.fingerprints import PERIOD, Fingerprints, ImportIds
from infra.vault.vault import Vault
from tests.conftest import DatabaseUrls, new_tenant

ERIKA, MAX = (sha256(name).digest() for name in (b"Erika", b"Max"))


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at


async def _keys(vault: Vault, tenant: TenantId) -> int:
    async with vault.transaction(tenant) as connection:
        count: int = await connection.fetchval("select count(*) from vault.tenant_keys")
        return count


async def test_a_request_is_known_again(vault: Vault, tenant: TenantId) -> None:
    """Given a fingerprint, when another process compares, then the same request is alike and another isn't."""
    kept = await Fingerprints(vault).of(tenant, ERIKA)
    assert ERIKA not in kept
    assert await Fingerprints(vault).are_alike(tenant, kept, ERIKA)
    assert not await Fingerprints(vault).are_alike(tenant, kept, MAX)


async def test_another_host_has_other_fingerprints(vault: Vault, tenant: TenantId, database: DatabaseUrls) -> None:
    """Given two hosts, when they are asked the same, then nobody sees it."""
    fingerprints = Fingerprints(vault)
    assert await fingerprints.of(tenant, ERIKA) != await fingerprints.of(await new_tenant(database), ERIKA)


async def test_what_is_over_cant_be_tested_any_more(vault: Vault, tenant: TenantId) -> None:
    """Given a fingerprint, when the next period is over, then its key is gone and all is alike."""
    calendar = Calendar()
    fingerprints = Fingerprints(vault, calendar)
    kept = await fingerprints.of(tenant, ERIKA)
    calendar.at += PERIOD
    await fingerprints.expire(tenant)
    assert not await fingerprints.are_alike(tenant, kept, MAX)
    assert await fingerprints.of(tenant, ERIKA) != kept
    calendar.at += PERIOD
    await fingerprints.expire(tenant)
    assert await _keys(vault, tenant) == 1
    assert await fingerprints.are_alike(tenant, kept, MAX)
    assert await fingerprints.are_alike(tenant, b"\x00\x00\x00\x00", MAX), "wiped by the migration"


async def test_what_a_file_brings_is_named_by_the_hosts_key(
    vault: Vault, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Given a file's digest, when its ids are made twice, then they are the same, and another host's are not."""
    one, again = await ImportIds.of(vault, tenant), await ImportIds.of(vault, tenant)
    other = await ImportIds.of(vault, await new_tenant(database))
    assert one.id_of("digest", "person/1") == again.id_of("digest", "person/1")
    assert one.id_of("digest", "person/1") != other.id_of("digest", "person/1")
    assert one.id_of("digest", "person/1") != one.id_of("digest", "person/2")
