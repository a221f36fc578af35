"""Personal values, beside the log: the log holds a salted commitment to each, the vault the value and its salt.

Order: a value is kept before its event is appended. A refused append forgets it again; a crash between leaves a value
that no event names, until a sweep finds that out. There is never a commitment in the log without its value here,
unless it was erased or replaced.

Values and salts are sealed under a key per person, those under a master key (`infra.vault.masters`).
"""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import EventId, PersonId, TenantId
from domain.transparency.commitment import SALT_BYTES, commitment
from infra.vault.keeping import Offer, Value, keep
from infra.vault.keys import keys_of, keys_to_read
from infra.vault.masters import MasterKeys
from infra.vault.sealing import place_of_value, unseal

READ = "select person, event_id, field, value, master, wrapped from vault.read($1, $2)"
"""What is asked of tenant and persons: see reading.sql."""

_OF_EVENTS = """
select person, event_id, field, value from vault.sealed_values
where tenant = $1 and event_id = any($2::uuid[]) and field = $3
"""

_OLD = """
select distinct event_id, log_size from vault.sealed_values
where tenant = $1 and not confirmed and created_at < clock_timestamp() - $2::interval
"""

_RECORDED = """
select told.event_id from unnest($2::uuid[], $3::bigint[]) as told(event_id, log_size)
where exists (
  select from log.entries entry
  where entry.tenant = $1 and entry.position > told.log_size
    and position(convert_to('"id":"' || told.event_id || '"', 'UTF8') in entry.bytes) > 0
)
"""


_HELD = """
select person, event_id, field, value, created_at from vault.sealed_values
where tenant = $1 and person = $2 order by created_at, field
"""

_KNOWN = "select exists (select from vault.persons where tenant = $1 and person = $2)"

_ERASED = """
select person from vault.persons
where tenant = $1 and person = any($2::uuid[]) and (wrapped is null or leaving_at is not null)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A value that is held on a person, and the record that it was kept for."""

    field: str
    value: str
    event: EventId
    kept_at: datetime


class Vault:
    """The sealed values of all tenants, each read under its own tenant's name. The pools are the caller's.

    `pool` is the vault's database, `log_pool` the log's; they may be one.
    """

    def __init__(self, pool: asyncpg.Pool, log_pool: asyncpg.Pool, masters: MasterKeys) -> None:
        self.pool = pool
        self.log_pool = log_pool
        self.masters = masters

    async def keep(
        self, tenant: TenantId, person: PersonId, event_id: EventId, values: Mapping[str, str]
    ) -> dict[str, str]:
        """Keep values of a person that the event `event_id` will commit to.

        Answers the commitments by field, for the event's envelope. Every value gets a salt of its own. All of them are
        kept, or none: raises `PersonLeaving`, `MasterKeyMissing`, `KeyInMotion`.
        """
        if not values:
            return {}
        # The event can only come behind the head as it is now: only there will a sweep have to search.
        size = None if self.pool is self.log_pool else await self.log_size(tenant)
        salts = {field: secrets.token_bytes(SALT_BYTES) for field in values}
        commitments = {field: commitment(salts[field], value, field) for field, value in values.items()}
        told = (Value(field, text, salts[field], bytes.fromhex(commitments[field])) for field, text in values.items())
        await keep(self.pool, self.masters, Offer(tenant, person, event_id, size, tuple(told)))
        return commitments

    async def read(self, tenant: TenantId, persons: Iterable[PersonId]) -> dict[PersonId, dict[str, str]]:
        """The newest value of every field of these persons; who isn't known, or is erased, is missing."""
        rows = await self.pool.fetch(READ, tenant, list({*persons}))
        keys = keys_of(rows, self.masters, tenant)
        found: dict[PersonId, dict[str, str]] = {}
        for row in rows:
            person = PersonId(str(row["person"]))
            found.setdefault(person, {})[row["field"]] = opened(tenant, row, keys[person])[1]
        return found

    async def held(self, tenant: TenantId, person: PersonId) -> list[Held]:
        """Everything that is held on a person, in the order in which it was kept."""
        async with self.transaction(tenant, readonly=True) as connection:
            rows = await connection.fetch(_HELD, tenant, person)
            key = (await keys_to_read(connection, self.masters, tenant, [person])).get(person)
        if key is None:
            return []
        return [
            Held(
                field=row["field"],
                value=opened(tenant, row, key)[1],
                event=EventId(str(row["event_id"])),
                kept_at=row["created_at"],
            )
            for row in rows
        ]

    async def knows(self, tenant: TenantId, person: PersonId) -> bool:
        """Whether something is, or was, held on the person."""
        async with self.transaction(tenant, readonly=True) as connection:
            return bool(await connection.fetchval(_KNOWN, tenant, person))

    async def erased(self, tenant: TenantId, persons: Iterable[PersonId]) -> set[PersonId]:
        """Which of these persons are erased, or about to be."""
        async with self.transaction(tenant, readonly=True) as connection:
            rows = await connection.fetch(_ERASED, tenant, list(persons))
        return {PersonId(str(row["person"])) for row in rows}

    async def of_events(self, tenant: TenantId, events: Iterable[EventId], field: str) -> dict[EventId, str]:
        """The values of `field` that these events committed to; what is erased, or was never there, is missing."""
        async with self.transaction(tenant, readonly=True) as connection:
            rows = await connection.fetch(_OF_EVENTS, tenant, list(events), field)
            persons = {PersonId(str(row["person"])) for row in rows}
            keys = await keys_to_read(connection, self.masters, tenant, persons) if rows else {}
        return {
            EventId(str(row["event_id"])): opened(tenant, row, keys[PersonId(str(row["person"]))])[1]
            for row in rows
            if PersonId(str(row["person"])) in keys
        }

    async def forget(self, tenant: TenantId, event_id: EventId) -> None:
        """Drop what was kept for an event that was not recorded."""
        async with self.transaction(tenant) as connection:
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
        async with self.transaction(tenant, readonly=True) as connection:
            old = await connection.fetch(_OLD, tenant, older_than)
        if not old:
            return 0
        recorded = await self.recorded(tenant, old)
        lost = [row["event_id"] for row in old if row["event_id"] not in recorded]
        async with self.transaction(tenant) as connection:
            await connection.execute(
                "update vault.sealed_values set confirmed = true where tenant = $1 and event_id = any($2::uuid[])",
                tenant,
                sorted(recorded),
            )
            status: str = await connection.execute(
                "delete from vault.sealed_values where tenant = $1 and event_id = any($2::uuid[]) and not confirmed",
                tenant,
                lost,
            )
        return int(status.removeprefix("DELETE "))

    async def log_size(self, tenant: TenantId) -> int:
        """How far the tenant's log reaches."""
        return await self.log_pool.fetchval("select size from log.head($1)", tenant) or 0

    async def quiet(self, tenant: TenantId) -> bool:
        """Whether no append that was under way to the tenant's log still is, having waited for it; False: it is stuck.

        What isn't in the log then, and was to be recorded more than a few seconds ago, never will be.
        """
        try:
            await self.log_pool.execute("select log.quiet($1)", tenant)
        except asyncpg.LockNotAvailableError:
            return False
        return True

    async def recorded(self, tenant: TenantId, told: Sequence[Any]) -> set[Any]:
        """Which of these events stand in the log, each looked for behind its `log_size`."""
        events, sizes = [row["event_id"] for row in told], [row["log_size"] for row in told]
        async with named(self.log_pool, tenant, readonly=True) as connection:
            return {row["event_id"] for row in await connection.fetch(_RECORDED, tenant, events, sizes)}

    @asynccontextmanager
    async def transaction(self, tenant: TenantId, *, readonly: bool = False) -> AsyncIterator[asyncpg.Connection]:
        """A transaction in the vault that has named its tenant."""
        async with named(self.pool, tenant, readonly=readonly) as connection:
            yield connection


def opened(tenant: TenantId, row: Any, key: bytes) -> tuple[bytes, str]:
    """The salt and value of a row of sealed values; raises `VaultDamaged`."""
    place = place_of_value(tenant, PersonId(str(row["person"])), EventId(str(row["event_id"])), row["field"])
    return unseal(key, place, row["value"])


@asynccontextmanager
async def named(pool: asyncpg.Pool, tenant: TenantId, *, readonly: bool) -> AsyncIterator[asyncpg.Connection]:
    """A transaction that has named its tenant: row-level security shows no other's rows."""
    async with pool.acquire() as connection, connection.transaction(readonly=readonly):
        await connection.execute("select set_config('app.tenant', $1, true)", tenant)
        yield connection
