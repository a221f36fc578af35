"""What members of one edition may read: that edition, and what all editions of the host share."""

from collections.abc import Collection
from typing import Any

from litestar import Request

from services.api.paths import stream_id
from services.application.asking import Caller
from services.application.queries import Queries
from services.application.questions.home import home_of
from services.application.trouble import OnlyYourEdition

SHARED = frozenset({"marketplaces", "organisations", "organisations/{id}", "organisations/duplicates"})
"""Questions that aren't about one edition, and are answered nevertheless. Whatever isn't named stays closed."""


async def must_be_of_its_edition(
    caller: Caller, path: str, parameters: Collection[str], request: Request[Any, Any, Any], queries: Queries
) -> None:
    """Raise `OnlyYourEdition` when a question goes beyond the caller's edition, if the caller has only one.

    `path` and `parameters` are the question's: its address names an edition, or its query does, or it asks about a
    thing of one.
    """
    if caller.marketplace is None or path in SHARED:
        return
    told = request.path_params.get("id")
    if path.startswith("marketplaces/{id}"):
        asked = told
    elif "marketplace" in parameters:
        asked = request.query_params.get("marketplace")
    else:
        thing = None if told is None else stream_id(told)
        asked = None if thing is None else await home_of(queries, caller.tenant, thing)
    if asked != caller.marketplace:
        raise OnlyYourEdition
