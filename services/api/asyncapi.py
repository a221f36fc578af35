"""AsyncAPI 3.1 from the one table of event types: which messages go out, on which ways, and what they hold."""

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import msgspec

from domain.codec import canonical
from domain.identity import StreamId, TenantId
from domain.streaming.audience import Audience
from domain.streaming.catalogue import CATALOGUE, EventType
from domain.streaming.places import edition_named
from domain.streaming.schemas import any_schema
from infra.event_log.outcomes import RecordedBytes
from infra.streams.cloudevent import MEDIA_TYPE, cloudevent
from infra.streams.feed import Heard

VERSION = "3.1.0"

_TENANT = {"description": "The host's short name.", "examples": ["essen"]}
_EXAMPLE = TenantId("essen")
_POSITION = 17

_ABOUT = """What a host's log tells those who listen to it. Every message is a CloudEvent (1.0, JSON, structured) \
whose `type` is the name under which the record is stored, and whose `sequence` is its position in the log: 1, 2, 3 … \
without a gap, though a reader who sees little sees gaps. The log is the truth and a push a hint: what was missed is \
pulled from `/v1/{tenant}/events`, which OpenAPI describes (`/openapi.json`).

Each type, and each member of its data, says the least audience that sees it (`x-audience`): public, partner, \
internal. A type that you don't know can be ignored. A type that another replaces says so for twelve months before."""

_EXTENSIONS: dict[str, dict[str, Any]] = {
    "sequence": {"type": "string", "pattern": "^[0-9]{16}$", "description": "The record's position, zero-padded."},
    "tenant": {"type": "string", "description": "The host's short name."},
    "streamversion": {"type": "integer", "minimum": 1, "description": "The record's place in its stream."},
    "rehearsal": {"type": "boolean", "description": "Whether it is a rehearsal (Probe), which never counts."},
    "marketplace": {"type": "string", "description": "The edition that it belongs to, if to one."},
    "cause": {"type": "string", "description": "The id of the record that led to this one. Not for the public."},
    "correlation": {"type": "string", "description": "Binds what one request did. Internal."},
    "actor": {"type": "string", "description": "The pseudonym of who did it. Internal."},
    "actorrole": {"type": "string", "description": "In which role. Internal."},
    "onbehalfof": {"type": "string", "description": "For which participation. Internal."},
    "leafhash": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "The leaf (RFC 6962) by which a receipt proves the record. Internal.",
    },
    "dataref": {"type": "string", "description": "In thin events, which have no data: where the record is pulled."},
}
_CONTEXT = {
    "type": "object",
    "description": "CloudEvents 1.0.2 in the JSON format.",
    "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "tenant", "streamversion"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "The record's id; with `source` it is unique for ever."},
        "source": {"type": "string", "format": "uri-reference", "description": "The log's lasting name."},
        "type": {"type": "string"},
        "subject": {"type": "string", "description": "The stream: the thing that it is about."},
        "time": {"type": "string", "format": "date-time", "description": "When it was recorded."},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {
            "type": "string",
            "format": "uri",
            "description": "The JSON Schema of `data` for your audience.",
        },
        **_EXTENSIONS,
    },
}


@cache
def document(address: str) -> bytes:
    """The document as JSON, for a service that is reached at `address`."""
    return msgspec.json.encode(build(address))


def build(address: str) -> dict[str, Any]:
    """The document."""
    outside = urlsplit(address)
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Handschlag",
            "version": version("handschlag"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
            "externalDocs": {"url": f"{address}/docs/events"},
        },
        "defaultContentType": MEDIA_TYPE,
        "servers": {
            "service": {
                "host": outside.netloc,
                "protocol": outside.scheme,
                "pathname": outside.path or "/",
                "security": [{"$ref": "#/components/securitySchemes/key"}],
            },
            "broker": {
                "host": "{broker}",
                "protocol": "nats",
                "description": "A NATS JetStream server, where the operator has named one.",
                "variables": {"broker": {"description": "The operator tells.", "default": "localhost:4222"}},
            },
        },
        "channels": _channels(),
        "operations": {
            name: {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}
            for name, channel, summary in _OPERATIONS
        },
        "components": {
            "messages": {name: _message(type_, address) for name, type_ in CATALOGUE.items()},
            "schemas": {"cloudevent": _CONTEXT} | {name: any_schema(name) for name in CATALOGUE},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


_OPERATIONS = (
    ("stream", "stream", "Send each record to whoever listens, as it comes."),
    ("deliver", "webhook", "Post each record to an endpoint, in order, at least once."),
    ("relay", "relay", "Publish each record to a broker, in order."),
)


def _channels() -> dict[str, Any]:
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in CATALOGUE}
    service, broker = {"$ref": "#/servers/service"}, {"$ref": "#/servers/broker"}
    return {
        "stream": {
            "address": "/v1/{tenant}/events/stream",
            "title": "Server-sent events",
            "description": "`id` is the position, `event` the type, `data` the record, as a CloudEvent with "
            "`form=cloudevent`. Cut off, go on with `Last-Event-ID`.",
            "parameters": {"tenant": _TENANT},
            "servers": [service],
            "messages": messages,
        },
        "webhook": {
            "address": None,
            "title": "Webhooks",
            "description": "A POST to your own address, signed as Standard Webhooks has it.",
            "messages": messages,
        },
        "relay": {
            "address": "handschlag.{tenant}.{type}",
            "title": "NATS JetStream",
            "description": "A subject for each type; a type's dots are tokens of their own.",
            "parameters": {"tenant": _TENANT, "type": {"description": "The stored name of the type."}},
            "servers": [broker],
            "messages": messages,
        },
    }


def _message(type_: EventType, address: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": type_.name,
        "title": type_.name,
        "summary": type_.meaning,
        "contentType": MEDIA_TYPE,
        "tags": [{"name": type_.audience.value}],
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/cloudevent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": type_.name},
                        "data": {"$ref": f"#/components/schemas/{type_.name}"},
                    },
                },
            ]
        },
        "examples": [{"name": "internal", "payload": example(type_, address)}],
        "x-audience": type_.audience.value,
    }
    if type_.replaced is not None:
        told["x-deprecated"] = {
            "by": type_.replaced.by,
            "announced": type_.replaced.announced.isoformat(),
            "sunset": type_.replaced.sunset.isoformat(),
        }
    return told


def example(type_: EventType, address: str) -> dict[str, Any]:
    """An example of a type's event, as internal readers get it."""
    entry = type_.entry()
    at = datetime.fromisoformat(entry["time"]).astimezone(UTC)
    recorded = RecordedBytes(
        _POSITION, StreamId(entry["stream"]), entry["version"], type_.name, at, entry["rehearsal"], canonical(entry)
    )
    heard = Heard(recorded, entry, edition_named(entry))
    raw = cloudevent(_EXAMPLE, heard, Audience.INTERNAL, address=address)
    if raw is None:
        raise AssertionError("internal readers are told everything")
    event: dict[str, Any] = msgspec.json.decode(raw)
    return event
