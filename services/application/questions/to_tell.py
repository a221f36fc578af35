"""Whom to tell that an edition was moved or called off: organisations, their people, what they had listed."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from domain.directory.fold import Entry, Kind
from domain.identity import MarketplaceId, OrganisationId, ParticipationId, PersonId, TenantId
from domain.marketplace.state import CalledOff
from domain.organisation.events import Side
from domain.participation.state import Admitted, NoShow, OnTheFloor, Requested
from domain.trail.step import TrailStep
from infra.projections.parties import listed_by
from infra.projections.reader import Listed, Snapshot
from services.application.queries import Queries
from services.application.reading.checks import edition_of
from services.application.reading.names import NAME, Names, needed_by
from services.application.reading.paging import MOST, first, page
from services.application.reading.shapes import participation_view

CONTACT = "contact"
"""The vault's field that holds how a person is reached."""

_COMING = [state.__name__ for state in (Requested, Admitted, OnTheFloor, NoShow)]
_PLANNED, _MOVED, _CANCELLED = (f"marketplace.{what}.v1" for what in ("planned", "rescheduled", "cancelled"))
_STEPS = 500
"""Steps of an edition's own trail that are read at a time."""


class WhereAndWhen(Struct, kw_only=True, frozen=True):
    """Day and place; None is not known."""

    date: date | None
    venue: str | None


class NewsView(Struct, kw_only=True, frozen=True):
    """What was recorded at `position`: the edition was moved from `before` to `after`, or (None) called off."""

    position: int
    at: str
    before: WhereAndWhen
    after: WhereAndWhen | None


class PersonToTell(Struct, kw_only=True, frozen=True):
    """A representative; name and contact are None where they are erased or were never given."""

    person: str
    name: str | None
    contact: str | None


class PartyToTell(Struct, kw_only=True, frozen=True):
    """A participation that was there before the last news, its people, and the titles of what it has on the list."""

    participation: str
    organisation: str
    name: str | None
    side: Side
    state: str
    persons: list[PersonToTell]
    listings: list[str]


class ToTellView(Struct, kw_only=True, frozen=True):
    """What is to be told of an edition since position `since`, and to whom: nobody without news.

    `was` is where it stood at `since` (or as planned), `now` where it stands; `position` is that of the last news:
    whoever was told may ask from there the next time.
    """

    marketplace: str
    title: str
    since: int
    position: int | None
    was: WhereAndWhen
    now: WhereAndWhen
    called_off: bool
    news: list[NewsView]
    items: list[PartyToTell]
    next: str | None


async def to_tell(
    queries: Queries,
    tenant: TenantId,
    marketplace: MarketplaceId,
    *,
    since: int = 0,
    limit: int = MOST,
    cursor: str | None = None,
) -> ToTellView:
    """Whom to tell what happened to the edition after position `since`; declined and cancelled ones are left out."""
    async with queries.at(tenant, None) as (snapshot, _):
        edition = await edition_of(snapshot, marketplace)
        was, news = _told(await _steps(snapshot, marketplace), since)
        newest = news[-1].position if news else None

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Listed]:
            if newest is None:
                return []
            coming = await snapshot.things(
                Kind.PARTICIPATION, marketplace=marketplace, states=_COMING, limit=most, after=begin or 0
            )
            return [listed for listed in coming if listed.first < newest]

        coming, following = await page(snapshot, "to-tell", cursor, limit, fetch, first)
        plan = edition.state.plan
        return ToTellView(
            marketplace=marketplace,
            title=plan.title,
            since=since,
            position=newest,
            was=was,
            now=WhereAndWhen(date=plan.date, venue=plan.venue),
            called_off=isinstance(edition.state, CalledOff),
            news=news,
            items=await _parties(queries, snapshot, marketplace, [listed.entry for listed in coming]),
            next=following,
        )


async def _steps(snapshot: Snapshot, marketplace: MarketplaceId) -> list[TrailStep]:
    """Everything that happened to the edition itself."""
    steps: list[TrailStep] = []
    while more := await snapshot.trail(marketplace, limit=_STEPS, after=steps[-1].position if steps else 0):
        steps += more
    return steps


def _told(steps: Sequence[TrailStep], since: int) -> tuple[WhereAndWhen, list[NewsView]]:
    """Where the edition stood at `since`, and what happened to it after that."""
    was = stood = WhereAndWhen(date=None, venue=None)
    news = []
    for step in steps:
        if step.type not in {_PLANNED, _MOVED, _CANCELLED}:
            continue
        after = None if step.type == _CANCELLED else _where_and_when(step)
        if step.position > since and step.type != _PLANNED:
            news.append(NewsView(position=step.position, at=step.at, before=stood, after=after))
        else:
            was = after or stood
        stood = after or stood
    return was, news


def _where_and_when(step: TrailStep) -> WhereAndWhen:
    day = step.details["date"]
    return WhereAndWhen(date=None if day is None else date.fromisoformat(day), venue=step.details["venue"])


async def _parties(
    queries: Queries, snapshot: Snapshot, marketplace: MarketplaceId, coming: list[Entry]
) -> list[PartyToTell]:
    names = Names(snapshot, queries.vault)
    await names.ask({id_ for entry in coming for id_ in needed_by(entry)})
    speakers = await _speakers(snapshot, {entry.state.organisation for entry in coming})
    known = sorted({person for speaking in speakers.values() for person in speaking})
    kept = await queries.vault.read(snapshot.tenant, known) if known else {}
    listed: dict[ParticipationId, list[str]] = {}
    for entry in await listed_by(snapshot, marketplace, [ParticipationId(one.id) for one in coming]):
        listed.setdefault(entry.state.by, []).append(entry.state.title)
    parties = []
    for entry in coming:
        told = participation_view(entry, names, shown=True, badges=False)
        persons = [
            PersonToTell(person=person, name=kept.get(person, {}).get(NAME), contact=kept.get(person, {}).get(CONTACT))
            for person in speakers[entry.state.organisation]
        ]
        parties.append(
            PartyToTell(
                participation=told.id,
                organisation=told.organisation,
                name=told.name,
                side=told.side,
                state=told.state,
                persons=persons,
                listings=listed.get(ParticipationId(entry.id), []),
            )
        )
    return parties


async def _speakers(snapshot: Snapshot, organisations: set[OrganisationId]) -> dict[OrganisationId, list[PersonId]]:
    """Who speaks for each organisation; for a duplicate, whoever speaks for the one that stands for it, too."""
    known = await snapshot.entries(organisations)
    standing = await snapshot.entries({entry.state.merged_into for entry in known.values()} - {None})
    found: dict[OrganisationId, list[PersonId]] = {}
    for organisation in organisations:
        own = known[organisation].state
        kept = standing.get(own.merged_into)
        others = frozenset() if kept is None else kept.state.representatives
        found[organisation] = sorted(own.representatives | others)
    return found
