"""JSON Schemas (draft 2020-12) of what streams tell, made from the classes of the facts: nothing is written twice."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from domain.envelope import FORMAT
from domain.identity import AreaId, KeyId, WorkshopId
from domain.instant import Instant
from domain.names import CLASSES
from domain.streaming.audience import Audience
from domain.streaming.meanings import meaning_of
from domain.streaming.visibility import SHOWN, Members

DIALECT = "https://json-schema.org/draft/2020-12/schema"

UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ID = {"type": "string", "format": "uuid", "pattern": UUID}
_INSTANT = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$",
}
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date"},
    Instant: _INSTANT,
    AreaId: {"type": "string"},
    WorkshopId: {"type": "string"},
    KeyId: {"type": "string"},
}
"""Short names are text; every other id is a UUID."""

_MOST = 2**53 - 1

_SEALED = {
    "type": "object",
    "description": "By field: the commitment to a personal value that stands in the vault (HMAC-SHA-256, hex).",
    "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_PERSONS = {
    "type": "object",
    "description": "By pseudonym: what the vault held when this was sent. Only for readers with the right to it.",
    "propertyNames": {"pattern": UUID},
    "additionalProperties": {
        "type": "object",
        "required": ["erased"],
        "properties": {
            "erased": {"type": "boolean", "description": "What was held is destroyed."},
            "name": {"type": "string"},
            "contact": {"type": "string"},
        },
        "additionalProperties": False,
    },
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each stored type's `data`, by the type's name."""
    return {name: data_schema(name) for name in CLASSES}


def data_schema(name: str) -> dict[str, Any]:
    """The schema of a record's `data` as it stands in the log. `x-audience` is the least that sees a member."""
    return _headed(name, _object(CLASSES[name], SHOWN[name].members, None)) | {"x-audience": SHOWN[name].audience.value}


def told_schema(name: str, audience: Audience) -> dict[str, Any] | None:
    """The schema of an event's `data` as `audience` is told it; None when it may not know of the type."""
    if not audience.includes(SHOWN[name].audience):
        return None
    told = _object(CLASSES[name], SHOWN[name].members, audience)
    if audience is Audience.INTERNAL:
        told["properties"]["sealed"] = _SEALED
    if audience is not Audience.PUBLIC:
        told["properties"]["persons"] = _PERSONS
    return _headed(name, told)


def any_schema(name: str) -> dict[str, Any]:
    """The schema of an event's `data` whoever is told it: what not every reader of the type sees isn't required."""
    told = _object(CLASSES[name], SHOWN[name].members, Audience.INTERNAL, SHOWN[name].audience)
    told["properties"] |= {"sealed": _SEALED, "persons": _PERSONS}
    return {"title": name, **told}


def entry_schema() -> dict[str, Any]:
    """The schema of a whole entry of the log, whatever its type; a type that you don't know can be passed over."""
    nullable_id = {"type": ["string", "null"], "pattern": UUID}
    properties = {
        "v": {"const": FORMAT, "description": "The format of entries."},
        "origin": {"type": "string", "description": "The log's lasting name.", "minLength": 1, "maxLength": 255},
        "id": _ID | {"description": "The record's id."},
        "stream": _ID | {"description": "The thing that it is about."},
        "version": {
            "type": "integer",
            "minimum": 1,
            "maximum": _MOST,
            "description": "The record's place in its stream.",
        },
        "type": {"type": "string", "description": "The stored name; it says which schema `data` has."},
        "time": _INSTANT | {"description": "When it was recorded."},
        "actor": {
            "type": "object",
            "description": "Who did it: a pseudonym or the service itself, in which role, on whose behalf.",
            "required": ["id", "role", "on_behalf_of"],
            "properties": {"id": {"type": "string"}, "role": {"type": "string"}, "on_behalf_of": nullable_id},
            "additionalProperties": False,
        },
        "cause": nullable_id | {"description": "The record that led to this one."},
        "correlation": {"type": ["string", "null"], "description": "Binds what one request did."},
        "rehearsal": {"type": "boolean", "description": "Whether it is a rehearsal (Probe), which never counts."},
        "data": {"type": "object", "description": "The fact."},
        "sealed": _SEALED,
    }
    return {
        "$schema": DIALECT,
        "title": "entry",
        "description": "An entry of the log: the exact bytes of an RFC 8785 JSON object.",
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def meaning(kind: Any) -> str:
    """The docstring of a class, as one paragraph."""
    return " ".join((kind.__doc__ or "").split())


def _headed(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": name, **schema}


def _object(
    kind: Any, members: Members | None, audience: Audience | None, sure: Audience | None = None
) -> dict[str, Any]:
    """An object of a class, with the members that `audience` sees (None: all); `members` says who sees which.

    What is required is what `sure` sees (None: all that is there).
    """
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in fields(kind):
        least = None if members is None else members[field.name]
        if isinstance(least, Audience) and audience is not None and not audience.includes(least):
            continue
        inner = None if isinstance(least, Audience) else least
        properties[field.name] = _member(kind, field.name, inner, audience, sure)
        if not isinstance(least, Audience) or sure is None or sure.includes(least):
            required.append(field.name)
        if isinstance(least, Audience) and audience is None:
            properties[field.name]["x-audience"] = least.value
    return {
        "description": meaning(kind),
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def _member(
    kind: Any, name: str, members: Members | None, audience: Audience | None, sure: Audience | None
) -> dict[str, Any]:
    told, hint = meaning_of(kind, name), get_type_hints(kind)[name]
    inner = without_none(hint)
    schema = _schema(inner, members, audience, sure)
    if get_origin(inner) is tuple:
        schema["items"] |= told.each
    schema |= told.limits
    described = {"description": told.meaning}
    if inner is hint:
        return schema | described
    if "properties" in schema or "enum" in schema or "const" in schema:
        return {"anyOf": [schema, {"type": "null"}], **described}
    return {**schema, "type": [schema["type"], "null"], **described}


def _schema(kind: Any, members: Members | None, audience: Audience | None, sure: Audience | None) -> dict[str, Any]:
    if kind in _PLAIN:
        plain = dict(_PLAIN[kind])
        return plain | {"minimum": 0, "maximum": _MOST} if kind is int else plain
    if isinstance(kind, NewType):
        return dict(_ID)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], members, audience, sure)}
    if is_dataclass(kind):
        return _object(kind, members, audience, sure)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [word.value for word in kind]}
    raise TypeError(f"{kind!r} has no place in a fact")


def without_none(hint: Any) -> Any:
    """The kind that a type hint names, where None may stand for it."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    (kind,) = (part for part in get_args(hint) if part is not type(None))
    return kind
