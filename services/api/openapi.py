"""OpenAPI 3.1 from the same tables as the routes, so that it says what the service does, strictness included."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from domain.listing.events import ListingKind
from services.api import problems
from services.api.commands import COMMANDS, CommandRoute
from services.api.exporting.words import LANGUAGES
from services.api.exports import EXPORTS, PARTS, ExportRoute
from services.api.imports import DIGEST, KINDS
from services.api.lists import QUERIES, QueryRoute
from services.api.openapi_bundles import bundle_paths
from services.api.openapi_events import VIEWS as EVENT_VIEWS
from services.api.openapi_events import describing_paths, event_paths
from services.api.openapi_log import VIEWS as LOG_VIEWS
from services.api.openapi_log import log_paths
from services.api.openapi_sandbox import sandbox_paths
from services.api.openapi_webhooks import VIEWS as WEBHOOK_VIEWS
from services.api.openapi_webhooks import Webhooks
from services.api.outer import MAX_BODY, MAX_FILE
from services.api.paths import DEFAULT_LIMIT, MAX_LIMIT, MAX_POSITION
from services.api.posting import MAX_KEY
from services.api.sandbox import VIEWS as SANDBOX_VIEWS
from services.api.sandbox import PlayBody
from services.api.text import UUID
from services.application.asking import Receipt
from services.application.importing.confirm import ConfirmedView
from services.application.importing.preview import PreviewView
from services.application.importing.table import MAX_ROWS, Form
from services.application.questions.persons import InformationView
from services.application.views import SeasonView

_REF = "#/components/schemas/{name}"
_TENANT = {
    "name": "tenant",
    "in": "path",
    "required": True,
    "description": "The host's short name.",
    "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 63},
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": UUID}}
_POSITION = {"type": "integer", "minimum": 0, "maximum": MAX_POSITION}
_MOMENT = {"anyOf": [_POSITION, {"type": "string", "format": "date-time"}]}

_QUERY_SCHEMAS: dict[str, tuple[dict[str, Any], str]] = {
    "limit": (
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "How many items at most.",
    ),
    "cursor": ({"type": "string", "minLength": 1, "maxLength": 400}, "The `next` of the page before."),
    "marketplace": ({"type": "string", "pattern": UUID}, "Of one edition."),
    "as_of": (
        _MOMENT,
        "A position, or a time with its offset from UTC.",
    ),
    "wait_for": (_POSITION, "Answer when the views tell of this position: read your own writes."),
    "after": (_POSITION, "Records after this position."),
    "lang": ({"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}, "The language of its words."),
    "part": ({"type": "string", "enum": list(PARTS), "default": PARTS[0]}, "A row a contract, or a row a pledge."),
    "since": (_MOMENT, "What came after this position or time."),
    "until": (_MOMENT, "Up to and with this position or time; without it, up to now."),
    "kind": ({"type": "string", "enum": [kind.value for kind in ListingKind]}, "Offers, or needs."),
    "area": ({"type": "string", "minLength": 1, "maxLength": 64}, "Of one trading area: its id."),
    "q": (
        {"type": "string", "minLength": 1, "maxLength": 200},
        "Words of the title, in German or English; the last one may be the beginning of a word.",
    ),
    "open": (
        {"type": "string", "enum": ["true", "false"]},
        "Of which something can still be promised, or nothing can.",
    ),
    "code": ({"type": "string", "minLength": 1, "maxLength": 20}, "What stands on a badge, however it is typed."),
    "order": ({"type": "string", "enum": ["drafted", "newest"], "default": "drafted"}, "Newest first, or last."),
}


_BESIDE = (Receipt, *EVENT_VIEWS, SeasonView, PreviewView, ConfirmedView, InformationView, *LOG_VIEWS, *WEBHOOK_VIEWS)
"""What is answered where no table says so."""


@cache
def document() -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(build())


def build() -> dict[str, Any]:
    """The document."""
    types = [route.body for route in COMMANDS] + [route.view for route in QUERIES]
    _, components = msgspec.json.schema_components([*types, *_BESIDE, *SANDBOX_VIEWS], ref_template=_REF)
    components["EventView"]["properties"]["entry"] = {
        "type": "object",
        "description": "The entry. For internal keys RFC 8785 JSON, byte for byte as it was hashed.",
    }
    paths: dict[str, dict[str, Any]] = {}
    for command in COMMANDS:
        paths.setdefault("/v1/{tenant}/" + command.path, {})["post"] = _command(command)
    for query in QUERIES:
        paths.setdefault("/v1/{tenant}/" + query.path, {})["get"] = _query(query)
    for export in EXPORTS:
        paths.setdefault("/v1/{tenant}/" + export.path, {})["get"] = _export(export)
    paths |= Webhooks((_TENANT, _ID), (_idempotency_key(), _if_match()), _ref, _problems).paths()
    paths |= event_paths(_TENANT, _parameter, _ref, _problems) | describing_paths(_ref, _problems)
    paths |= _imports() | _information() | _season() | log_paths(_TENANT, _told, _problems)
    paths |= bundle_paths(_TENANT, _problems)
    paths |= sandbox_paths(_TENANT, _told, _problems, _ref(PlayBody))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Handschlag",
            "version": version("handschlag"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": _ABOUT,
        },
        "paths": paths,
        "components": {
            "schemas": components | {"Problem": _PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


_ABOUT = """Marketplaces of help for help. Every command is a POST with an `Idempotency-Key` (files to take over \
have their digest instead); what exists is changed \
only with `If-Match`, the ETag that you saw. A command answers with its position in the log; a GET with `wait_for` \
that position has read it. Decoding is strict: unknown members, numbers as strings and times without offset are \
refused. Problems are RFC 9457, and their types last."""

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^/problems/"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "current_version": {"type": "integer"},
        "kept": {"type": "string", "description": "The entry that a merged organisation was merged into."},
        "until": {"type": "string", "format": "date", "description": "The day up to which it has to be kept."},
        "basis": {"type": "string", "description": "Why it has to be kept."},
        "done": {"type": "integer", "description": "How many records of a bundle are written."},
        "of": {"type": "integer", "description": "How many records it will have."},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def _ref(view: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([view], ref_template=_REF)
    return schema


def _command(route: CommandRoute) -> dict[str, Any]:
    headers = [_idempotency_key()] if route.creates else [_idempotency_key(), _if_match()]
    parameters = [_TENANT, *([] if route.creates else [_ID]), *headers]
    statuses = [400, 401, 403, 404, 409, 413, 415, 422, 503, *([] if route.creates else [412, 428])]
    return {
        "operationId": route.operation,
        "summary": _sentence(route.body.command),
        "description": _sentence(route.body),
        "tags": [route.path.partition("/")[0]],
        "security": [{"key": []}],
        "parameters": parameters,
        "requestBody": {
            "required": not route.bodiless,
            "description": f"At most {MAX_BODY} bytes.",
            "content": {"application/json": {"schema": _ref(route.body)}},
        },
        "responses": {
            "201": {
                "description": "Recorded; or, with `replayed`, the first answer to this key.",
                "headers": _headers(
                    ETag="The thing's version.",
                    Location="The records that this left.",
                    Link="The signed receipt (C2SP tlog-proof), which is there within a second.",
                ),
                "content": {"application/json": {"schema": _ref(Receipt)}},
            },
            **_problems(statuses),
        },
    }


def _query(route: QueryRoute) -> dict[str, Any]:
    names = (*route.parameters, "wait_for")
    parameters = [_parameter(name, route) for name in names]
    has_id = "{id}" in route.path
    statuses = [400, 401, 403, 404, 503, *([410] if route.paged else [])]
    link = {"headers": _headers(Link="The next page (RFC 8288).")} if route.paged else {}
    return {
        "operationId": route.operation,
        "summary": route.summary,
        "tags": [route.path.partition("/")[0]],
        "security": [{"key": []}],
        "parameters": [_TENANT, *([_ID] if has_id else []), *parameters],
        "responses": {
            "200": {
                "description": route.summary,
                "content": {"application/json": {"schema": _ref(route.view)}},
                **link,
            },
            **_problems(statuses),
        },
    }


def _export(route: ExportRoute) -> dict[str, Any]:
    has_id = "{id}" in route.path
    parameters = [_parameter(name) for name in (*route.parameters, "wait_for")]
    return {
        "operationId": route.operation,
        "summary": route.summary,
        "tags": ["exports"],
        "security": [{"key": []}],
        "parameters": [_TENANT, *([_ID] if has_id else []), *parameters],
        "responses": {
            "200": {
                "description": route.summary,
                "content": {
                    route.media_type: {"schema": {"type": "object" if "json" in route.media_type else "string"}}
                },
            },
            **_problems([400, 401, 403, 404, 409, 503]),
        },
    }


def _imports() -> dict[str, dict[str, Any]]:
    kind = {"name": "kind", "in": "query", "required": True, "schema": {"type": "string", "enum": list(KINDS)}}
    digest = {"name": "digest", "in": "query", "required": True, "schema": {"type": "string", "pattern": DIGEST}}
    parameters = [_TENANT, kind, _parameter("marketplace"), _parameter("wait_for")]
    file = {"schema": {"type": "string", "contentEncoding": "binary"}}
    body = {
        "required": True,
        "description": f"The file: at most {MAX_FILE} bytes and {MAX_ROWS} rows.",
        "content": {form.value: file for form in Form},
    }
    common = {"tags": ["imports"], "security": [{"key": []}], "requestBody": body}
    preview = common | {
        "operationId": "PreviewImport",
        "summary": "What a file would come to: rows as understood, bad rows, likely duplicates. Nothing is recorded.",
        "parameters": parameters,
        "responses": {"200": _told(PreviewView), **_problems([400, 401, 403, 404, 413, 415, 422, 503])},
    }
    confirm = common | {
        "operationId": "ConfirmImport",
        "summary": "Take over a file that was previewed. Its digest says which: repeated, it does nothing twice.",
        "parameters": [*parameters, digest],
        "responses": {"201": _told(ConfirmedView), **_problems([400, 401, 403, 404, 409, 413, 415, 422, 503])},
    }
    return {"/v1/{tenant}/imports/preview": {"post": preview}, "/v1/{tenant}/imports/confirm": {"post": confirm}}


def _information() -> dict[str, dict[str, Any]]:
    asked = {
        "operationId": "GetInformation",
        "summary": "Everything that is held on a person, as a file. It is noted who asks.",
        "tags": ["persons"],
        "security": [{"key": []}],
        "parameters": [_TENANT, _ID],
        "responses": {"200": _told(InformationView), **_problems([401, 403, 404, 503])},
    }
    return {"/v1/{tenant}/persons/{id}/information": {"get": asked}}


def _told(view: Any) -> dict[str, Any]:
    return {"description": _sentence(view), "content": {"application/json": {"schema": _ref(view)}}}


def _season() -> dict[str, dict[str, Any]]:
    year = {"name": "year", "in": "path", "required": True}
    return {
        "/v1/season/{year}": {
            "get": {
                "operationId": "GetSeason",
                "summary": "A season over all hosts, from what they announced. No key is needed.",
                "tags": ["season"],
                "parameters": [year | {"schema": {"type": "integer", "minimum": 1990, "maximum": 2200}}],
                "responses": {
                    "200": {
                        "description": "Sums with qualifiers, and every host's figures.",
                        "content": {"application/json": {"schema": _ref(SeasonView)}},
                    },
                    **_problems([404, 503]),
                },
            }
        }
    }


def _parameter(name: str, route: QueryRoute | None = None) -> dict[str, Any]:
    if name == "state" and route is not None:
        schema: dict[str, Any] = {"type": "string", "enum": list(route.states)}
        description = "Only those in this state."
    else:
        schema, description = _QUERY_SCHEMAS[name]
    required = route is not None and name in route.required
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def _idempotency_key() -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Fresh for each request; a repeated one is answered as the first.",
        "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": MAX_KEY},
    }


def _if_match() -> dict[str, Any]:
    return {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": 'The ETag that you saw, like "3", or *.',
        "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|[0-9]{1,9}|\\*)$'},
    }


def _headers(**described: str) -> dict[str, Any]:
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in described.items()}


_MEANING = {
    400: "The request can't be understood.",
    401: "No key, or one that opens nothing here.",
    403: "The key's role may not do this, or not at this marketplace.",
    404: "There is no such thing at this host.",
    409: "A rule of the marketplace, or where things stand, forbids it.",
    408: "The request didn't come whole in time.",
    410: "The cursor has expired.",
    412: "It has changed since you looked.",
    413: "The body is too large.",
    415: "The body isn't by its content type what is asked for.",
    416: "There is nothing behind the end.",
    422: "The body, or what it says, can't be used.",
    428: "If-Match is missing.",
    503: "Not just now; ask again.",
}


def _problems(statuses: Iterable[int]) -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    named = set(statuses)
    if 413 in named:  # where a body is read, it has to come
        named.add(408)
    return {str(status): {"description": _MEANING[status], "content": content} for status in sorted(named)}


def _sentence(told: Any) -> str:
    return " ".join((told.__doc__ or "").split())
