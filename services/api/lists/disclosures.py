"""Who got to read what beyond their daily work."""

from typing import Any

from domain.identity import StreamId, TenantId
from services.api.lists.route import PAGED, QueryRoute
from services.api.paths import Query, stream_id
from services.application.queries import Queries
from services.application.questions import disclosures
from services.application.reading.trouble import CursorUnusable
from services.application.views import Page


async def _disclosures(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    limit, cursor = query.limit(), query.text("cursor")
    if cursor is not None and stream_id(cursor) is None:
        raise CursorUnusable
    return await disclosures.told(queries, tenant, limit, cursor)


DISCLOSURES: tuple[QueryRoute, ...] = (
    QueryRoute(
        "disclosures",
        "ListDisclosures",
        "Who was given what beyond daily work, the newest first: bundles, opened values, information on persons.",
        Page[disclosures.NotedDisclosureView],
        _disclosures,
        PAGED,
        roles=disclosures.MAY_READ,
    ),
)
