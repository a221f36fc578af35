"""The records as they stand, for those who follow them: JSON pages, and NDJSON of any length."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from domain.identity import TenantId
from domain.names import CLASSES
from domain.transparency.merkle import leaf_hash
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.store import EventLog
from services.api.getting import next_address
from services.api.keys import Doorkeeper
from services.api.paths import Query
from services.api.scopes import READERS
from services.application.trouble import OnlyYourEdition, RoleNotAllowed

CHUNK = 200
"""Entries read at a time while streaming."""


class EventView(msgspec.Struct, kw_only=True, frozen=True):
    """A record: its position, its leaf hash (hex) and the entry's exact bytes as JSON."""

    position: int
    leaf_hash: str
    entry: msgspec.Raw


class EventPage(msgspec.Struct, kw_only=True, frozen=True):
    """A page of records. `next` is the `after` of the following page, or None at the head."""

    items: list[EventView]
    next: str | None


def event_route(log: EventLog, doorkeeper: Doorkeeper) -> HTTPRouteHandler:
    """The route of the records."""

    @get("/v1/{tenant:str}/events", name="ListEvents")
    async def list_events(request: Request[Any, Any, Any]) -> Response[Any]:
        tenant = await reader(request, doorkeeper)
        query = Query(request.query_params.dict())
        after, types = query.whole("after") or 0, _types(query)
        if "application/x-ndjson" in request.headers.get("accept", ""):
            query.end()
            return Stream(_ndjson(log, tenant, after, types), media_type="application/x-ndjson")
        limit = query.limit()
        query.end()
        entries = await log.page(tenant, after, limit, types)
        following = str(entries[-1].position) if len(entries) == limit else None
        page = EventPage(items=[view_of(entry) for entry in entries], next=following)
        headers = {"Cache-Control": "no-store"}
        if following is not None:
            headers["Link"] = f'<{next_address(request, "after", following)}>; rel="next"'
        return Response(msgspec.json.encode(page), media_type="application/json", headers=headers)

    return list_events


async def reader(request: Request[Any, Any, Any], doorkeeper: Doorkeeper) -> TenantId:
    """Of which host somebody reads the records who may."""
    tenant = TenantId(request.path_params["tenant"])
    caller = await doorkeeper.caller(tenant, request.headers.get("authorization"))
    if caller.role not in READERS:
        raise RoleNotAllowed
    if caller.marketplace is not None:
        raise OnlyYourEdition
    return tenant


def _types(query: Query) -> tuple[str, ...]:
    told = query.one_of("type", tuple(CLASSES))
    return () if told is None else (told,)


def view_of(entry: RecordedBytes) -> EventView:
    """A record as it is shown: its bytes are the entry's, not written anew."""
    return EventView(
        position=entry.position,
        leaf_hash=leaf_hash(entry.bytes).hex(),
        entry=msgspec.Raw(entry.bytes),
    )


async def _ndjson(log: EventLog, tenant: TenantId, after: int, types: tuple[str, ...]) -> AsyncIterator[bytes]:
    """All records after a position up to the head, a line each, in constant memory."""
    while entries := await log.page(tenant, after, CHUNK, types):
        yield b"".join(msgspec.json.encode(view_of(entry)) + b"\n" for entry in entries)
        after = entries[-1].position
