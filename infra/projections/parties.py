"""Who stands behind a badge, for whom a person may speak, and what parties listed, as the directory tells it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, cast, select
from sqlalchemy.dialects.postgresql import JSONB

from domain.directory.fold import Entry, Kind
from domain.identity import MarketplaceId, ParticipationId, PersonId
from domain.listing.state import Published
from infra.projections import tables
from infra.projections.reader import ENTRY, Snapshot
from infra.projections.store import entry_of

_DIRECTORY = tables.directory
_DOC = cast(_DIRECTORY.c.doc, JSONB)


async def with_badge(snapshot: Snapshot, marketplace: MarketplaceId, code: str) -> list[Entry]:
    """The edition's participations with a badge of this code, oldest first."""
    query = select(*ENTRY).where(
        _DIRECTORY.c.kind == Kind.PARTICIPATION.value,
        _DIRECTORY.c.marketplace == marketplace,
        _DOC["badges"].contains([{"code": code}]),
    )
    return await _entries(snapshot, query)


async def represented_by(snapshot: Snapshot, person: PersonId) -> list[Entry]:
    """The organisations that a person may speak for, oldest first."""
    query = select(*ENTRY).where(
        _DIRECTORY.c.kind == Kind.ORGANISATION.value, _DOC["representatives"].contains([person])
    )
    return await _entries(snapshot, query)


async def listed_by(
    snapshot: Snapshot, marketplace: MarketplaceId, parties: Collection[ParticipationId]
) -> list[Entry]:
    """What these parties have on the edition's list now, oldest first."""
    query = select(*ENTRY).where(
        _DIRECTORY.c.kind == Kind.LISTING.value,
        _DIRECTORY.c.marketplace == marketplace,
        _DIRECTORY.c.state == Published.__name__,
        _DOC["by"].astext.in_(parties),
    )
    return await _entries(snapshot, query)


async def _entries(snapshot: Snapshot, query: Select[Any]) -> list[Entry]:
    rows = await snapshot.rows_of(query.order_by(_DIRECTORY.c.first), _DIRECTORY)
    return [entry_of(row) for row in rows]
