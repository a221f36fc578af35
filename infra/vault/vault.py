"""Personal values, beside the log: the log holds a salted commitment to each, the vault the value and its salt.

Order: a value is kept before its event is appended. A refused append forgets it again; a crash between leaves a value
that no event names, until a sweep finds that out. There is never a commitment in the log without its value here.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

import asyncpg

from domain.identity import EventId, PersonId, TenantId
from domain.transparency.commitment import SALT_BYTES, commitment

_KEEP = """
insert into vault.sealed_values (tenant, person, event_id, field, salt, value, commitment, log_size)
select $1, $2, $3, told.field, told.salt, told.value, told.commitment,
       (select size from log.heads where tenant = $1)
from unnest($4::text[], $5::bytea[], $6::bytea[], $7::bytea[]) as told(field, salt, value, commitment)
"""

_READ = """
select distinct on (person, field) person, field, value
from vault.sealed_values where tenant = $1 and person = any($2::uuid[])
order by person, field, log_size desc, created_at desc
"""

_OF_EVENTS = """
select event_id, value from vault.sealed_values where tenant = $1 and event_id = any($2::uuid[]) and field = $3
"""

_SWEEP = """
with old as (
  select ctid, event_id, log_size from vault.sealed_values
  where tenant = $1 and not confirmed and created_at < clock_timestamp() - $2::interval
), found as (
  select old.ctid, exists (
    select from log.entries entry
    where entry.tenant = $1 and entry.position > old.log_size
      and position(convert_to('"id":"' || old.event_id || '"', 'UTF8') in entry.bytes) > 0
  ) as recorded
  from old
), confirmed as (
  update vault.sealed_values kept set confirmed = true from found
  where kept.tenant = $1 and kept.ctid = found.ctid and found.recorded
), gone as (
  delete from vault.sealed_values kept using found
  where kept.tenant = $1 and kept.ctid = found.ctid and not found.recorded returning 1
)
select count(*) from gone
"""


class Vault:
    """The sealed values of all tenants, each read under its own tenant's name. The pool is the caller's."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(
        self, tenant: TenantId, person: PersonId, event_id: EventId, values: Mapping[str, str]
    ) -> dict[str, str]:
        """Keep values of a person that the event `event_id` will commit to.

        Answers the commitments by field, for the event's envelope. Every value gets a salt of its own.
        """
        salts = {field: secrets.token_bytes(SALT_BYTES) for field in values}
        commitments = {field: commitment(salts[field], value, field) for field, value in values.items()}
        fields = list(values)
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            await connection.execute(
                _KEEP,
                tenant,
                person,
                event_id,
                fields,
                [salts[field] for field in fields],
                [values[field].encode() for field in fields],
                [bytes.fromhex(commitments[field]) for field in fields],
            )
        return commitments

    async def read(self, tenant: TenantId, persons: Iterable[PersonId]) -> dict[PersonId, dict[str, str]]:
        """The newest value of every field of these persons; who isn't known, or is erased, is missing."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await _name_tenant(connection, tenant)
            rows = await connection.fetch(_READ, tenant, list(persons))
        found: dict[PersonId, dict[str, str]] = {}
        for row in rows:
            found.setdefault(PersonId(str(row["person"])), {})[row["field"]] = row["value"].decode()
        return found

    async def of_events(self, tenant: TenantId, events: Iterable[EventId], field: str) -> dict[EventId, str]:
        """The values of `field` that these events committed to; what is erased, or was never there, is missing."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await _name_tenant(connection, tenant)
            rows = await connection.fetch(_OF_EVENTS, tenant, list(events), field)
        return {EventId(str(row["event_id"])): row["value"].decode() for row in rows}

    async def forget(self, tenant: TenantId, event_id: EventId) -> None:
        """Drop what was kept for an event that was not recorded."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            await connection.execute(
                "delete from vault.sealed_values where tenant = $1 and event_id = $2 and not confirmed",
                tenant,
                event_id,
            )

    async def sweep(self, tenant: TenantId, older_than: timedelta) -> int:
        """Drop values kept longer ago than `older_than` whose event never came; answers how many.

        An event can only stand behind the head at which its values were kept, so that much of the log is searched,
        once for each value: those found are marked and never looked for again.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await _name_tenant(connection, tenant)
            return int(await connection.fetchval(_SWEEP, tenant, older_than))


async def _name_tenant(connection: asyncpg.Connection, tenant: TenantId) -> None:
    """Name the tenant for this transaction: row-level security shows no other's rows."""
    await connection.execute("select set_config('app.tenant', $1, true)", tenant)
