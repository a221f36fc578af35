"""What the description says of a host's records as they are followed."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.names import CLASSES
from domain.streaming.audience import Audience
from infra.streams.cloudevent import BATCH_MEDIA_TYPE
from services.api.describing import EventTypes
from services.api.paths import MAX_POSITION
from services.api.pulling import JSON, MOST_WAIT, NDJSON, REACHED
from services.api.records import EventPage
from services.api.streaming import FORMS
from services.api.text import UUID

VIEWS = (EventPage, EventTypes)

Named = Callable[[Any], dict[str, Any]]
Problems = Callable[[Iterable[int]], dict[str, Any]]


def event_paths(tenant: dict[str, Any], parameter: Named, ref: Named, problems: Problems) -> dict[str, dict[str, Any]]:
    """The paths, by the document's own ways to say a tenant, a parameter, a view and problems."""
    chosen = [parameter("after"), _TYPES, parameter("marketplace"), _CONTRACT]
    limit = parameter("limit") | {"description": "How many items at most. Not with NDJSON."}
    told = {
        "description": "Records in the order of their positions.",
        "headers": {
            REACHED: {"description": "Go on after this position, whether something came or not.", "schema": _WHOLE},
            "Link": {"description": "The next page (RFC 8288).", "schema": {"type": "string"}},
        },
        "content": {
            JSON: {"schema": ref(EventPage)},
            NDJSON: {"schema": {"type": "string"}},
            BATCH_MEDIA_TYPE: {"schema": {"type": "array", "items": {"type": "object"}}},
        },
    }
    stream = {
        "description": "A stream that ends when you leave.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }

    def public(operation: str, summary: str, answer: dict[str, Any], description: str, parameters: list[Any]) -> Any:
        described = {"operationId": operation, "summary": summary, "description": description, "tags": ["events"]}
        answers = {"200": answer, **problems([400, 401, 403, 404, 503])}
        asked = {"security": [{}, {"key": []}], "parameters": [tenant, *parameters]}
        return {"get": described | asked | {"responses": answers}}

    return {
        "/v1/{tenant}/events": public(
            "ListEvents", "Records after a position, as far as your key tells.", told, _PULL, [*chosen, limit, _WAIT]
        ),
        "/v1/{tenant}/events/stream": public(
            "StreamEvents", "The records after a position and then each as it comes.", stream, _STREAM,
            [*chosen, _FORM, _LAST],
        ),
    }  # fmt: skip


_PULL = """A page as JSON; as CloudEvents with `Accept: application/cloudevents-batch+json`; all of them, a line each, \
with `Accept: application/x-ndjson`. Without a key you are told what everybody may know. Types: `/docs/events`."""

_STREAM = """Server-sent events: `id` is the position, `event` the type, `data` the record; `advance` says how far you \
have come, `bye` that the stream ends and you shall come again, with `Last-Event-ID`."""


def _in_query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_WHOLE = {"type": "integer", "minimum": 0, "maximum": MAX_POSITION}
_TYPES = _in_query(
    "type",
    {"type": "array", "minItems": 1, "items": {"type": "string", "enum": sorted(CLASSES)}},
    "Only records of these types.",
) | {"style": "form", "explode": False}
_CONTRACT = _in_query(
    "contract", {"type": "string", "pattern": UUID}, "Of one contract, the negotiation it came of included."
)
_WAIT = _in_query(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": MOST_WAIT, "default": 0},
    "Where there is nothing: answer when something comes, at the latest after so many seconds. Not with NDJSON.",
)
_FORM = _in_query(
    "form",
    {"type": "string", "enum": list(FORMS)},
    "The record as it stands (internal keys without personal values), or as a CloudEvent.",
)
_LAST = {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string", "pattern": "^[0-9]{1,16}$"}}


def describing_paths(ref: Named, problems: Problems) -> dict[str, dict[str, Any]]:
    """What is read before listening: no key is needed."""
    name = _in_path("name", "The stored name and `.json`; `entry.json` is that of a whole record.")
    audience = _in_path("audience", "As this audience is told it.") | {
        "schema": {"type": "string", "enum": [each.value for each in Audience]}
    }
    schema = {"description": "A JSON Schema (2020-12).", "content": {"application/schema+json": _OBJECT}}
    asyncapi = {"description": "The document.", "content": {"application/json": _OBJECT}}
    types = {"description": "Every type.", "content": {"application/json": {"schema": ref(EventTypes)}}}

    def public(operation: str, summary: str, answer: dict[str, Any], parameters: list[Any]) -> dict[str, Any]:
        told = {"operationId": operation, "summary": summary, "tags": ["event types"], "parameters": parameters}
        return {"get": told | {"responses": {"200": answer, **(problems([404]) if parameters else {})}}}

    return {
        "/asyncapi.json": public("GetAsyncAPI", "The streams as AsyncAPI 3.1.", asyncapi, []),
        "/schemas": public("ListEventTypes", "All types of records: who sees them, what they mean.", types, []),
        "/schemas/{name}": public("GetSchema", "What a type's data is in the log.", schema, [name]),
        "/schemas/{audience}/{name}": public(
            "GetToldSchema", "What a type's data is as an audience is told it.", schema, [audience, name]
        ),
    }


_OBJECT = {"schema": {"type": "object"}}


def _in_path(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": r"^[a-z0-9_.]{1,100}\.json$"}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
