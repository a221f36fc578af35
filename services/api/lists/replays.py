"""What an auditor walks through: trails across cases, and a negotiation step by step."""

from typing import Any

from domain.access.role import Role
from domain.identity import NegotiationId, OrganisationId, StreamId, TenantId
from services.api.lists.route import PAGED, QueryRoute
from services.api.paths import Query
from services.application import views
from services.application.queries import Queries
from services.application.questions import across, replay


async def _of_member(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await across.trail_of_member(queries, tenant, id_, limit=query.limit(), cursor=query.text("cursor"))


async def _of_organisation(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    return await across.trail_of_organisation(
        queries, tenant, OrganisationId(id_), limit=query.limit(), cursor=query.text("cursor")
    )


async def _replay(queries: Queries, tenant: TenantId, id_: StreamId, _: Query) -> Any:
    return await replay.replay(queries, tenant, NegotiationId(id_))


REPLAYS: tuple[QueryRoute, ...] = (
    QueryRoute(
        "members/{id}/trail",
        "GetMemberTrail",
        "Everything that a member did, in order.",
        views.Page[views.TrailStepView],
        _of_member,
        PAGED,
        roles=frozenset({Role.HOST_ADMIN, Role.AUDITOR}),
    ),
    QueryRoute(
        "organisations/{id}/trail",
        "GetOrganisationTrail",
        "Everything that an organisation was part of, at all editions, in order.",
        views.Page[views.TrailStepView],
        _of_organisation,
        PAGED,
    ),
    QueryRoute(
        "negotiations/{id}/replay",
        "ReplayNegotiation",
        "A negotiation step by step: what lay on the table after each record, and who had to answer.",
        replay.ReplayView,
        _replay,
    ),
)
