"""Destroying what is held on a person, so that log and vault can't say different things for good.

Order, for a record that has values destroyed:

1. `begin` notes in the vault what the record will destroy. A person who is to be erased is sealed off in the same
   transaction: from here on nothing of theirs is read, and nothing kept.
2. The record is appended, or refused.
3. `finish` destroys keys and values and takes the note away, in one transaction; or `cancel` takes the note away.

A crash before 2 leaves a note without a record: `settle` takes it away, and the person is there again. A crash after 2
leaves a record whose values are out of everybody's reach: `settle` destroys them. It runs before a process answers
its first request, and again and again. So nothing is destroyed without a record, and behind a record nothing is read.
"""

from datetime import timedelta
from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import EventId, PersonId, TenantId
from infra.postgres.tenancy import AccessKeys
from infra.vault.vault import Vault

PATIENCE = timedelta(seconds=15)
"""How long a note waits for its record. The log refuses entries that are over 2 s old, so what hasn't come to it by
then never will, unless it is there already and only its commit takes long: `settle` waits for those."""

_NOTE = """
insert into vault.pending (tenant, event_id, person, kind, field, target, log_size) values ($1, $2, $3, $4, $5, $6, $7)
"""

_SEAL_OFF = """
insert into vault.persons (tenant, person, leaving_at) values ($1, $2, clock_timestamp())
on conflict (tenant, person) do update set leaving_at = clock_timestamp() where persons.erased_at is null
"""

_TAKE_BACK = """
update vault.persons set leaving_at = null
where tenant = $1 and person = $2 and wrapped is not null
  and not exists (select from vault.pending where tenant = $1 and person = $2 and kind = 'person')
"""

_TAKE_BACK_NOBODY = """
delete from vault.persons
where tenant = $1 and person = $2 and wrapped is null and erased_at is null
  and not exists (select from vault.pending where tenant = $1 and person = $2 and kind = 'person')
"""

_ERASE_VALUES = "delete from vault.sealed_values where tenant = $1 and person = $2"

_ERASE_KEY = """
update vault.persons set master = null, wrapped = null, leaving_at = null, erased_at = clock_timestamp()
where tenant = $1 and person = $2 and erased_at is null
"""

_ERASE_NOTE = "delete from vault.sealed_values where tenant = $1 and person = $2 and event_id = $3 and field = 'note'"

_ERASE_REPLACED = """
delete from vault.sealed_values old using vault.sealed_values new
where old.tenant = $1 and old.person = $2 and old.field = $3 and old.event_id <> $4 and old.created_at < new.created_at
  and new.tenant = $1 and new.person = $2 and new.field = $3 and new.event_id = $4
"""

_PENDING = """
select event_id, person, kind, field, target, log_size, created_at < clock_timestamp() - $2::interval as late
from vault.pending where tenant = $1 order by log_size, created_at
"""

_DONE = "delete from vault.pending where tenant = $1 and event_id = $2 returning person, kind, field, target"


@dataclass(frozen=True, slots=True)
class Destruction:
    """What a record destroys: all of a `person`; their note of the record `target`; their older values of `field`."""

    kind: str
    person: PersonId
    field: str | None = None
    target: EventId | None = None

    @classmethod
    def of_person(cls, person: PersonId) -> "Destruction":
        """Everything."""
        return cls("person", person)

    @classmethod
    def of_note(cls, person: PersonId, target: EventId) -> "Destruction":
        """One note."""
        return cls("note", person, target=target)

    @classmethod
    def of_replaced(cls, person: PersonId, field: str) -> "Destruction":
        """What stands in the place of a right value."""
        return cls("replaced", person, field=field)


class Leaving:
    """Destroys what is held on persons, tenant by tenant."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._keys = AccessKeys(vault.log_pool)

    async def begin(self, tenant: TenantId, event: EventId, what: Destruction) -> None:
        """Note what the record `event`, which is about to be appended, will destroy."""
        size = await self._vault.log_size(tenant)
        async with self._vault.transaction(tenant) as connection:
            await connection.execute(_NOTE, tenant, event, what.person, what.kind, what.field, what.target, size)
            if what.kind == "person":
                await connection.execute(_SEAL_OFF, tenant, what.person)

    async def cancel(self, tenant: TenantId, event: EventId) -> None:
        """The record was refused: nothing is destroyed."""
        async with self._vault.transaction(tenant) as connection:
            gone = await connection.fetchrow(_DONE, tenant, event)
            if gone is not None and gone["kind"] == "person":
                await connection.execute(_TAKE_BACK, tenant, gone["person"])
                await connection.execute(_TAKE_BACK_NOBODY, tenant, gone["person"])

    async def finish(self, tenant: TenantId, event: EventId, what: Destruction) -> None:
        """The record stands: destroy. Doing it again changes nothing.

        Of a person who leaves, access keys go first, then, in one transaction, the values, their key, and the note.
        """
        if what.kind == "person":
            await self._keys.revoke_member(tenant, what.person)
        async with self._vault.transaction(tenant) as connection:
            await _destroy(connection, tenant, event, what)
            await connection.execute(_DONE, tenant, event)

    async def settle(self, tenant: TenantId, patience: timedelta = PATIENCE) -> int:
        """Finish what is recorded, cancel what didn't come within `patience`; answers how many were recorded.

        While an append is stuck in the log nothing is cancelled: a record may still come of it.
        """
        async with self._vault.transaction(tenant, readonly=True) as connection:
            pending = await connection.fetch(_PENDING, tenant, patience)
        if not pending:
            return 0
        over = any(row["late"] for row in pending) and await self._vault.quiet(tenant)
        recorded = await self._vault.recorded(tenant, pending)
        for row in pending:
            event = EventId(str(row["event_id"]))
            if row["event_id"] in recorded:
                await self.finish(tenant, event, _told(row))
            elif row["late"] and over:
                await self._vault.forget(tenant, event)
                await self.cancel(tenant, event)
        return len(recorded)


def _told(row: Any) -> Destruction:
    target = None if row["target"] is None else EventId(str(row["target"]))
    return Destruction(row["kind"], PersonId(str(row["person"])), row["field"], target)


async def _destroy(connection: asyncpg.Connection, tenant: TenantId, event: EventId, what: Destruction) -> None:
    match what.kind:
        case "person":
            await connection.execute(_ERASE_VALUES, tenant, what.person)
            await connection.execute(_ERASE_KEY, tenant, what.person)
        case "note":
            await connection.execute(_ERASE_NOTE, tenant, what.person, what.target)
        case _:
            await connection.execute(_ERASE_REPLACED, tenant, what.person, what.field, event)
