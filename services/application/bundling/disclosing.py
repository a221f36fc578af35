"""Disclosures: personal values with their salts, so that an auditor can open what records have committed to.

Values come from the vault when they are written: who is erased by then isn't in it. Nor is anybody whose values are
restricted: those are kept, and not handed on. Whoever hands out disclosures notes it first.
"""

from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any

from domain.access.role import Role
from domain.codec import Malformed, canonical, parse
from domain.identity import EventId, PersonId, TenantId
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.store import EventLog
from infra.vault.salts import salted
from infra.vault.vault import Vault
from services.application.questions.notes import NOTE
from services.application.reading.names import NAME
from services.application.trouble import RoleNotAllowed

PAGE = 500

OPENS: Mapping[Role, frozenset[str] | None] = MappingProxyType(
    {Role.HOST_ADMIN: None, Role.AUDITOR: frozenset({NAME, NOTE})}
)
"""Which fields a role may have opened: the host's administration all (None), auditors what they read anyway."""

_RESTRICTED, _LIFTED = "person.restricted.v1", "person.restriction_lifted.v1"


def opens(role: Role) -> frozenset[str] | None:
    """The fields that `role` may have opened, None for all. Raises `RoleNotAllowed`."""
    if role not in OPENS:
        raise RoleNotAllowed
    return OPENS[role]


async def disclosed(
    log: EventLog, vault: Vault, tenant: TenantId, size: int, fields: frozenset[str] | None
) -> AsyncIterator[bytes]:
    """The values of `fields` (None: of all) that the first `size` records committed to: pages of canonical JSON lines.

    A line names position, field, salt (hex) and value, in the order of positions.
    """
    kept_back = await _restricted(log, tenant)
    after = 0
    while after < size and (page := await log.page(tenant, after, min(PAGE, size - after))):
        yield await _lines(vault, tenant, page, fields, kept_back)
        after = page[-1].position


async def _lines(
    vault: Vault, tenant: TenantId, page: list[RecordedBytes], fields: frozenset[str] | None, kept_back: set[PersonId]
) -> bytes:
    sealed = [entry for entry in page if b'"sealed":{"' in entry.bytes]
    places = {EventId(told["id"]): entry.position for entry in sealed if (told := _told(entry)) is not None}
    if not places:
        return b""
    found = [
        (places[one.event], one.field, one)
        for one in await salted(vault, tenant, places)
        if (fields is None or one.field in fields) and one.person not in kept_back
    ]
    return b"".join(
        canonical({"position": position, "field": field, "salt": one.salt.hex(), "value": one.value}) + b"\n"
        for position, field, one in sorted(found, key=lambda line: line[:2])
    )


async def _restricted(log: EventLog, tenant: TenantId) -> set[PersonId]:
    """Whose values are under a restriction by now."""
    found: set[PersonId] = set()
    after = 0
    while page := await log.page(tenant, after, PAGE, (_RESTRICTED, _LIFTED)):
        for entry in page:
            told = _told(entry)
            if told is not None:
                person = PersonId(told["data"]["person"])
                (found.add if entry.type == _RESTRICTED else found.discard)(person)
        after = page[-1].position
    return found


def _told(entry: RecordedBytes) -> Any:
    """What an entry says; None for one that somebody has damaged, which the verifier will name."""
    try:
        return parse(entry.bytes)
    except Malformed:
        return None
