"""Trails across cases: everything that a member did, and everything that an organisation was part of."""

from typing import Any

from domain.directory.fold import Kind
from domain.identity import OrganisationId, StreamId, TenantId
from domain.refusal import NotThere
from infra.projections import cases
from infra.projections.reader import Snapshot
from services.application.queries import Queries
from services.application.reading import trails
from services.application.reading.names import Names
from services.application.reading.paging import page, position
from services.application.views import Page, TrailStepView


async def trail_of_member(
    queries: Queries, tenant: TenantId, member: StreamId, *, limit: int, cursor: str | None
) -> Page[TrailStepView]:
    """Every step that a member took, in order."""
    async with queries.at(tenant, None) as (snapshot, _):

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Any]:
            return await cases.trail_of_actor(snapshot, member, limit=most, after=begin or 0)

        steps, following = await page(snapshot, "trail-of-member", cursor, limit, fetch, position)
        if not steps and cursor is None:
            raise NotThere
        return Page(items=await trails.told(steps, Names(snapshot, queries.vault), public=False), next=following)


async def trail_of_organisation(
    queries: Queries, tenant: TenantId, organisation: OrganisationId, *, limit: int, cursor: str | None
) -> Page[TrailStepView]:
    """Every step of whatever the organisation was part of, at all editions, in order, each record once."""
    async with queries.at(tenant, None) as (snapshot, _):
        entry = (await snapshot.entries([organisation])).get(organisation)
        if entry is None or entry.kind is not Kind.ORGANISATION:
            raise NotThere
        of = await cases.cases_of_organisation(snapshot, organisation)

        async def fetch(snapshot: Snapshot, begin: int | None, most: int) -> list[Any]:
            return await cases.trail_of_cases(snapshot, of, limit=most, after=begin or 0)

        steps, following = await page(snapshot, "trail-of-organisation", cursor, limit, fetch, position)
        return Page(items=await trails.told(steps, Names(snapshot, queries.vault), public=False), next=following)
