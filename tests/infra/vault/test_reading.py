"""Reading names: of those who are asked for, and of nobody else, however many a host has."""

import pytest

from domain.identity import EventId, PersonId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.vault.vault import READ, Vault
from tests.conftest import DatabaseUrls, new_tenant
from tests.pages_read import pages_read
from tests.vaults import open_test_vault

ASKED = 10
FEW, MANY = 20, 2_000

_PERSONS = """
insert into vault.persons (tenant, person, master, wrapped)
select $1, gen_random_uuid(), $2, 'key' from generate_series(1, $3)
"""
_VALUES = """
insert into vault.sealed_values (tenant, person, event_id, field, value, sealing, commitment, log_size)
select tenant, person, gen_random_uuid(), field, 'sealed', 'box', sha256('value'), 0
from vault.persons, unnest('{name,contact}'::text[]) field where tenant = $1
"""


@pytest.fixture
async def vault(event_log: EventLog) -> Vault:
    """A vault beside the log."""
    return await open_test_vault(event_log.pool)


async def test_a_large_host_costs_no_more_than_a_small_one(vault: Vault, database: DatabaseUrls) -> None:
    """Given two hosts of which statistics know nothing, when some persons are read, then as many pages are read."""
    few, many = [await _pages(vault, await new_tenant(database), number) for number in (FEW, MANY)]
    assert many <= few + 4 * ASKED, "two taller trees at most"


async def test_the_newest_word_counts(vault: Vault, tenant: TenantId) -> None:
    """Given a person with two names, and one who is erased, then the newer name is read, and nothing of the other."""
    person, gone = PersonId(fresh_id()), PersonId(fresh_id())
    for name in ("Erika", "Erika Muster"):
        await vault.keep(tenant, person, EventId(fresh_id()), {"name": name})
    await vault.keep(tenant, gone, EventId(fresh_id()), {"name": "Nobody"})
    async with vault.transaction(tenant) as connection:
        await connection.execute("update vault.persons set leaving_at = now() where person = $1", gone)
    assert await vault.read(tenant, [person, gone, person]) == {person: {"name": "Erika Muster"}}


async def _pages(vault: Vault, tenant: TenantId, number: int) -> int:
    """How many pages are read for ten of a host's persons."""
    async with vault.transaction(tenant) as connection:
        await connection.execute(_PERSONS, tenant, vault.masters.current, number)
        await connection.execute(_VALUES, tenant)
        some = "select array(select person from vault.persons where tenant = $1 order by md5(person::text) limit $2)"
        asked = await connection.fetchval(some, tenant, ASKED)
        assert len(await connection.fetch(READ, tenant, asked)) == 2 * ASKED
        return await pages_read(connection, READ, tenant, asked)
