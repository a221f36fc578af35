"""Files to take over: `POST /v1/{tenant}/imports/preview` tells what they come to, `…/confirm` carries them out.

A file's digest is its idempotency key: it stands for these bytes, asked for this, and for nothing else.
"""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from domain.identity import MarketplaceId, TenantId
from services.api.keys import Doorkeeper
from services.api.paths import Query
from services.api.problems import FileTypeUnusable, QueryUnusable
from services.application.asking import Caller
from services.application.commands import Application
from services.application.importing.asked import Import
from services.application.importing.columns import Kind
from services.application.importing.confirm import confirm
from services.application.importing.preview import preview
from services.application.importing.table import Form
from services.application.queries import Queries

KINDS = tuple(kind.value for kind in Kind)
DIGEST = "^[0-9a-f]{64}$"


def import_routes(application: Application, queries: Queries, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """The two routes. A file is the request's body, as it is."""

    @post("/v1/{tenant:str}/imports/preview", name="PreviewImport", status_code=200)
    async def preview_import(request: Request[Any, Any, Any]) -> Response[bytes]:
        caller, query = await _asking(request, queries, doorkeeper)
        asked = await _import(request, query)
        query.end()
        return _json(await preview(queries, caller, asked), 200)

    @post("/v1/{tenant:str}/imports/confirm", name="ConfirmImport", status_code=201)
    async def confirm_import(request: Request[Any, Any, Any]) -> Response[bytes]:
        caller, query = await _asking(request, queries, doorkeeper)
        asked, digest = await _import(request, query), _required("digest", query.text("digest"))
        query.end()
        correlation = request.scope["state"].get("request_id")
        return _json(await confirm(application, queries, caller, asked, digest, correlation), 201)

    return [preview_import, confirm_import]


async def _asking(request: Request[Any, Any, Any], queries: Queries, doorkeeper: Doorkeeper) -> tuple[Caller, Query]:
    tenant = TenantId(request.path_params["tenant"])
    caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
    query = Query(request.query_params.dict())
    position = query.whole("wait_for")
    if position is not None:
        await queries.wait_for(tenant, position)
    return caller, query


async def _import(request: Request[Any, Any, Any], query: Query) -> Import:
    kind = _required("kind", query.one_of("kind", KINDS))
    marketplace = query.id("marketplace")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (*Form,):
        raise FileTypeUnusable
    return Import(
        Kind(kind), None if marketplace is None else MarketplaceId(marketplace), Form(media_type), await request.body()
    )


def _required(name: str, told: str | None) -> str:
    if told is None:
        raise QueryUnusable(errors=[{"parameter": name, "detail": "It has to be said."}])
    return told


def _json(view: Any, status: int) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(view), status_code=status, media_type="application/json", headers=headers)
