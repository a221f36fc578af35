"""Who got to read what beyond their daily work: noted beside the log, never taken back, by pseudonyms alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.frozen import dataclass
from domain.identity import PersonId, TenantId
from infra.clock import fresh_id
from infra.vault.vault import Vault

_NOTE = """
insert into vault.disclosures (tenant, id, member, role, what, about, detail) values ($1, $2, $3, $4, $5, $6, $7)
"""

_TOLD = """
select id, at, member, role, what, about, detail from vault.disclosures
where tenant = $1
  and ($2::uuid is null or (at, id) < (select at, id from vault.disclosures where tenant = $1 and id = $2))
order by at desc, id desc limit $3
"""

_KNOWN = "select exists (select from vault.disclosures where tenant = $1 and id = $2)"

_LAST = """
select detail from vault.disclosures where tenant = $1 and member = $2 and what = $3 order by at desc, id desc limit 1
"""

_ABOUT = "select at, member, role, what from vault.disclosures where tenant = $1 and about = $2 order by at, id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a member, in a role, got to read, and when."""

    at: datetime
    member: str
    role: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A disclosure as it was noted: `about` is the person, if it was of one, `detail` what exactly."""

    id: str
    at: datetime
    member: str
    role: str
    what: str
    about: str | None
    detail: Mapping[str, Any]


class NotNoted(LookupError):
    """No disclosure of this host has that id."""


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


async def disclosures(vault: Vault, tenant: TenantId, limit: int, before: str | None = None) -> list[Noted]:
    """What was disclosed at a host, the newest first; behind the one whose id is `before`. Raises `NotNoted`."""
    async with vault.transaction(tenant, readonly=True) as connection:
        if before is not None and not await connection.fetchval(_KNOWN, tenant, before):
            raise NotNoted(before)
        rows = await connection.fetch(_TOLD, tenant, before, limit)
    return [
        Noted(
            id=str(row["id"]),
            at=row["at"],
            member=row["member"],
            role=row["role"],
            what=row["what"],
            about=None if row["about"] is None else str(row["about"]),
            detail=json.loads(row["detail"]),
        )
        for row in rows
    ]


async def last_disclosure(vault: Vault, tenant: TenantId, member: str, what: str) -> Mapping[str, Any] | None:
    """What exactly a member was given last of this kind; None when they never were."""
    async with vault.transaction(tenant, readonly=True) as connection:
        detail = await connection.fetchval(_LAST, tenant, member, what)
    told: Mapping[str, Any] | None = None if detail is None else json.loads(detail)
    return told
