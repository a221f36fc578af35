"""The records as they stand, for those who follow them: JSON pages, NDJSON of any length, and SSE."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from domain.access.roles import Role
from domain.identity import TenantId
from domain.names import CLASSES
from domain.transparency.merkle import leaf_hash
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.store import EventLog
from services.api.getting import next_address
from services.api.keys import Doorkeeper
from services.api.paths import MAX_POSITION, Query
from services.api.problems import QueryUnusable
from services.application.trouble import OnlyYourEdition, RoleNotAllowed

READERS = frozenset({Role.HOST_ADMIN, Role.LEAD, Role.AUDITOR, Role.INTEGRATOR})
"""Who may read the records themselves."""

CHUNK = 200
"""Entries read at a time while streaming."""

PING = 15.0
"""Seconds of silence after which a stream says that it lives."""

POLL = 1.0
"""Seconds after which a stream looks although nobody hinted."""


class EventView(msgspec.Struct, kw_only=True, frozen=True):
    """A record: its position, its leaf hash (hex) and the entry's exact bytes as JSON."""

    position: int
    leaf_hash: str
    entry: msgspec.Raw


class EventPage(msgspec.Struct, kw_only=True, frozen=True):
    """A page of records. `next` is the `after` of the following page, or None at the head."""

    items: list[EventView]
    next: str | None


def event_routes(log: EventLog, doorkeeper: Doorkeeper, stopping: asyncio.Event) -> list[HTTPRouteHandler]:
    """The routes of the records. `stopping` ends open streams."""

    @get("/v1/{tenant:str}/events", name="ListEvents")
    async def list_events(request: Request[Any, Any, Any]) -> Response[Any]:
        tenant = await _reader(request, doorkeeper)
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

    @get("/v1/{tenant:str}/events/stream", name="StreamEvents")
    async def stream_events(request: Request[Any, Any, Any]) -> Response[Any]:
        tenant = await _reader(request, doorkeeper)
        query = Query(request.query_params.dict())
        after, types = query.whole("after"), _types(query)
        query.end()
        resumed = _last_event_id(request.headers.get("last-event-id"))
        start = resumed if resumed is not None else after or 0
        return Stream(
            _sse(log, tenant, start, types, stopping),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return [list_events, stream_events]


async def _reader(request: Request[Any, Any, Any], doorkeeper: Doorkeeper) -> TenantId:
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


def _last_event_id(header: str | None) -> int | None:
    """Where a reader was cut off (WHATWG HTML, Server-sent events); it wins over `after`."""
    if header is None or not header.strip():
        return None
    told = header.strip()
    if not (told.isascii() and told.isdigit() and len(told) < 17 and int(told) <= MAX_POSITION):
        raise QueryUnusable("Last-Event-ID is the id of the last event you got: a position.")
    return int(told)


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


async def _sse(
    log: EventLog, tenant: TenantId, after: int, types: tuple[str, ...], stopping: asyncio.Event
) -> AsyncIterator[bytes]:
    """Records after a position, then each as it comes; `bye` when the service stops. Cut off, the reader resumes."""
    yield b"retry: 1000\n\n"
    silence = 0.0
    async with log.wakeups.watch(tenant) as watch:
        while not stopping.is_set():
            entries = await log.page(tenant, after, CHUNK, types)
            for entry in entries:
                yield _event(entry)
                after = entry.position
            if entries:
                silence = 0.0
                continue
            await _hint_or_stop(watch.wait(POLL), stopping)
            silence += POLL
            if silence >= PING:
                silence = 0.0
                yield b": ping\n\n"
    yield b"event: bye\ndata: {}\n\n"


async def _hint_or_stop(hint: Any, stopping: asyncio.Event) -> None:
    waiting = {asyncio.ensure_future(hint), asyncio.ensure_future(stopping.wait())}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def _event(entry: RecordedBytes) -> bytes:
    data = msgspec.json.encode(view_of(entry))
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (entry.position, entry.type.encode(), data)
