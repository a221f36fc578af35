"""`GET /v1/{tenant}/persons/{id}/information`: everything that is held on a person, as a file. It is noted who asks."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from domain.identity import PersonId, TenantId
from domain.refusal import NotThere
from services.api.keys import Doorkeeper
from services.api.paths import stream_id
from services.application.queries import Queries
from services.application.questions.persons import information


def person_routes(queries: Queries, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """The one route that no table of questions holds: its answer depends on who asks."""

    @get("/v1/{tenant:str}/persons/{id:str}/information", name="GetInformation")
    async def tell_everything(request: Request[Any, Any, Any]) -> Response[bytes]:
        tenant = TenantId(request.path_params["tenant"])
        caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
        who = stream_id(request.path_params["id"])
        if who is None:
            raise NotThere
        view = await information(queries, caller, PersonId(who))
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="information-{who}.json"',
        }
        body = msgspec.json.format(msgspec.json.encode(view), indent=2)
        return Response(body, media_type="application/json", headers=headers)

    return [tell_everything]
