"""Erasing, cut short at every point: nothing is destroyed without a record, and behind a record nothing is read."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain.identity import EventId, PersonId, TenantId
from domain.instant import moment
from infra.clock import fresh_id
from infra.event_log.mapper import entry_bytes
from infra.event_log.outcomes import Appended
from infra.event_log.store import EventLog
from infra.event_log.wire import Command, Row, append_once
from infra.vault.leaving import Destruction, Leaving
from infra.vault.trouble import PersonLeaving
from infra.vault.vault import Vault
from tests.conftest import DatabaseUrls
from tests.infra.vault.entries import naming

AT_ONCE = timedelta(0)


async def _kept(vault: Vault, log: EventLog, tenant: TenantId, person: PersonId, **values: str) -> EventId:
    """Values of a person, with the record that commits to them."""
    event = EventId(fresh_id())
    sealed = await vault.keep(tenant, person, event, values)
    assert isinstance(await log.append(naming(tenant, event, person, sealed)), Appended)
    return event


async def _recorded(log: EventLog, tenant: TenantId, event: EventId, person: PersonId) -> None:
    assert isinstance(await log.append(naming(tenant, event, person, {})), Appended)


async def _rows(vault: Vault, tenant: TenantId, person: PersonId) -> tuple[int, int, int]:
    """How many values, keys and notes of what is to be destroyed there are."""
    async with vault.transaction(tenant) as connection:
        return (
            await connection.fetchval("select count(*) from vault.sealed_values where person = $1", person),
            await connection.fetchval("select count(wrapped) from vault.persons where person = $1", person),
            await connection.fetchval("select count(*) from vault.pending where person = $1", person),
        )


async def test_what_is_finished_is_gone(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """Given a person, when the erasure is recorded and finished, twice, then values and key are gone for good."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erika", contact="0201 1")
    await leaving.begin(tenant, event, Destruction.of_person(person))
    await _recorded(event_log, tenant, event, person)
    await leaving.finish(tenant, event, Destruction.of_person(person))
    await leaving.finish(tenant, event, Destruction.of_person(person))
    assert await _rows(vault, tenant, person) == (0, 0, 0)
    assert await vault.erased(tenant, [person]) == {person}
    with pytest.raises(PersonLeaving):
        await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika"})
    assert await vault.knows(tenant, person)


async def test_a_crash_before_the_record_takes_nothing(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """Given an erasure that never came to be recorded, when it is settled, then the person is there as before."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erika")
    await leaving.begin(tenant, event, Destruction.of_person(person))
    assert await vault.read(tenant, [person]) == {}
    assert await leaving.settle(tenant) == 0
    assert (await _rows(vault, tenant, person))[2] == 1, "it may still be on its way"
    assert await leaving.settle(tenant, AT_ONCE) == 0
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika"}}
    assert await vault.erased(tenant, [person]) == set()


async def test_a_crash_behind_the_record_leaves_nothing_to_read(
    vault: Vault, event_log: EventLog, tenant: TenantId
) -> None:
    """Given an erasure that is recorded and wasn't finished, when anybody reads, then nothing; settled, it is gone."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    named = await _kept(vault, event_log, tenant, person, name="Erika")
    await leaving.begin(tenant, event, Destruction.of_person(person))
    await _recorded(event_log, tenant, event, person)
    assert await vault.read(tenant, [person]) == {}
    assert await vault.of_events(tenant, [named], "name") == {}
    assert await vault.held(tenant, person) == []
    with pytest.raises(PersonLeaving):
        await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika"})
    assert await asyncio.gather(*(leaving.settle(tenant) for _ in range(3)))
    assert await _rows(vault, tenant, person) == (0, 0, 0)


async def test_a_refused_erasure_takes_nothing(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """Given two erasures under way, when one is refused, then the other still holds; refused both, nothing happened."""
    leaving, person = Leaving(vault), PersonId(fresh_id())
    one, other = EventId(fresh_id()), EventId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erika")
    for event in (one, other):
        await leaving.begin(tenant, event, Destruction.of_person(person))
    await leaving.cancel(tenant, one)
    assert await vault.read(tenant, [person]) == {}
    await leaving.cancel(tenant, other)
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika"}}


async def test_somebody_without_values_is_erased_too(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """Given a pseudonym with nothing under it, when erased or nearly so, then nothing can be kept, or it can again."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    await leaving.begin(tenant, event, Destruction.of_person(person))
    await leaving.cancel(tenant, event)
    assert not await vault.knows(tenant, person)
    await leaving.begin(tenant, event, Destruction.of_person(person))
    await _recorded(event_log, tenant, event, person)
    await leaving.settle(tenant)
    with pytest.raises(PersonLeaving):
        await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika"})


async def test_what_is_kept_meanwhile_is_either_erased_or_refused(
    vault: Vault, event_log: EventLog, tenant: TenantId
) -> None:
    """Given keeping and erasing at the same time, when both are over, then nothing of the person is left."""
    leaving = Leaving(vault)
    for _ in range(10):
        person, event = PersonId(fresh_id()), EventId(fresh_id())
        await _kept(vault, event_log, tenant, person, name="Erika")

        async def erase(person: PersonId = person, event: EventId = event) -> None:
            await leaving.begin(tenant, event, Destruction.of_person(person))
            await leaving.finish(tenant, event, Destruction.of_person(person))

        keeping = (vault.keep(tenant, person, EventId(fresh_id()), {"contact": f"{number}"}) for number in range(4))
        await asyncio.gather(erase(), *keeping, return_exceptions=True)
        assert (await _rows(vault, tenant, person))[:2] == (0, 0)


async def test_a_correction_destroys_what_was_there_before_alone(
    vault: Vault, event_log: EventLog, tenant: TenantId
) -> None:
    """Given two corrections whose clearing up was cut short, when settled, then the last value is held, and alone."""
    leaving, person = Leaving(vault), PersonId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erkia", contact="0201 1")
    for name in ("Ericka", "Erika"):
        event = EventId(fresh_id())
        sealed = await vault.keep(tenant, person, event, {"name": name})
        await leaving.begin(tenant, event, Destruction.of_replaced(person, "name"))
        assert isinstance(await event_log.append(naming(tenant, event, person, sealed)), Appended)
    await leaving.settle(tenant)
    assert [(one.field, one.value) for one in await vault.held(tenant, person)] == [
        ("contact", "0201 1"),
        ("name", "Erika"),
    ]


async def test_a_correction_that_never_came_changes_nothing(
    vault: Vault, event_log: EventLog, tenant: TenantId
) -> None:
    """Given a correction that was cut short before its record, when settled, then the old value is the one held."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erika")
    await vault.keep(tenant, person, event, {"name": "Erkia"})
    await leaving.begin(tenant, event, Destruction.of_replaced(person, "name"))
    await leaving.settle(tenant, AT_ONCE)
    assert [one.value for one in await vault.held(tenant, person)] == ["Erika"]


async def test_a_correction_whose_commit_takes_long_is_waited_for(
    vault: Vault, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a correction in the log that isn't committed yet, when settled, then that is waited for; nothing's lost."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erkia")
    sealed = await vault.keep(tenant, person, event, {"name": "Erika"})
    await leaving.begin(tenant, event, Destruction.of_replaced(person, "name"))
    (entry,) = naming(tenant, event, person, sealed).entries
    row = Row(entry.stream, 1, entry.type, moment(entry.time), entry.rehearsal, entry_bytes(entry))
    writer = await asyncpg.connect(database.runtime)
    async with writer.transaction():
        assert isinstance(await append_once(writer, Command(tenant, None, b"", [], [row])), Appended)
        settling = asyncio.create_task(leaving.settle(tenant, AT_ONCE))
        await asyncio.wait({settling}, timeout=0.5)
        assert not settling.done()
    await writer.close()
    assert await settling == 1
    assert [one.value for one in await vault.held(tenant, person)] == ["Erika"]


async def test_a_note_is_destroyed_alone(vault: Vault, event_log: EventLog, tenant: TenantId) -> None:
    """Given an author's name and two notes, when one note is erased, then the others stay."""
    leaving, person, event = Leaving(vault), PersonId(fresh_id()), EventId(fresh_id())
    await _kept(vault, event_log, tenant, person, name="Erika")
    gone = await _kept(vault, event_log, tenant, person, note="über Max")
    await _kept(vault, event_log, tenant, person, note="über das Wetter")
    await leaving.begin(tenant, event, Destruction.of_note(person, gone))
    await _recorded(event_log, tenant, event, person)
    await leaving.settle(tenant)
    assert [one.value for one in await vault.held(tenant, person)] == ["Erika", "über das Wetter"]
