"""What the description says of a host's records as they are followed."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.streaming.audience import Audience
from services.api.describing import EventTypes
from services.api.events import EventPage

VIEWS = (EventPage, EventTypes)

Named = Callable[[Any], dict[str, Any]]
Problems = Callable[[Iterable[int]], dict[str, Any]]


def event_paths(tenant: dict[str, Any], parameter: Named, ref: Named, problems: Problems) -> dict[str, dict[str, Any]]:
    """The paths, by the document's own ways to say a tenant, a parameter, a view and problems."""
    after, types, limit = (parameter(name) for name in ("after", "type", "limit"))
    last = {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string", "pattern": "^[0-9]{1,16}$"}}
    common = {"tags": ["events"], "security": [{"key": []}]}
    return {
        "/v1/{tenant}/events": {
            "get": common
            | {
                "operationId": "ListEvents",
                "summary": "The records after a position: a page, or with Accept: application/x-ndjson all of them.",
                "parameters": [tenant, after, types, limit],
                "responses": {
                    "200": {
                        "description": "Records in the order of their positions.",
                        "content": {
                            "application/json": {"schema": ref(EventPage)},
                            "application/x-ndjson": {"schema": {"type": "string"}},
                        },
                    },
                    **problems([400, 401, 403, 404, 503]),
                },
            }
        },
        "/v1/{tenant}/events/stream": {
            "get": common
            | {
                "operationId": "StreamEvents",
                "summary": "The records after a position and then each as it comes, as server-sent events.",
                "description": "`id` is the position, `event` the type; `bye` ends a stream when the service stops.",
                "parameters": [tenant, after, types, last],
                "responses": {
                    "200": {
                        "description": "A stream that ends when you leave.",
                        "content": {"text/event-stream": {"schema": {"type": "string"}}},
                    },
                    **problems([400, 401, 403, 404, 503]),
                },
            }
        },
    }


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
