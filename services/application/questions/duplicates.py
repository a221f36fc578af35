"""Which of a host's organisations may be one, entered twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct

from domain.directory.fold import Entry, Kind
from domain.identity import OrganisationId, StreamId, TenantId
from domain.organisation.events import Side
from domain.organisation.likeness import Face, Likeness, likely_pairs
from services.application.queries import Queries
from services.application.reading.names import Names

_AT_ONCE = 1_000


class DoubleView(Struct, kw_only=True, frozen=True):
    """One of two organisations that look alike; `version` is what to send as If-Match to merge it or tell it apart."""

    id: str
    version: int
    name: str | None
    side: Side
    rehearsal: bool
    representatives: int
    position: int


class DuplicateView(Struct, kw_only=True, frozen=True):
    """Two organisations that may be one, `one` entered before `other`, and why, the strongest reason first."""

    one: DoubleView
    other: DoubleView
    reasons: list[Likeness]


class DuplicatesView(Struct, kw_only=True, frozen=True):
    """The likeliest pairs, and how many `more` there are. Who was merged or told apart isn't among them."""

    items: list[DuplicateView]
    more: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A host's organisations that aren't merged away, in the order in which they were entered, and their names."""

    entries: Mapping[str, Entry]
    names: Names

    def faces(self) -> list[Face]:
        """What is compared of each."""
        return [
            Face(
                id=entry.id,
                name=self.names.organisation(OrganisationId(entry.id)),
                rehearsal=entry.rehearsal,
                representatives=entry.state.representatives,
                told_apart=entry.state.told_apart,
            )
            for entry in self.entries.values()
        ]

    def shown(self, organisation: str) -> DoubleView:
        """One of them."""
        entry = self.entries[organisation]
        return DoubleView(
            id=entry.id,
            version=entry.version,
            name=self.names.organisation(OrganisationId(entry.id)),
            side=entry.state.side,
            rehearsal=entry.rehearsal,
            representatives=len(entry.state.representatives),
            position=entry.position,
        )


async def duplicates(queries: Queries, tenant: TenantId, limit: int) -> DuplicatesView:
    """The `limit` likeliest pairs. Sole traders' names are compared while reading, and nowhere kept."""
    known = await standing(queries, tenant)
    pairs = await asyncio.to_thread(likely_pairs, known.faces())
    return DuplicatesView(
        items=[
            DuplicateView(one=known.shown(pair.one), other=known.shown(pair.other), reasons=list(pair.reasons))
            for pair in pairs[:limit]
        ],
        more=max(0, len(pairs) - limit),
    )


async def standing(queries: Queries, tenant: TenantId) -> Standing:
    """All organisations of a host but those that were merged away."""
    entries: dict[str, Entry] = {}
    async with queries.at(tenant, None) as (snapshot, _):
        found = await snapshot.things(Kind.ORGANISATION, limit=_AT_ONCE)
        while found:
            entries |= {one.entry.id: one.entry for one in found if one.entry.state.merged_into is None}
            found = await snapshot.things(Kind.ORGANISATION, limit=_AT_ONCE, after=found[-1].first)
        names = Names(snapshot, queries.vault)
        await names.ask([StreamId(id_) for id_ in entries])
    return Standing(entries, names)
