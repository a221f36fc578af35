"""Which of a host's organisations may be one, entered twice."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from msgspec import Struct

from domain.directory.fold import Entry, Kind
from domain.frozen import dataclass
from domain.identity import MarketplaceId, OrganisationId, StreamId, TenantId
from domain.organisation.events import Side
from domain.organisation.likeness import Face, Likeness, likely_pairs
from infra.projections.reader import Snapshot
from infra.vault.vault import Vault
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
    """A host's organisations that aren't merged away, in the order in which they were entered; all names.

    `gone` says of those that are merged away, into which entry.
    """

    entries: Mapping[str, Entry]
    gone: Mapping[StreamId, OrganisationId]
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
    async with queries.at(tenant, None) as (snapshot, _):
        known = await standing(snapshot, queries.vault)
    pairs = await asyncio.to_thread(likely_pairs, known.faces())
    return DuplicatesView(
        items=[
            DuplicateView(one=known.shown(pair.one), other=known.shown(pair.other), reasons=list(pair.reasons))
            for pair in pairs[:limit]
        ],
        more=max(0, len(pairs) - limit),
    )


async def standing(snapshot: Snapshot, vault: Vault, *, persons: bool = False) -> Standing:
    """All organisations of a host; `persons` asks for the names of their representatives, too."""
    found = {entry.id: entry async for entry in everything(snapshot, Kind.ORGANISATION)}
    gone = {id_: entry.state.merged_into for id_, entry in found.items() if entry.state.merged_into is not None}
    names = Names(snapshot, vault)
    names.organisations |= {OrganisationId(id_): entry.state.name for id_, entry in found.items()}
    who = {person for entry in found.values() for person in entry.state.representatives} if persons else set()
    await names.ask([id_ for id_, entry in found.items() if entry.state.name is None], who)
    return Standing({id_: entry for id_, entry in found.items() if id_ not in gone}, gone, names)


async def everything(snapshot: Snapshot, kind: Kind, marketplace: MarketplaceId | None = None) -> AsyncIterator[Entry]:
    """All things of a kind, in the order in which they were first recorded."""
    found = await snapshot.things(kind, marketplace=marketplace, limit=_AT_ONCE)
    while found:
        for one in found:
            yield one.entry
        found = await snapshot.things(kind, marketplace=marketplace, limit=_AT_ONCE, after=found[-1].first)
