"""What can be read of organisations that were perhaps entered twice."""

from typing import Any

from domain.identity import StreamId, TenantId
from services.api.lists.route import QueryRoute
from services.api.paths import Query
from services.application.queries import Queries
from services.application.questions.duplicates import DuplicatesView, duplicates


async def _duplicates(queries: Queries, tenant: TenantId, _: StreamId, query: Query) -> Any:
    return await duplicates(queries, tenant, query.limit())


DUPLICATES: tuple[QueryRoute, ...] = (
    QueryRoute(
        "organisations/duplicates",
        "ListDuplicates",
        "Pairs of organisations that may be one, the likeliest first, with the reasons.",
        DuplicatesView,
        _duplicates,
        ("limit",),
    ),
)
