"""A badge: who wears it, and for which organisations its wearer may speak at this edition."""

from msgspec import Struct

from domain.directory.fold import Entry
from domain.identity import MarketplaceId, OrganisationId, PersonId, TenantId, participation_of
from domain.participation.badge import Badge, read_code
from domain.participation.state import NotComing
from infra.projections.parties import represented_by, with_badge
from infra.projections.reader import Snapshot
from services.application.queries import Queries
from services.application.reading.checks import edition_of, must_be_told
from services.application.reading.names import Names, needed_by
from services.application.reading.shapes import participation_view
from services.application.views import Page, ParticipationView


class BadgeView(Struct, kw_only=True, frozen=True):
    """A badge and the participation it was made for. `person` is None when nobody was named for it.

    `may_speak_for` are all participations of the edition, without cancelled ones, that the person may speak for.
    """

    code: str
    person: str | None
    person_name: str | None
    participation: ParticipationView
    may_speak_for: list[ParticipationView]


async def badges(queries: Queries, tenant: TenantId, marketplace: MarketplaceId, code: str) -> Page[BadgeView]:
    """The edition's badges of this code, however it was typed: usually one, or none."""
    meant = read_code(code)
    async with queries.at(tenant, None) as (snapshot, _):
        await edition_of(snapshot, marketplace)
        worn = [
            (entry, badge)
            for entry in await with_badge(snapshot, marketplace, meant)
            for badge in entry.state.badges
            if badge.code == meant
        ]
        await must_be_told(snapshot, *(entry.id for entry, _ in worn))
        return Page(items=[await _shown(queries, snapshot, entry, badge) for entry, badge in worn], next=None)


async def _shown(queries: Queries, snapshot: Snapshot, entry: Entry, badge: Badge) -> BadgeView:
    spoken_for = [] if badge.person is None else await _spoken_for(snapshot, entry.state.marketplace, badge.person)
    names = Names(snapshot, queries.vault)
    persons = () if badge.person is None else (badge.person,)
    await names.ask({id_ for one in (entry, *spoken_for) for id_ in needed_by(one)}, persons)
    return BadgeView(
        code=badge.code,
        person=badge.person,
        person_name=names.person(badge.person),
        participation=participation_view(entry, names, shown=True, badges=True),
        may_speak_for=[participation_view(one, names, shown=True, badges=True) for one in spoken_for],
    )


async def _spoken_for(snapshot: Snapshot, marketplace: MarketplaceId, person: PersonId) -> list[Entry]:
    organisations = await represented_by(snapshot, person)
    ids = [participation_of(marketplace, OrganisationId(one.id)) for one in organisations]
    found = await snapshot.entries(ids)
    return [found[id_] for id_ in ids if id_ in found and not isinstance(found[id_].state, NotComing)]
