"""Personal values beside the log: kept under salted commitments, read per tenant, forgotten when nothing came of it."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain.identity import EventId, PersonId, TenantId
from domain.transparency.commitment import commitment, opens
from infra.clock import fresh_id
from infra.event_log.outcomes import Appended
from infra.event_log.store import EventLog
from infra.vault.keys import keys_to_read
from infra.vault.opening import seal_plain
from infra.vault.trouble import VaultDamaged
from infra.vault.vault import Vault, opened
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.vault.entries import naming


async def _row(vault: Vault, tenant: TenantId, person: PersonId) -> asyncpg.Record:
    async with vault.transaction(tenant) as connection:
        return await connection.fetchrow("select * from vault.sealed_values where person = $1", person)


async def _salt(vault: Vault, tenant: TenantId, person: PersonId) -> bytes:
    async with vault.transaction(tenant) as connection:
        keys = await keys_to_read(connection, vault.masters, tenant, [person])
    return opened(tenant, await _row(vault, tenant, person), keys[person])[0]


async def test_a_kept_value_opens_its_commitment(vault: Vault, tenant: TenantId) -> None:
    """The commitment is opened by the value and the salt that the vault keeps, and by nothing else."""
    person = PersonId(fresh_id())
    sealed = await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika Mustermann"})
    salt = await _salt(vault, tenant, person)
    assert opens(sealed["name"], salt, "Erika Mustermann", "name")
    assert not opens(sealed["name"], salt, "Max Mustermann", "name")
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika Mustermann"}}


async def test_equal_values_have_unlike_commitments(vault: Vault, tenant: TenantId) -> None:
    """A salt for each value: who shares a name can't be told from the log."""
    one = await vault.keep(tenant, PersonId(fresh_id()), EventId(fresh_id()), {"name": "Erika"})
    other = await vault.keep(tenant, PersonId(fresh_id()), EventId(fresh_id()), {"name": "Erika"})
    assert one != other


async def test_the_newest_value_is_read(vault: Vault, tenant: TenantId) -> None:
    """A later value of a field takes the place of the earlier one at reading."""
    person = PersonId(fresh_id())
    await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika M.", "contact": "0201 1"})
    await vault.keep(tenant, person, EventId(fresh_id()), {"contact": "0201 2"})
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika M.", "contact": "0201 2"}}


async def test_another_tenants_values_dont_exist(vault: Vault, tenant: TenantId, database: DatabaseUrls) -> None:
    """A pseudonym of one host resolves to nothing at another."""
    person = PersonId(fresh_id())
    await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika"})
    assert await vault.read(await new_tenant(database), [person]) == {}


async def test_a_refused_event_leaves_no_value(vault: Vault, tenant: TenantId) -> None:
    """What was kept for an event that wasn't recorded is forgotten."""
    person, event = PersonId(fresh_id()), EventId(fresh_id())
    await vault.keep(tenant, person, event, {"name": "Erika"})
    await vault.forget(tenant, event)
    assert await vault.read(tenant, [person]) == {}


async def test_a_sweep_drops_only_what_no_event_names(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """A crash between vault and log leaves a value; the sweep drops it, and keeps what the log commits to."""
    lost, named, event = PersonId(fresh_id()), PersonId(fresh_id()), EventId(fresh_id())
    await vault.keep(tenant, lost, EventId(fresh_id()), {"name": "Niemand"})
    sealed = await vault.keep(tenant, named, event, {"name": "Erika"})
    outcome = await event_log.append(naming(tenant, event, named, sealed))
    assert isinstance(outcome, Appended)
    assert await vault.sweep(tenant, timedelta(hours=1)) == 0
    assert await vault.sweep(tenant, timedelta(0)) == 1
    assert await vault.sweep(tenant, timedelta(0)) == 0
    assert await vault.read(tenant, [lost, named]) == {named: {"name": "Erika"}}


async def test_neither_value_nor_salt_stands_in_the_table(vault: Vault, tenant: TenantId) -> None:
    """Given a kept value, when its row is read past us, then it holds a box that only its person's key opens."""
    person = PersonId(fresh_id())
    await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika Mustermann"})
    row = await _row(vault, tenant, person)
    assert row["salt"] is None
    assert row["sealing"] == "aes-256-gcm.v1"
    assert b"Erika" not in row["value"]
    assert await _salt(vault, tenant, person) not in row["value"]


async def test_what_was_kept_before_there_were_keys_is_sealed_in_place(vault: Vault, tenant: TenantId) -> None:
    """Given plain rows, when the vault is opened (twice, at once), then they are sealed once and read as before."""
    person, salt = PersonId(fresh_id()), b"s" * 32
    async with vault.transaction(tenant) as connection:
        for field, value in (("name", "Erika"), ("contact", "0201 1")):
            await connection.execute(
                "insert into vault.sealed_values"
                " (tenant, person, event_id, field, salt, value, sealing, commitment, log_size)"
                " values ($1, $2, $3, $4, $5, $6, 'plain', $7, 0)",
                tenant, person, fresh_id(), field, salt, value.encode(), bytes.fromhex(commitment(salt, value, field)),
            )  # fmt: skip
    assert sum(await asyncio.gather(seal_plain(vault, tenant), seal_plain(vault, tenant))) == 2
    assert await seal_plain(vault, tenant) == 0
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika", "contact": "0201 1"}}
    assert await _salt(vault, tenant, person) == salt


MOVED = """
update vault.sealed_values v set value = other.value from vault.sealed_values other
where v.person = $1 and other.person <> $1
"""


@pytest.mark.parametrize(
    "change",
    [
        "update vault.sealed_values set value = set_byte(value, 20, get_byte(value, 20) # 1) where person = $1",
        "update vault.sealed_values set value = substring(value, 1, 10) where person = $1",
        MOVED,
        "update vault.persons set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where person = $1",
        "update vault.persons set wrapped = (select wrapped from vault.persons where person <> $1) where person = $1",
    ],
)
async def test_what_was_changed_or_moved_doesnt_open(vault: Vault, tenant: TenantId, change: str) -> None:
    """Given two persons, when a box or wrapped key is changed, or taken from the other, then it isn't read."""
    erika, max_ = PersonId(fresh_id()), PersonId(fresh_id())
    await vault.keep(tenant, erika, EventId(fresh_id()), {"name": "Erika"})
    await vault.keep(tenant, max_, EventId(fresh_id()), {"name": "Max"})
    async with vault.transaction(tenant) as connection:
        assert await connection.execute(change, erika) == "UPDATE 1"
    with pytest.raises(VaultDamaged):
        await vault.read(tenant, [erika])
    assert await vault.read(tenant, [max_]) == {max_: {"name": "Max"}}
