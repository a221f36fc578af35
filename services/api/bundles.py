"""`GET /v1/{tenant}/log/bundle`: everything under a signed checkpoint as one file, for auditors, in parts if need be.

A bundle is made before its first byte is sent, so it has a length and a strong ETag (its SHA-256), and a download that
was cut off goes on with the same bytes: with `If-Range` those that the tag names, without it those that the same member
was given last. While it is made, the answer is 503 with `Retry-After`, which curl and others obey by themselves.
What is handed out is noted before.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, BinaryIO

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from domain.identity import TenantId
from infra.shelf.shelf import Kept
from infra.vault.disclosures import last_disclosure, note_disclosure
from infra.vault.vault import Vault
from services.api import problems, ranges
from services.api.keys import Doorkeeper
from services.api.paths import Query
from services.api.ranges import NotInIt, Part
from services.application.asking import Caller
from services.application.bundling.disclosing import disclosed, opens
from services.application.bundling.keeping import Bundles, BundlesBusy
from services.application.proofs import Proofs
from services.application.queries import Queries
from services.application.trouble import OnlyYourEdition

CHUNK = 256 * 1024
"""Bytes that are read at a time."""

BUNDLE, DISCLOSURES = "bundle", "disclosures"
"""What is noted as handed out."""

NOT_SHARED = {"Cache-Control": "private, no-cache"}


def bundle_routes(bundles: Bundles, queries: Queries, proofs: Proofs, doorkeeper: Doorkeeper) -> list[HTTPRouteHandler]:
    """The bundle, and the values that open what its records commit to."""
    vault = queries.vault

    @get("/v1/{tenant:str}/log/bundle", name="GetBundle")
    async def bundle(request: Request[Any, Any, Any]) -> Response[Any]:
        caller, size = await _asked(request, doorkeeper)
        kept, in_parts = await _chosen(bundles, vault, caller, size, request)
        try:
            part = ranges.part(request.headers.get("range"), kept.length) if in_parts else None
        except NotInIt:
            return _nothing_there(kept)
        try:
            file = await asyncio.to_thread(kept.path.open, "rb")
        except FileNotFoundError:  # swept this very moment
            raise BundlesBusy from None
        detail = {"size": kept.size, "sha256": kept.sha256, "from": 0 if part is None else part.start}
        await note_disclosure(vault, caller.tenant, caller.member, caller.role.value, BUNDLE, detail=detail)
        return _answer(kept, file, part)

    @get("/v1/{tenant:str}/log/disclosures.ndjson", name="GetDisclosures")
    async def disclosures(request: Request[Any, Any, Any]) -> Response[Any]:
        caller, size = await _asked(request, doorkeeper)
        fields, tenant = opens(caller.role), caller.tenant
        of = (await proofs.head(tenant, size)).checkpoint.size
        detail = {"size": of, "fields": None if fields is None else sorted(fields)}
        await note_disclosure(vault, tenant, caller.member, caller.role.value, DISCLOSURES, detail=detail)
        name = f'attachment; filename="{tenant}-{of}-disclosures.ndjson"'
        headers = {"Cache-Control": "no-store", "Content-Disposition": name}
        lines = disclosed(queries.log, vault, tenant, of, fields)
        return Stream(lines, media_type="application/x-ndjson", headers=headers)

    return [bundle, disclosures]


async def _asked(request: Request[Any, Any, Any], doorkeeper: Doorkeeper) -> tuple[Caller, int | None]:
    """Who asks, and under the checkpoint of which size. Raises `RoleNotAllowed` and `OnlyYourEdition`."""
    tenant = TenantId(request.path_params["tenant"])
    caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
    opens(caller.role)
    if caller.marketplace is not None:
        raise OnlyYourEdition
    query = Query(request.query_params.dict())
    size = query.whole("size")
    query.end()
    return caller, size


async def _chosen(
    bundles: Bundles, vault: Vault, caller: Caller, size: int | None, request: Request[Any, Any, Any]
) -> tuple[Kept, bool]:
    """The bundle to be handed out, and whether a part of it may be: never of another than was begun."""
    tenant, begun = caller.tenant, request.headers.get("if-range")
    if ranges.begins(request.headers.get("range")):
        tag = ranges.tag(begun) if begun is not None else await _last(vault, caller)
        kept = None if tag is None else await bundles.tagged(tenant, tag)
        if kept is not None and size in (None, kept.size):
            return kept, True
        return await bundles.get(tenant, caller.member, size), False
    kept = await bundles.get(tenant, caller.member, size)
    return kept, begun is None or ranges.tag(begun) == kept.sha256


async def _last(vault: Vault, caller: Caller) -> str | None:
    """The tag of the bundle that this member was given last."""
    detail = await last_disclosure(vault, caller.tenant, caller.member, BUNDLE)
    return None if detail is None else str(detail.get("sha256"))


def _answer(kept: Kept, file: BinaryIO, part: Part | None) -> Response[Any]:
    sent = part or Part(0, kept.length)
    headers = NOT_SHARED | {
        "ETag": f'"{kept.sha256}"',
        "Accept-Ranges": "bytes",
        "Content-Length": str(sent.end - sent.start),
        "Content-Disposition": f'attachment; filename="{kept.tenant}-{kept.size}.zip"',
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{kept.length}"
    status = 200 if part is None else 206
    return Stream(_bytes(file, sent), status_code=status, media_type="application/zip", headers=headers)


async def _bytes(file: BinaryIO, part: Part) -> AsyncIterator[bytes]:
    """The bytes of a part. The file is open already: it can be swept meanwhile and is read to its end."""
    try:
        await asyncio.to_thread(file.seek, part.start)
        left = part.end - part.start
        while left and (chunk := await asyncio.to_thread(file.read, min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    finally:
        file.close()


def _nothing_there(kept: Kept) -> Response[bytes]:
    answer = problems.unusable(problems.RangeNotSatisfiable())
    answer.headers |= {"Content-Range": f"bytes */{kept.length}", "ETag": f'"{kept.sha256}"'}
    return answer
