"""Who stands behind a badge, for whom a person may speak, and what parties listed, as the directory tells it."""

import json
from collections.abc import Collection
from typing import Any

from domain.directory.fold import Entry, Kind
from domain.identity import MarketplaceId, ParticipationId, PersonId
from domain.listing.state import Published
from infra.projections.reader import ENTRY, Snapshot
from infra.projections.store import entry_of


async def with_badge(snapshot: Snapshot, marketplace: MarketplaceId, code: str) -> list[Entry]:
    """The edition's participations with a badge of this code, oldest first."""
    badge = json.dumps([{"code": code}])
    return await _entries(
        snapshot, Kind.PARTICIPATION, "and marketplace = %s and doc -> 'badges' @> %s::jsonb", marketplace, badge
    )


async def represented_by(snapshot: Snapshot, person: PersonId) -> list[Entry]:
    """The organisations that a person may speak for, oldest first."""
    return await _entries(
        snapshot, Kind.ORGANISATION, "and doc -> 'representatives' @> %s::jsonb", json.dumps([person])
    )


async def listed_by(
    snapshot: Snapshot, marketplace: MarketplaceId, parties: Collection[ParticipationId]
) -> list[Entry]:
    """What these parties have on the edition's list now, oldest first."""
    return await _entries(
        snapshot,
        Kind.LISTING,
        "and marketplace = %s and state = %s and doc ->> 'by' = any(%s)",
        marketplace,
        Published.__name__,
        list(parties),
    )


async def _entries(snapshot: Snapshot, kind: Kind, condition: str, *values: Any) -> list[Entry]:
    question = snapshot.about(ENTRY, "directory").go_on("and kind = %s", kind.value).go_on(condition, *values)
    return [entry_of(row) for row in await snapshot.answer(question.go_on("order by first"))]
