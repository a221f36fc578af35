"""What can be read at the entrance and in the host's office."""

from typing import Any

from domain.identity import StreamId, TenantId
from services.api.lists.route import QueryRoute, required_marketplace
from services.api.paths import Query
from services.api.problems import QueryUnusable
from services.application import views
from services.application.queries import Queries
from services.application.questions import badges


async def _badges(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    marketplace, code = required_marketplace(query), query.text("code", 20)
    if code is None:
        raise QueryUnusable(errors=[{"parameter": "code", "detail": "Say which badge: the code on it."}])
    return await badges.badges(queries, tenant, marketplace, code)


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
)
