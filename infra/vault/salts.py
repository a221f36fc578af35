"""Values with the salts of their commitments: what it takes to show that a record committed to a value."""

from collections.abc import Iterable

from domain.frozen import dataclass
from domain.identity import EventId, PersonId, TenantId
from infra.vault.keys import keys_to_read
from infra.vault.vault import Vault, opened

_OF_EVENTS = """
select person, event_id, field, value from vault.sealed_values
where tenant = $1 and event_id = any($2::uuid[]) order by event_id, field
"""


@dataclass(frozen=True, slots=True)
class Salted:
    """A value of a person that the record `event` committed to in its `field`, and the commitment's salt."""

    event: EventId
    person: PersonId
    field: str
    salt: bytes
    value: str


async def salted(vault: Vault, tenant: TenantId, events: Iterable[EventId]) -> list[Salted]:
    """What is held for these records; what is erased, or of somebody who leaves, is missing."""
    async with vault.transaction(tenant, readonly=True) as connection:
        rows = await connection.fetch(_OF_EVENTS, tenant, list(events))
        persons = {PersonId(str(row["person"])) for row in rows}
        keys = await keys_to_read(connection, vault.masters, tenant, persons) if rows else {}
    found = []
    for row in rows:
        person = PersonId(str(row["person"]))
        if person in keys:
            salt, value = opened(tenant, row, keys[person])
            found.append(Salted(EventId(str(row["event_id"])), person, row["field"], salt, value))
    return found
