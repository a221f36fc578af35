"""A log as others can check it: C2SP tlog-tiles below `/v1/{tenant}/log/`, proofs, receipts, keys, and its standing.

Checkpoints, tiles of hashes, proofs, keys and status are for everybody, without a key. Entries are not.
"""

import gzip
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from domain.identity import TenantId
from domain.refusal import NotThere
from domain.transparency.tiles import Tile, TileMalformed
from services.api import problems
from services.api.keys import Doorkeeper
from services.api.paths import MAX_POSITION, TENANT, Query
from services.api.problems import QueryUnusable
from services.api.scopes import READERS
from services.application.asking import Caller
from services.application.proofs import Proofs
from services.application.trouble import OnlyYourEdition, RoleNotAllowed

TEXT = "text/plain"
"""Litestar adds `; charset=utf-8`, as tlog-tiles wants it of a checkpoint."""

MOVES = {"Cache-Control": "public, max-age=1"}
"""The newest checkpoint, which nobody may keep longer than a few seconds (tlog-tiles, Checkpoints)."""

LASTS = {"Cache-Control": "public, max-age=31536000, immutable"}
"""Tiles and checkpoints of a size: they never change (tlog-tiles, Merkle Tree)."""

LASTS_FOR_YOU = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
"""Entries: they never change, and are for those who may read them."""

NOT_KEPT = {"Cache-Control": "no-store"}

TILE = "/v1/{tenant:str}/log/tile/"


def log_routes(proofs: Proofs, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """All routes of what a log shows."""
    return [*_checkpoints(proofs), *_tiles(proofs, doorkeeper), *_proofs(proofs, doorkeeper), *_standing(proofs)]


def _checkpoints(proofs: Proofs) -> list[HTTPRouteHandler]:
    @get("/v1/{tenant:str}/log/checkpoint", name="GetCheckpoint")
    async def checkpoint(request: Request[Any, Any, Any]) -> Response[Any]:
        Query(request.query_params.dict()).end()
        head = await proofs.head(_tenant(request))
        return Response(str(head.note).encode(), media_type=TEXT, headers=MOVES)

    @get("/v1/{tenant:str}/log/checkpoints/{size:str}", name="GetCheckpointOfSize")
    async def checkpoint_of_size(request: Request[Any, Any, Any]) -> Response[Any]:
        Query(request.query_params.dict()).end()
        head = await proofs.head(_tenant(request), _number(request, "size"))
        return Response(str(head.note).encode(), media_type=TEXT, headers=MOVES)

    return [checkpoint, checkpoint_of_size]


def _tiles(proofs: Proofs, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    @get(TILE + "{path:path}", name="GetTile")
    async def tile(request: Request[Any, Any, Any]) -> Response[Any]:
        Query(request.query_params.dict()).end()
        tenant = _tenant(request)
        asked = _tile(request.scope["path"].removeprefix(TILE.replace("{tenant:str}", tenant)))
        if asked.level is not None:
            return Response(await proofs.tile(tenant, asked), media_type="application/octet-stream", headers=LASTS)
        if not _reads_all(await doorkeeper.caller(tenant, request.headers.get("authorization"))):
            raise RoleNotAllowed
        entries = await proofs.bundle(tenant, asked)
        headers = dict(LASTS_FOR_YOU)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            entries = gzip.compress(entries, 6, mtime=0)
        return Response(entries, media_type="application/octet-stream", headers=headers)

    return [tile]


def _proofs(proofs: Proofs, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    @get("/v1/{tenant:str}/log/proof/inclusion", name="GetInclusionProof")
    async def inclusion(request: Request[Any, Any, Any]) -> Response[Any]:
        query = Query(request.query_params.dict())
        position, size = _needed(query, "position", 1), query.whole("size", 1)
        query.end()
        return _json(await proofs.inclusion(_tenant(request), position, size))

    @get("/v1/{tenant:str}/log/proof/consistency", name="GetConsistencyProof")
    async def consistency(request: Request[Any, Any, Any]) -> Response[Any]:
        query = Query(request.query_params.dict())
        old, new = _needed(query, "from", 0), query.whole("to")
        query.end()
        return _json(await proofs.consistency(_tenant(request), old, new))

    @get("/v1/{tenant:str}/log/receipt/{position:str}", name="GetReceipt")
    async def receipt(request: Request[Any, Any, Any]) -> Response[Any]:
        Query(request.query_params.dict()).end()
        tenant, position = _tenant(request), _number(request, "position")
        caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
        reads_all = caller.role in READERS and caller.marketplace is None
        found = await proofs.receipt(tenant, position, caller, reads_all=reads_all)
        name = f'attachment; filename="{tenant}-{position}.tlog-proof"'
        return Response(found, media_type=TEXT, headers={**NOT_KEPT, "Content-Disposition": name})

    return [inclusion, consistency, receipt]


def _standing(proofs: Proofs) -> list[HTTPRouteHandler]:
    @get("/v1/{tenant:str}/log/status", name="GetLogStatus")
    async def status(request: Request[Any, Any, Any]) -> Response[Any]:
        Query(request.query_params.dict()).end()
        return _json(await proofs.status(_tenant(request)))

    @get("/.well-known/handschlag-log-keys", name="GetLogKeys")
    async def keys(request: Request[Any, Any, Any]) -> Response[Any]:
        query = Query(request.query_params.dict())
        tenant = query.text("tenant", 63)
        query.end()
        if tenant is not None and not TENANT.fullmatch(tenant):
            raise QueryUnusable(errors=[{"parameter": "tenant", "detail": "No host can have that name."}])
        told = await proofs.keys(None if tenant is None else TenantId(tenant))
        return Response(told, media_type=TEXT, headers={"Cache-Control": "public, max-age=60"})

    @get("/health/log", name="GetLogHealth")
    async def health() -> Response[Any]:
        troubles = await proofs.troubles()
        if troubles:
            detail = "; ".join(f"{each.tenant}: {each.sentence}" for each in troubles[:20])
            return problems.unusable(problems.LogRefused(detail))
        return Response(msgspec.json.encode({"status": "signed"}), media_type=MediaType.JSON, headers=NOT_KEPT)

    return [status, keys, health]


def _tenant(request: Request[Any, Any, Any]) -> TenantId:
    return TenantId(request.path_params["tenant"])


def _number(request: Request[Any, Any, Any], name: str) -> int:
    """A number in the address, written in the one way that it can be."""
    told = request.path_params[name]
    if not (told.isascii() and told.isdigit() and len(told) < 17 and str(int(told)) == told):
        raise NotThere
    number = int(told)
    if number > MAX_POSITION:
        raise NotThere
    return number


def _tile(path: str) -> Tile:
    try:
        return Tile.parse(path)
    except TileMalformed:
        raise NotThere from None


def _needed(query: Query, name: str, least: int) -> int:
    found = query.whole(name, least)
    if found is None:
        raise QueryUnusable(errors=[{"parameter": name, "detail": "It is needed."}])
    return found


def _reads_all(caller: Caller) -> bool:
    """Whether the caller may read every entry of the host. Raises `OnlyYourEdition` for a key of one edition."""
    if caller.role in READERS and caller.marketplace is not None:
        raise OnlyYourEdition
    return caller.role in READERS


def _json(view: Any) -> Response[Any]:
    return Response(msgspec.json.encode(view), media_type=MediaType.JSON, headers=NOT_KEPT)
