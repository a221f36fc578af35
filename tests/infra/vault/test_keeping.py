"""Keeping in one call: how often the database is asked, and what else may happen in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from domain.identity import EventId, PersonId, TenantId
from infra.clock import fresh_id
from infra.event_log.reader import open_pool
from infra.event_log.store import EventLog
from infra.vault.keeping import Offer, Value, keep
from infra.vault.leaving import Destruction, Leaving
from infra.vault.masters import KeySource, MasterKeys, write_keys
from infra.vault.opening import open_keys
from infra.vault.rotation import rotate
from infra.vault.sealing import fresh_key
from infra.vault.trouble import KeyInMotion, MasterKeyMissing, PersonLeaving
from infra.vault.vault import Vault
from tests.conftest import DatabaseUrls
from tests.vaults import between, keys_in, open_test_vault, wrap_anew


@pytest.fixture
async def rotating(own: asyncpg.Pool, event_log: EventLog, tmp_path: Path) -> Vault:
    """A vault whose master key stands in a file of ours."""
    return Vault(own, event_log.pool, await open_keys(own, KeySource(None, tmp_path / "vault", ours=True)))


async def _keep(vault: Vault, tenant: TenantId, person: PersonId, **values: str) -> None:
    await vault.keep(tenant, person, EventId(fresh_id()), values)


async def _rows(vault: Vault, tenant: TenantId, person: PersonId) -> tuple[int, int]:
    """How many keys and values of the person there are."""
    async with vault.transaction(tenant) as connection:
        return (
            await connection.fetchval("select count(wrapped) from vault.persons where person = $1", person),
            await connection.fetchval("select count(*) from vault.sealed_values where person = $1", person),
        )


async def _master(vault: Vault, tenant: TenantId, person: PersonId) -> str | None:
    """Which master key the person's key is under."""
    async with vault.transaction(tenant) as connection:
        id_: str | None = await connection.fetchval("select master from vault.persons where person = $1", person)
        return id_


async def _waits(pool: asyncpg.Pool) -> None:
    """Returns when some session of the database waits for what another one has locked."""
    async with asyncio.timeout(20):
        waiting = False
        while not waiting:
            waiting = await pool.fetchval("select exists (select from pg_locks where not granted)")
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _kept_so_far(vault: Vault, tenant: TenantId, person: PersonId) -> AsyncIterator[None]:
    """While it lasts, another process has kept a name and not committed it yet."""
    name = Value("name", "Erika", b"s" * 32, b"c" * 32)
    async with vault.pool.acquire() as connection, connection.transaction():
        await keep(connection, vault.masters, Offer(tenant, person, EventId(fresh_id()), 0, (name,)))
        yield


async def test_somebody_new_takes_one_question_and_somebody_known_two(
    vault: Vault, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a connection that has kept before, when values are kept, then each question is a call that stands alone."""
    pool, asked = await open_pool(database.runtime, 1), list[str]()
    await _keep(Vault(pool, pool, vault.masters), tenant, PersonId(fresh_id()), name="Max")
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda told: asked.append(told.query.partition("from ")[2].partition("(")[0]))
    counted, person = Vault(pool, pool, vault.masters), PersonId(fresh_id())
    await _keep(counted, tenant, person, name="Erika", contact="0201 1")
    assert asked == ["vault.keep"]
    asked.clear()
    await _keep(counted, tenant, person, contact="0201 2")
    assert asked == ["vault.keep", "vault.keep"]
    await pool.close()
    assert await _rows(vault, tenant, person) == (1, 3)
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika", "contact": "0201 2"}}


async def test_two_processes_name_somebody_new_at_once(vault: Vault, database: DatabaseUrls, tenant: TenantId) -> None:
    """Given two processes, when both keep of the same new persons, then each person has one key, and all is read."""
    pool = await open_pool(database.runtime, 4)
    other, persons = await open_test_vault(pool), [PersonId(fresh_id()) for _ in range(20)]
    await asyncio.gather(
        *(_keep(vault, tenant, person, name="Erika") for person in persons),
        *(_keep(other, tenant, person, contact="0201 1") for person in persons),
    )
    await pool.close()
    assert [await _rows(vault, tenant, person) for person in persons] == [(1, 2)] * 20
    whole = {"name": "Erika", "contact": "0201 1"}
    assert await vault.read(tenant, persons) == dict.fromkeys(persons, whole)


async def test_who_comes_second_waits_and_takes_the_key_that_is_there(vault: Vault, tenant: TenantId) -> None:
    """Given a process that hasn't committed a new person yet, when another keeps, then it waits and uses that key."""
    person = PersonId(fresh_id())
    second, calls = between(vault, lambda: asyncio.sleep(0))
    async with _kept_so_far(vault, tenant, person):
        keeping = asyncio.create_task(_keep(second, tenant, person, contact="0201 1"))
        await _waits(vault.pool)
        assert not keeping.done()
    await keeping
    assert calls.answers == ["other", "kept"]
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika", "contact": "0201 1"}}


async def test_of_somebody_who_leaves_between_the_calls_nothing_is_kept(vault: Vault, tenant: TenantId) -> None:
    """Given somebody known, when they are sealed off while values are sealed for them, then keeping is refused."""
    person, event = PersonId(fresh_id()), EventId(fresh_id())
    await _keep(vault, tenant, person, name="Erika")
    overtaken, calls = between(vault, lambda: Leaving(vault).begin(tenant, event, Destruction.of_person(person)))
    with pytest.raises(PersonLeaving):
        await _keep(overtaken, tenant, person, contact="0201 1")
    assert calls.answers == ["other", "leaving"]
    assert await _rows(vault, tenant, person) == (1, 1)


async def test_of_somebody_new_who_is_to_be_erased_nothing_is_kept(vault: Vault, tenant: TenantId) -> None:
    """Given a pseudonym that is about to be erased, when something is to be kept of it, then no key is made either."""
    person, event = PersonId(fresh_id()), EventId(fresh_id())
    await Leaving(vault).begin(tenant, event, Destruction.of_person(person))
    with pytest.raises(PersonLeaving):
        await _keep(vault, tenant, person, name="Erika")
    assert await _rows(vault, tenant, person) == (0, 0)


async def test_an_erasure_waits_for_what_is_being_kept(vault: Vault, tenant: TenantId) -> None:
    """Given a value that isn't committed yet, when its person is erased, then the erasure waits and destroys it."""
    person, event = PersonId(fresh_id()), EventId(fresh_id())
    await _keep(vault, tenant, person, contact="0201 1")

    async def erase() -> None:
        await Leaving(vault).begin(tenant, event, Destruction.of_person(person))
        await Leaving(vault).finish(tenant, event, Destruction.of_person(person))

    async with _kept_so_far(vault, tenant, person):
        erasing = asyncio.create_task(erase())
        await _waits(vault.pool)
        assert not erasing.done()
    await erasing
    assert await _rows(vault, tenant, person) == (0, 0)


async def test_a_rotation_waits_for_somebody_new_and_wraps_their_key_too(rotating: Vault, tenant: TenantId) -> None:
    """Given a new person who isn't committed yet, when the master key is replaced, then their key isn't missed."""
    person = PersonId(fresh_id())
    other = Vault(rotating.pool, rotating.log_pool, keys_in(rotating.masters.source.file))
    async with _kept_so_far(rotating, tenant, person):
        rotation = asyncio.create_task(rotate(other, [tenant]))
        await _waits(rotating.pool)
        assert not rotation.done()
    assert (await rotation).rewrapped == 1
    assert await _master(rotating, tenant, person) == other.masters.current
    assert await rotating.read(tenant, [person]) == {person: {"name": "Erika"}}


async def test_a_master_key_that_was_closed_wraps_nobody_new(rotating: Vault, tenant: TenantId) -> None:
    """Given a service on an old key, when somebody new comes after a rotation, then it reads its source, and asks."""
    person = PersonId(fresh_id())
    done = await rotate(Vault(rotating.pool, rotating.log_pool, keys_in(rotating.masters.source.file)), [tenant])
    running, calls = between(rotating, lambda: asyncio.sleep(0))
    await _keep(running, tenant, person, name="Erika")
    assert calls.answers == ["closed", "kept"]
    assert await _master(rotating, tenant, person) == done.current
    assert await rotating.read(tenant, [person]) == {person: {"name": "Erika"}}


async def test_somebody_new_waits_for_a_master_key_that_is_being_closed(rotating: Vault, tenant: TenantId) -> None:
    """Given a closing that isn't committed yet, when somebody new comes, then the old key doesn't slip past it."""
    person = PersonId(fresh_id())
    async with rotating.pool.acquire() as connection, connection.transaction():
        await connection.execute("update vault.masters set closed_at = clock_timestamp()")
        keeping = asyncio.create_task(_keep(rotating, tenant, person, name="Erika"))
        await _waits(rotating.pool)
        assert not keeping.done()
    with pytest.raises(MasterKeyMissing, match="replaced by another"):
        await keeping
    assert await _rows(rotating, tenant, person) == (0, 0)


async def test_without_the_new_master_key_nobody_new_is_kept(rotating: Vault, tenant: TenantId) -> None:
    """Given a source that doesn't hold the new key, when somebody new comes, then it says so and nothing is there."""
    file, person = rotating.masters.source.file, PersonId(fresh_id())
    before = file.read_text()
    await rotate(Vault(rotating.pool, rotating.log_pool, keys_in(file)), [tenant])
    file.write_text(before)
    running, calls = between(rotating, lambda: asyncio.sleep(0))
    with pytest.raises(MasterKeyMissing, match="replaced by another"):
        await _keep(running, tenant, person, name="Erika")
    assert calls.answers == ["closed", "closed"]
    assert await _rows(rotating, tenant, person) == (0, 0)


async def test_a_key_that_is_wrapped_anew_between_the_calls_is_asked_for_again(
    rotating: Vault, tenant: TenantId
) -> None:
    """Given somebody known, when a rotation comes between the calls, then the value is kept under the key as it is."""
    person, file = PersonId(fresh_id()), rotating.masters.source.file
    await _keep(rotating, tenant, person, name="Erika")
    other = Vault(rotating.pool, rotating.log_pool, keys_in(file))
    overtaken, calls = between(rotating, lambda: rotate(other, [tenant]))
    await _keep(overtaken, tenant, person, contact="0201 1")
    assert calls.answers == ["other", "other", "kept"]
    assert await _master(rotating, tenant, person) == other.masters.current
    assert await rotating.read(tenant, [person]) == {person: {"name": "Erika", "contact": "0201 1"}}


async def test_a_master_key_that_is_let_go_of_before_the_answer_is_read_is_no_error(
    rotating: Vault, tenant: TenantId
) -> None:
    """Given an answer under the old master key, when only the new one is at hand by then, then it is asked again."""
    person, file = PersonId(fresh_id()), rotating.masters.source.file
    await _keep(rotating, tenant, person, name="Erika")

    async def rotate_and_read() -> None:
        await rotate(Vault(rotating.pool, rotating.log_pool, keys_in(file)), [tenant])
        rotating.masters.read()

    overtaken, calls = between(rotating, rotate_and_read)
    await _keep(overtaken, tenant, person, contact="0201 1")
    assert calls.answers == ["other", "other", "kept"]
    assert await rotating.read(tenant, [person]) == {person: {"name": "Erika", "contact": "0201 1"}}


async def test_a_master_key_that_isnt_at_hand_is_named(own: asyncpg.Pool, rotating: Vault, tenant: TenantId) -> None:
    """Given a process that holds another key alone, when somebody known gets a value, then it says which is needed."""
    person, needed = PersonId(fresh_id()), rotating.masters.current
    await _keep(rotating, tenant, person, name="Erika")
    file = rotating.masters.source.file.with_name("another")
    write_keys(file, [fresh_key()])
    stranger = Vault(own, rotating.log_pool, MasterKeys(KeySource(None, file, ours=False)))
    with pytest.raises(MasterKeyMissing, match=f"under master key {needed}, which"):
        await _keep(stranger, tenant, person, contact="0201 1")
    assert await _rows(rotating, tenant, person) == (1, 1)


async def test_a_key_that_never_rests_is_given_up_on(vault: Vault, tenant: TenantId) -> None:
    """Given a key that is wrapped anew before every call, when a value is to be kept, then it ends, keeping nothing."""
    person = PersonId(fresh_id())
    await _keep(vault, tenant, person, name="Erika")
    overtaken, calls = between(vault, lambda: wrap_anew(vault, tenant, person), times=100)
    with pytest.raises(KeyInMotion):
        await _keep(overtaken, tenant, person, contact="0201 1")
    assert calls.answers == ["other"] * 6
    assert await _rows(vault, tenant, person) == (1, 1)


async def test_what_cant_be_kept_leaves_nobody_behind(vault: Vault, tenant: TenantId) -> None:
    """Given two values, one of a name that no field has, when they are kept, then neither stands there, nor a key."""
    person = PersonId(fresh_id())
    with pytest.raises(asyncpg.CheckViolationError):
        await vault.keep(tenant, person, EventId(fresh_id()), {"name": "Erika", "no field": "0201 1"})
    assert await _rows(vault, tenant, person) == (0, 0)


@pytest.mark.parametrize(
    "call",
    [
        "vault.keep(text, uuid, uuid, bigint, text, bytea, text, text[], bytea[], bytea[])",
        "vault.read(text, uuid[])",
    ],
)
async def test_nobody_keeps_or_reads_whom_nobody_allowed_to(vault: Vault, call: str) -> None:
    """Given a function, when its rights are read, then it has its caller's, and the runtime alone may call it."""
    told = await vault.pool.fetchrow(
        "select has_function_privilege('handschlag_runtime', $1, 'execute') as runtime,"
        " has_function_privilege('handschlag_follower', $1, 'execute') as follower,"
        " prosecdef as as_owner, proconfig as settings from pg_proc where oid = $1::regprocedure",
        call,
    )
    assert (told["runtime"], told["follower"], told["as_owner"]) == (True, False, False)
    assert "search_path=pg_catalog, pg_temp" in told["settings"]
