"""What integrators read before they listen: schemas, AsyncAPI, and a page of all event types."""

from functools import cache
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from domain.refusal import NotThere
from domain.streaming.audience import Audience
from domain.streaming.catalogue import CATALOGUE, EventType
from domain.streaming.schemas import data_schema, entry_schema, told_schema
from services.api import asyncapi
from services.api.types_page import CSP, page

SCHEMA = "application/schema+json"
_KEPT = {"Cache-Control": "public, max-age=3600"}


class Replacement(msgspec.Struct, kw_only=True, frozen=True):
    """Which type takes another's place, when that was said, and from when on it is so (days)."""

    by: str
    announced: str
    sunset: str


class EventTypeView(msgspec.Struct, kw_only=True, frozen=True):
    """A type of record. `audience` is the least that hears of it; `schemas` are where its data is described.

    `stored` describes the data as it stands in the log, the others as each audience is told it.
    """

    type: str
    version: int
    audience: Audience
    meaning: str
    schemas: dict[str, str]
    replaced: Replacement | None


class EventTypes(msgspec.Struct, kw_only=True, frozen=True):
    """All types, in the order in which they came. One that you don't know can be ignored."""

    items: list[EventTypeView]


def describing_routes(address: str) -> list[HTTPRouteHandler]:
    """Schemas, AsyncAPI and the page, for a service that is reached at `address`. No key is needed."""

    @get("/asyncapi.json", name="GetAsyncAPI", sync_to_thread=False)
    def document() -> Response[bytes]:
        return Response(asyncapi.document(address), media_type=MediaType.JSON, headers=_KEPT)

    @get("/schemas", name="ListEventTypes", sync_to_thread=False)
    def list_types() -> Response[bytes]:
        return Response(_types(), media_type=MediaType.JSON, headers=_KEPT)

    @get("/schemas/{name:str}", name="GetSchema", sync_to_thread=False)
    def stored(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = _named(request)
        return _schema(address, request, entry_schema() if name == "entry" else data_schema(_known(name).name))

    @get("/schemas/{audience:str}/{name:str}", name="GetToldSchema", sync_to_thread=False)
    def seen(request: Request[Any, Any, Any]) -> Response[bytes]:
        audience = request.path_params["audience"]
        if audience not in Audience.__members__.values():
            raise NotThere
        schema = told_schema(_known(_named(request)).name, Audience(audience))
        if schema is None:
            raise NotThere
        return _schema(address, request, schema)

    @get("/docs/events", name="EventDocs", sync_to_thread=False)
    def docs() -> Response[str]:
        return Response(page(), media_type=MediaType.HTML, headers=_KEPT | {"Content-Security-Policy": CSP})

    return [document, list_types, stored, seen, docs]


def _named(request: Request[Any, Any, Any]) -> str:
    name: str = request.path_params["name"]
    if not name.endswith(".json"):
        raise NotThere
    return name.removesuffix(".json")


def _known(name: str) -> EventType:
    if name not in CATALOGUE:
        raise NotThere
    return CATALOGUE[name]


def _schema(address: str, request: Request[Any, Any, Any], schema: dict[str, Any]) -> Response[bytes]:
    """A schema, with its own address as its id."""
    body = msgspec.json.encode({"$id": f"{address}{request.url.path}", **schema})
    return Response(body, media_type=SCHEMA, headers=_KEPT)


@cache
def _types() -> bytes:
    return msgspec.json.encode(EventTypes(items=[_view(type_) for type_ in CATALOGUE.values()]))


def _view(type_: EventType) -> EventTypeView:
    told = [audience for audience in Audience if audience.includes(type_.audience)]
    replaced = type_.replaced
    return EventTypeView(
        type=type_.name,
        version=type_.version,
        audience=type_.audience,
        meaning=type_.meaning,
        schemas={"stored": f"/schemas/{type_.name}.json"}
        | {audience.value: f"/schemas/{audience.value}/{type_.name}.json" for audience in told},
        replaced=None
        if replaced is None
        else Replacement(by=replaced.by, announced=replaced.announced.isoformat(), sunset=replaced.sunset.isoformat()),
    )
