"""The API's routes that come right after a start: rooms that are entered now and then.

Litestar takes more than half a millisecond to register a route, and each makes the next dearer. Whoever enters a room
that isn't there yet waits for it (`services.cli.front`).
"""

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

from services.api import openapi
from services.api.bundles import bundle_routes
from services.api.describing import describing_routes
from services.api.docs import docs_routes
from services.api.imports import import_routes
from services.api.keys import Doorkeeper
from services.api.log import log_routes
from services.api.sandbox import Sandboxes, sandbox_routes
from services.api.webhooks import webhook_routes
from services.application.bundling.keeping import Bundles
from services.application.commands import Application
from services.application.proofs import Proofs
from services.application.queries import Queries
from services.application.webhooks.desk import Webhooks


def room_routes(
    application: Application,
    queries: Queries,
    proofs: Proofs,
    bundles: Bundles,
    webhooks: Webhooks,
    doorkeeper: Doorkeeper,
    sandboxes: Sandboxes,
    address: str,
) -> list[HTTPRouteHandler]:
    """Documents, the log's proofs and bundles, webhooks, sandboxes, files to take over."""
    return [
        *import_routes(application, queries, doorkeeper),
        *log_routes(proofs, doorkeeper),
        *bundle_routes(bundles, queries, proofs, doorkeeper),
        *webhook_routes(webhooks, doorkeeper),
        *sandbox_routes(sandboxes, doorkeeper),
        *docs_routes(),
        *describing_routes(address),
        _document(),
    ]


def _document() -> HTTPRouteHandler:
    @get("/openapi.json", name="GetOpenAPI")
    async def document() -> Response[bytes]:
        return Response(openapi.document(), media_type=MediaType.JSON)

    return document
