"""Keys under the master keys: one a person, and a host's own. All within a transaction that has named its tenant."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from domain.identity import PersonId, TenantId
from infra.vault.masters import MasterKeys
from infra.vault.sealing import fresh_key, place_of_person, place_of_tenant, unwrap, wrap
from infra.vault.trouble import MasterKeyMissing, PersonLeaving

_OPEN_MASTER = "select id from vault.masters where id = any($1) and closed_at is null for share"

_PERSON = "select master, wrapped, leaving_at from vault.persons where tenant = $1 and person = $2 for share"

_NEW_PERSON = """
insert into vault.persons (tenant, person, master, wrapped) values ($1, $2, $3, $4) on conflict do nothing
"""

_PERSONS = """
select person, master, wrapped from vault.persons
where tenant = $1 and person = any($2::uuid[]) and leaving_at is null and wrapped is not null
"""

_TENANT = "select master, wrapped from vault.tenant_keys where tenant = $1 and purpose = $2 and period = $3"

_NEW_TENANT = """
insert into vault.tenant_keys (tenant, purpose, period, master, wrapped) values ($1, $2, $3, $4, $5)
on conflict do nothing
"""


async def key_to_keep(connection: asyncpg.Connection, masters: MasterKeys, tenant: TenantId, person: PersonId) -> bytes:
    """The person's key, made if there is none; raises `PersonLeaving` for someone who is erased or about to be.

    The row stays locked until the transaction ends: an erasure waits for what is being kept, and then sees it.
    """
    place = place_of_person(tenant, person)
    found = await connection.fetchrow(_PERSON, tenant, person)
    if found is None:
        master = await wrapping_master(connection, masters)
        wrapped = wrap(masters[master], place, fresh_key())
        await connection.execute(_NEW_PERSON, tenant, person, master, wrapped)
        found = await connection.fetchrow(_PERSON, tenant, person)
    if found is None or found["wrapped"] is None or found["leaving_at"] is not None:
        raise PersonLeaving(PersonLeaving.__doc__)
    return unwrap(masters[found["master"]], place, found["wrapped"])


async def keys_to_read(
    connection: asyncpg.Connection, masters: MasterKeys, tenant: TenantId, persons: Iterable[PersonId]
) -> dict[PersonId, bytes]:
    """The keys of those persons who have one and aren't leaving."""
    return keys_of(await connection.fetch(_PERSONS, tenant, sorted({*persons})), masters, tenant)


def keys_of(rows: Iterable[Any], masters: MasterKeys, tenant: TenantId) -> dict[PersonId, bytes]:
    """The persons' keys that rows hold wrapped; whoever stands in several rows is unwrapped once."""
    wrapped = {PersonId(str(row["person"])): row for row in rows}
    return {
        person: unwrap(masters[row["master"]], place_of_person(tenant, person), row["wrapped"])
        for person, row in wrapped.items()
    }


async def tenant_key(
    connection: asyncpg.Connection, masters: MasterKeys, tenant: TenantId, purpose: str, period: int, *, make: bool
) -> bytes | None:
    """A host's own key for a purpose in a period; None when there is none, and none is to be made."""
    place = place_of_tenant(tenant, purpose, period)
    found = await connection.fetchrow(_TENANT, tenant, purpose, period)
    if found is None and make:
        master = await wrapping_master(connection, masters)
        wrapped = wrap(masters[master], place, fresh_key())
        await connection.execute(_NEW_TENANT, tenant, purpose, period, master, wrapped)
        found = await connection.fetchrow(_TENANT, tenant, purpose, period)
    return None if found is None else unwrap(masters[found["master"]], place, found["wrapped"])


async def wrapping_master(connection: asyncpg.Connection, masters: MasterKeys) -> str:
    """The master key under which new keys are wrapped. It can't be closed before this transaction ends.

    When ours was closed by a rotation meanwhile, the source is read again.
    """
    for _ in range(2):
        if await connection.fetchval(_OPEN_MASTER, [masters.current]) is not None:
            return masters.current
        masters.read()
    raise replaced(masters)


def replaced(masters: MasterKeys) -> MasterKeyMissing:
    """What to raise when the key that wraps is closed, and the source, read again, holds no newer one."""
    return MasterKeyMissing(
        f"master key {masters.current} was replaced by another one, which {masters.source} doesn't hold:"
        " give the new key and start again"
    )
