"""Who got to read what beyond their daily work: noted beside the log, never taken back, by pseudonyms alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.identity import PersonId, TenantId
from infra.clock import fresh_id
from infra.vault.vault import Vault

_NOTE = """
insert into vault.disclosures (tenant, id, member, role, what, about, detail) values ($1, $2, $3, $4, $5, $6, $7)
"""

_ABOUT = "select at, member, role, what from vault.disclosures where tenant = $1 and about = $2 order by at, id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a member, in a role, got to read, and when."""

    at: datetime
    member: str
    role: str
    what: str


async def note_disclosure(
    vault: Vault,
    tenant: TenantId,
    member: str,
    role: str,
    what: str,
    *,
    about: PersonId | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note that a member is about to read something; whoever hands it out does this first."""
    async with vault.transaction(tenant) as connection:
        await connection.execute(_NOTE, tenant, fresh_id(), member, role, what, about, json.dumps(detail or {}))


async def disclosures_about(vault: Vault, tenant: TenantId, person: PersonId) -> list[Disclosure]:
    """What was disclosed of a person, the oldest first."""
    async with vault.transaction(tenant, readonly=True) as connection:
        rows = await connection.fetch(_ABOUT, tenant, person)
    return [Disclosure(**dict(row)) for row in rows]
