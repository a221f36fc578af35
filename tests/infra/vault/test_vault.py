"""Personal values beside the log: kept under salted commitments, read per tenant, forgotten when nothing came of it."""

from datetime import timedelta

import pytest

from domain.envelope import Actor, Envelope
from domain.identity import EventId, PersonId, StreamId, TenantId
from domain.instant import instant
from domain.organisation.events import RepresentativeNamed
from domain.transparency.commitment import opens
from infra.clock import fresh_id, now
from infra.event_log.outcomes import Append, Appended
from infra.event_log.store import EventLog
from infra.vault.vault import Vault
from tests.conftest import DatabaseUrls, new_tenant


@pytest.fixture
def vault(event_log: EventLog) -> Vault:
    """A vault over the session's log."""
    return Vault(event_log.pool)


async def _salt(event_log: EventLog, tenant: TenantId, person: str) -> bytes:
    async with event_log.pool.acquire() as connection, connection.transaction():
        await connection.execute("select set_config('app.tenant', $1, true)", tenant)
        salt: bytes = await connection.fetchval("select salt from vault.sealed_values where person = $1", person)
        return salt


async def test_a_kept_value_opens_its_commitment(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """The commitment is opened by the value and the salt that the vault keeps, and by nothing else."""
    person = PersonId(fresh_id())
    sealed = await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika Mustermann"})
    salt = await _salt(event_log, tenant, person)
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
    outcome = await event_log.append(_event(tenant, event, named, sealed))
    assert isinstance(outcome, Appended)
    assert await vault.sweep(tenant, timedelta(hours=1)) == 0
    assert await vault.sweep(tenant, timedelta(0)) == 1
    assert await vault.sweep(tenant, timedelta(0)) == 0
    assert await vault.read(tenant, [lost, named]) == {named: {"name": "Erika"}}


def _event(tenant: TenantId, event: EventId, person: PersonId, sealed: dict[str, str]) -> Append:
    stream = StreamId(fresh_id())
    entry = Envelope(
        origin=f"handschlag/{tenant}",
        id=event,
        stream=stream,
        version=1,
        type="organisation.representative_named.v1",
        time=instant(now()),
        actor=Actor(id=fresh_id(), role="clerk"),
        cause=None,
        correlation=None,
        rehearsal=False,
        data=RepresentativeNamed(person=person),
        sealed=sealed,
    )
    return Append(tenant=tenant, expected={stream: 0}, guards={}, entries=[entry])
