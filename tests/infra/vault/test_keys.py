"""Master keys: made at the first start, known for what they are, replaced while the service goes on."""

import base64
import stat
from pathlib import Path

import asyncpg
import pytest

from domain.identity import EventId, PersonId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.vault import rotation
from infra.vault.masters import KeySource, MasterKeys, id_of, write_keys
from infra.vault.opening import close_vault, open_keys, open_own
from infra.vault.rotation import rotate
from infra.vault.sealing import fresh_key
from infra.vault.trouble import KeysNotOurs, MasterKeyMissing, MasterKeyUnusable
from infra.vault.vault import Vault
from tests.vaults import keys_in


def _given(*keys: bytes) -> KeySource:
    return KeySource(",".join(base64.b64encode(key).decode() for key in keys), Path(), ours=False)


async def _keep(vault: Vault, tenant: TenantId, name: str) -> PersonId:
    person = PersonId(fresh_id())
    await vault.keep(tenant, person, EventId(fresh_id()), {"name": name})
    return person


async def _masters(vault: Vault, tenant: TenantId) -> set[str]:
    async with vault.transaction(tenant) as connection:
        return {row[0] for row in await connection.fetch("select distinct master from vault.persons")}


async def test_the_first_start_makes_a_key_that_only_its_owner_reads(own: asyncpg.Pool, tmp_path: Path) -> None:
    """Given a fresh home, when the vault is opened twice, then one key was made, in a file of mode 0600."""
    file = tmp_path / "keys" / "vault"
    first = await open_keys(own, KeySource(None, file, ours=True))
    again = await open_keys(own, KeySource(None, file, ours=True))
    assert first.ids == again.ids
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_wrong_master_key_is_told_at_the_start(own: asyncpg.Pool, tmp_path: Path) -> None:
    """Given values under one key, when another one or none is given, then the start says which key is needed."""
    right = fresh_key()
    await open_keys(own, _given(right))
    with pytest.raises(MasterKeyMissing, match=f"under master key {id_of(right)}, which HANDSCHLAG_VAULT_KEY"):
        await open_keys(own, _given(fresh_key()))
    with pytest.raises(MasterKeyMissing, match=f"under master key {id_of(right)}, and there is none at .*backup"):
        await open_keys(own, KeySource(None, tmp_path / "keys", ours=True))
    assert not (tmp_path / "keys").exists()


async def test_an_operators_key_is_never_made(own: asyncpg.Pool, tmp_path: Path) -> None:
    """Given the name of a file that isn't there, when the vault is opened, then nothing is made in its place."""
    with pytest.raises(MasterKeyMissing, match="there is no master key at"):
        await open_keys(own, KeySource(None, tmp_path / "theirs", ours=False))
    assert not (tmp_path / "theirs").exists()


@pytest.mark.parametrize("told", ["", "# nothing", "Erika", base64.b64encode(b"too short").decode()])
def test_what_is_no_key_is_refused(told: str) -> None:
    """Given a text without a key of 32 bytes, when read, then it says what a key looks like, and not what it found."""
    with pytest.raises((MasterKeyUnusable, MasterKeyMissing)) as refused:
        MasterKeys(KeySource(told, Path(), ours=False))
    assert "Erika" not in str(refused.value)


async def test_a_rotation_leaves_everything_readable_and_the_old_key_useless(
    own: asyncpg.Pool, event_log: EventLog, tenant: TenantId, tmp_path: Path
) -> None:
    """Given a service that runs on the old key, when it is rotated, then it reads and keeps under the new one."""
    file = tmp_path / "vault"
    running = Vault(own, event_log.pool, await open_keys(own, KeySource(None, file, ours=True)))
    old = running.masters.current
    before = await _keep(running, tenant, "Erika")
    done = await rotate(Vault(own, event_log.pool, keys_in(file)), [tenant])
    assert (done.rewrapped, done.retired) == (1, (old,))
    assert running.masters.current == old
    after = await _keep(running, tenant, "Max")
    assert await running.read(tenant, [before, after]) == {before: {"name": "Erika"}, after: {"name": "Max"}}
    assert await _masters(running, tenant) == {done.current}
    assert keys_in(file).ids == (done.current,)


async def test_a_rotation_that_was_cut_short_goes_on(
    own: asyncpg.Pool, event_log: EventLog, tenant: TenantId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a rotation stopped between two batches, when asked again, then it ends with the key it began with."""
    file = tmp_path / "vault"
    vault = Vault(own, event_log.pool, await open_keys(own, KeySource(None, file, ours=True)))
    persons = [await _keep(vault, tenant, f"Nr. {number}") for number in range(5)]
    monkeypatch.setattr(rotation, "_BATCH", 2)
    whole = MasterKeys.__getitem__
    asked = 0

    def power_cut(self: MasterKeys, id_: str) -> bytes:
        nonlocal asked
        asked += 1
        if asked > 5:
            raise ConnectionResetError
        return whole(self, id_)

    monkeypatch.setattr(MasterKeys, "__getitem__", power_cut)
    with pytest.raises(ConnectionResetError):
        await rotate(vault, [tenant])
    monkeypatch.setattr(MasterKeys, "__getitem__", whole)
    begun = keys_in(file)
    assert len(begun.ids) == 2
    assert await _masters(vault, tenant) == set(begun.ids)
    reopened = Vault(own, event_log.pool, await open_keys(own, KeySource(None, file, ours=True)))
    assert len(await reopened.read(tenant, persons)) == 5
    assert (await rotate(reopened, [tenant])).current == begun.current
    assert await _masters(vault, tenant) == {begun.current}
    assert len(await vault.read(tenant, persons)) == 5


async def test_an_operators_keys_are_rotated_by_the_operator(
    own: asyncpg.Pool, event_log: EventLog, tenant: TenantId
) -> None:
    """Given keys in the environment, when the new one stands first, then a rotation makes the old one superfluous."""
    old, new = fresh_key(), fresh_key()
    vault = Vault(own, event_log.pool, await open_keys(own, _given(old)))
    person = await _keep(vault, tenant, "Erika")
    with pytest.raises(KeysNotOurs, match="put a new one"):
        await rotate(vault, [tenant])
    both = Vault(own, event_log.pool, await open_keys(own, _given(new, old)))
    assert (await rotate(both, [tenant])).retired == (id_of(old),)
    alone = Vault(own, event_log.pool, await open_keys(own, _given(new)))
    assert await alone.read(tenant, [person]) == {person: {"name": "Erika"}}
    with pytest.raises(MasterKeyMissing, match="replaced"):
        await open_keys(own, _given(old, new))
    with pytest.raises(MasterKeyMissing, match="replaced by another"):
        await _keep(vault, tenant, "Max")


async def test_a_vault_of_its_own_is_made_like_the_one_beside_the_log(
    own: asyncpg.Pool, event_log: EventLog, own_url: str
) -> None:
    """Given both, when columns, rules and function are compared, then they are the same; made again, they stay."""
    await (await open_own(own_url)).close()
    columns = """
      select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
      where table_schema = 'vault' order by table_name, column_name
    """
    rules = """
      select conrelid::regclass::text as of, pg_get_constraintdef(oid) as rule from pg_constraint
      where connamespace = 'vault'::regnamespace and contype <> 'n' order by 1, 2
    """
    keeping = """
      select oid::regprocedure::text as call, pg_get_functiondef(oid) as sql from pg_proc
      where pronamespace = 'vault'::regnamespace and prokind = 'f' and prorettype <> 'trigger'::regtype
    """
    for query in (columns, rules, keeping):
        assert [dict(row) for row in await own.fetch(query)] == [dict(row) for row in await event_log.pool.fetch(query)]


async def test_the_vault_opens_in_its_own_database(
    event_log: EventLog, tenant: TenantId, own_url: str, tmp_path: Path
) -> None:
    """Given the setting, when a value is kept, then nothing of it stands beside the log."""
    file = tmp_path / "key"
    write_keys(file, [fresh_key()])
    own = await open_own(own_url)
    vault = Vault(own, event_log.pool, await open_keys(own, KeySource(None, file, ours=False)))
    person = await _keep(vault, tenant, "Erika")
    async with event_log.pool.acquire() as connection, connection.transaction():
        await connection.execute("select set_config('app.tenant', $1, true)", tenant)
        assert await connection.fetchval("select count(*) from vault.sealed_values") == 0
        assert await connection.fetchval("select count(*) from vault.persons") == 0
    assert await vault.read(tenant, [person]) == {person: {"name": "Erika"}}
    await close_vault(vault)
