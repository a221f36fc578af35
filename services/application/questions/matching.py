"""Suggested matches: which offers and needs of an edition might come together, and why. Never for the public."""

import asyncio
from collections.abc import Iterable, Mapping

from msgspec import Struct

from domain.directory.fold import Entry
from domain.identity import ListingId, MarketplaceId, OrganisationId, ParticipationId, TenantId
from domain.listing import matching
from domain.listing.matching import Candidate, Match, ReasonKind
from domain.listing.state import Published
from domain.participation.state import NoShow, NotComing, Participation
from infra.projections.listings import Wanted, contracted, listed
from infra.projections.reader import Snapshot
from services.application.queries import Queries
from services.application.questions.listings import listing_of
from services.application.reading.checks import edition_of
from services.application.reading.names import Names
from services.application.reading.shapes import listing_view
from services.application.views import ListingView

MOST_COMPARED = 1_000
"""Listings that are compared at most: those that were published first."""


class ReasonView(Struct, kw_only=True, frozen=True):
    """Why two listings are suggested, and what that adds to the score.

    `words` are what it is about, the offer's first: an area's id, words of the titles, units, quantities left.
    """

    kind: ReasonKind
    weight: int
    words: list[str]


class MatchView(Struct, kw_only=True, frozen=True):
    """An offer that might fill a need. `score` is the sum of the reasons' weights."""

    offer: ListingView
    need: ListingView
    score: int
    reasons: list[ReasonView]


class MatchesView(Struct, kw_only=True, frozen=True):
    """Suggestions, best first; as many as were asked for, without a further page."""

    items: list[MatchView]


async def matches(queries: Queries, tenant: TenantId, marketplace: MarketplaceId, *, limit: int) -> MatchesView:
    """The best pairs among the offers and needs of an edition."""
    async with queries.at(tenant, None) as (snapshot, _):
        await edition_of(snapshot, marketplace)
        known, candidates = await _candidates(snapshot, marketplace)
        found = await asyncio.to_thread(matching.matches, candidates.values(), limit)
        return await _told(queries, snapshot, known, found)


async def matches_of_listing(queries: Queries, tenant: TenantId, listing: ListingId, *, limit: int) -> MatchesView:
    """The best pairs of one listing; none when nothing of it is left."""
    async with queries.at(tenant, None) as (snapshot, _):
        entry = await listing_of(snapshot, listing)
        known, candidates = await _candidates(snapshot, entry.state.marketplace, entry)
        own = candidates.pop(listing, None)
        found = [] if own is None else await asyncio.to_thread(matching.matches_of, own, candidates.values(), limit)
        return await _told(queries, snapshot, known, found)


async def _candidates(
    snapshot: Snapshot, marketplace: MarketplaceId, *more: Entry
) -> tuple[Mapping[ListingId, Entry], dict[ListingId, Candidate]]:
    """The listings of which something is left, of organisations that come."""
    items = await listed(snapshot, marketplace, Wanted(open=True), limit=MOST_COMPARED)
    known = {ListingId(entry.id): entry for entry in (*more, *(item.entry for item in items))}
    by = await _participations(snapshot, known.values())
    agreed = await contracted(snapshot, marketplace)
    kept = await _kept(snapshot, {*agreed, *(party.organisation for party in by.values())})
    served = {kept[organisation] for organisation in agreed}
    found: dict[ListingId, Candidate] = {}
    for id_, entry in known.items():
        state, party = entry.state, by.get(entry.state.by)
        if isinstance(state, Published) and party is not None and not isinstance(party, NotComing | NoShow):
            found[id_] = Candidate(
                id=id_,
                organisation=kept[party.organisation],
                side=party.side,
                contracted=kept[party.organisation] in served,
                kind=state.kind,
                area=state.area,
                title=state.title,
                unit=state.unit,
                left=state.left,
            )
    return known, found


async def _participations(snapshot: Snapshot, entries: Iterable[Entry]) -> Mapping[ParticipationId, Participation]:
    found = await snapshot.entries({entry.state.by for entry in entries})
    return {ParticipationId(id_): entry.state for id_, entry in found.items()}


async def _kept(snapshot: Snapshot, organisations: set[OrganisationId]) -> dict[OrganisationId, OrganisationId]:
    """Which organisation each of these is: of duplicates that were merged, the one that was kept."""
    into: dict[OrganisationId, OrganisationId | None] = {}
    asked: set[OrganisationId] = organisations
    while asked:
        found = await snapshot.entries(asked)
        into |= {id_: found[id_].state.merged_into if id_ in found else None for id_ in asked}
        asked = {other for other in into.values() if other is not None} - into.keys()
    return {organisation: _last(organisation, into) for organisation in organisations}


def _last(organisation: OrganisationId, into: Mapping[OrganisationId, OrganisationId | None]) -> OrganisationId:
    following = into[organisation]
    return organisation if following is None else _last(following, into)


async def _told(
    queries: Queries, snapshot: Snapshot, known: Mapping[ListingId, Entry], found: Iterable[Match]
) -> MatchesView:
    pairs = list(found)
    names = Names(snapshot, queries.vault)
    await names.ask({known[id_].state.by for pair in pairs for id_ in (pair.offer, pair.need)})

    def view(id_: ListingId) -> ListingView:
        entry = known[id_]
        return listing_view(entry, names.of_participation(entry.state.by))

    return MatchesView(
        items=[
            MatchView(
                offer=view(pair.offer),
                need=view(pair.need),
                score=pair.score,
                reasons=[
                    ReasonView(kind=reason.kind, weight=reason.weight, words=list(reason.words))
                    for reason in pair.reasons
                ],
            )
            for pair in pairs
        ]
    )
