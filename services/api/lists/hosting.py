"""What can be read at the entrance and in the host's office."""

from typing import Any

from domain.access.role import Role
from domain.identity import MarketplaceId, StreamId, TenantId
from services.api.lists.route import PAGED, QueryRoute, required_marketplace
from services.api.paths import Query
from services.api.problems import QueryUnusable
from services.application import views
from services.application.queries import Queries
from services.application.questions import badges, to_tell


async def _badges(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    marketplace, code = required_marketplace(query), query.text("code", 20)
    if code is None:
        raise QueryUnusable(errors=[{"parameter": "code", "detail": "Say which badge: the code on it."}])
    return await badges.badges(queries, tenant, marketplace, code)


async def _to_tell(queries: Queries, tenant: TenantId, id_: StreamId, query: Query) -> Any:
    since = query.whole("since") or 0
    return await to_tell.to_tell(
        queries, tenant, MarketplaceId(id_), since=since, limit=query.limit(), cursor=query.text("cursor")
    )


OFFICE = frozenset({Role.HOST_ADMIN, Role.LEAD, Role.CLERK})
"""Who may read how people are reached."""

HOSTING: tuple[QueryRoute, ...] = (
    QueryRoute(
        "badges",
        "FindBadge",
        "Who wears the badge of this code at an edition, and for whom the wearer may speak there.",
        views.Page[badges.BadgeView],
        _badges,
        ("marketplace", "code"),
        frozenset({"marketplace", "code"}),
    ),
    QueryRoute(
        "marketplaces/{id}/to-tell",
        "GetWhomToTell",
        "Whom to tell that an edition was moved or called off, how they are reached, and what they had listed.",
        to_tell.ToTellView,
        _to_tell,
        ("since", *PAGED),
        roles=OFFICE,
    ),
)
