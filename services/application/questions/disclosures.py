"""Who got to read what beyond their daily work, for the host's administration and for auditors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from domain.access.role import Role
from domain.identity import TenantId
from infra.vault.disclosures import NotNoted, disclosures
from services.application.queries import Queries
from services.application.reading.trouble import CursorUnusable
from services.application.views import Page

MAY_READ = frozenset({Role.HOST_ADMIN, Role.AUDITOR})
"""The roles that read what was disclosed to whom."""


class NotedDisclosureView(Struct, kw_only=True, frozen=True):
    """A member got to read something, in a role: a bundle, values with their salts, what is held on a person (`about`).

    `detail` says what exactly: of how many records, the SHA-256 of the file, from which byte on, which fields.
    """

    id: str
    at: datetime
    member: str
    role: str
    what: str
    about: str | None
    detail: Mapping[str, Any]


async def told(queries: Queries, tenant: TenantId, limit: int, cursor: str | None) -> Page[NotedDisclosureView]:
    """What was disclosed at a host, the newest first. Raises `CursorUnusable`."""
    try:
        found = await disclosures(queries.vault, tenant, limit + 1, cursor)
    except NotNoted:
        raise CursorUnusable from None
    views = [
        NotedDisclosureView(
            id=one.id, at=one.at, member=one.member, role=one.role, what=one.what, about=one.about, detail=one.detail
        )
        for one in found[:limit]
    ]
    return Page(items=views, next=views[-1].id if len(found) > limit else None)
