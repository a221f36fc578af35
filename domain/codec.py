"""Entry bytes: RFC 8785 JSON of an envelope, strictly written and strictly read, with the standard library alone.

`infra.event_log.mapper` writes the same bytes faster; a property test holds the two together.
"""

import json
import types
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from domain.envelope import FORMAT, MAX_ENTRY_BYTES, Envelope
from domain.instant import Instant, NotAnInstant, moment

MAX_INTEGER = 2**53 - 1


class Malformed(ValueError):
    """These bytes are not an entry of this log."""


class NameUnknown(Malformed):
    """This software doesn't know that type of event; a newer one may."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of `value`, which holds str, bool, int, None, lists and dicts with ASCII keys only.

    Raises `Malformed` for anything else: floats, integers beyond ±(2^53−1), U+0000, text that isn't NFC.
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(raw: bytes) -> Any:
    """The value of canonical bytes; raises `Malformed` for duplicate keys, NaN, floats, and any other spelling."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_refuse, parse_float=_refuse
        )
        spelt = canonical(value)
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, an integer of thousands of digits, too deep
        raise Malformed(f"not JSON: {error}") from error
    if spelt != raw:
        raise Malformed("not the canonical form of RFC 8785")
    return value


def entry_bytes(envelope: Envelope) -> bytes:
    """The exact bytes of `envelope`; raises `Malformed` when it can't be an entry."""
    entry = to_data(envelope) | {"v": FORMAT}
    raw = canonical(entry)
    if len(raw) > MAX_ENTRY_BYTES:
        raise Malformed(f"an entry holds at most {MAX_ENTRY_BYTES} bytes, this one has {len(raw)}")
    return raw


def read_entry(raw: bytes, classes: Mapping[str, type]) -> Envelope:
    """The envelope of entry bytes, its `data` an object of the class that `classes` gives for its type.

    Raises `NameUnknown` for a type that isn't in `classes`, and `Malformed` for anything out of shape.
    """
    if len(raw) > MAX_ENTRY_BYTES:
        raise Malformed(f"an entry holds at most {MAX_ENTRY_BYTES} bytes, these are {len(raw)}")
    entry = parse(raw)
    if not isinstance(entry, dict) or isinstance(entry.get("v"), bool) or entry.pop("v", None) != FORMAT:
        raise Malformed("not an entry of format 1")
    name = entry.get("type")
    fact = classes.get(name) if isinstance(name, str) else None
    if fact is None:
        raise NameUnknown(f"unknown type {name!r}")
    hints = _hints(Envelope)
    if entry.keys() != hints.keys():
        raise Malformed(f"an entry has the members {sorted(hints)} and v, this one {sorted(entry)}")
    built = {key: from_data(fact if key == "data" else hints[key], entry[key]) for key in hints}
    _check_instant(built["time"])
    return Envelope(**built)


def _check_instant(time: Instant) -> None:
    try:
        moment(time)
    except NotAnInstant as error:
        raise Malformed(str(error)) from error


def to_data(value: Any) -> Any:
    """`value` (dataclasses, enums, dates, tuples) as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_data(getattr(value, field.name)) for field in fields(value)}
    match value:
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case tuple() | list():
            return [to_data(item) for item in value]
        case frozenset():
            return sorted(to_data(item) for item in value)
        case Mapping():
            return {key: to_data(item) for key, item in value.items()}
        case _:
            return value


def from_data(kind: Any, value: Any) -> Any:
    """An object of `kind` from plain JSON values; raises `Malformed` for a missing, unknown or mistyped member."""
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _from_optional(kind, value)
    if origin is tuple:
        if not isinstance(value, list):
            raise Malformed(f"a list is needed, not {value!r}")
        return tuple(from_data(get_args(kind)[0], item) for item in value)
    if origin is Literal:
        if value not in get_args(kind):
            raise Malformed(f"{value!r} is none of {get_args(kind)}")
        return value
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise Malformed(f"an object is needed, not {value!r}")
        return {key: from_data(get_args(kind)[1], item) for key, item in value.items()}
    if is_dataclass(kind):
        return _from_object(kind, value)
    return _from_scalar(kind, value)


def _from_optional(kind: Any, value: Any) -> Any:
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    if value is None and len(choices) < len(get_args(kind)):
        return None
    return from_data(choices[0], value)


def _from_object(kind: Any, value: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise Malformed(f"{kind.__name__} has the members {sorted(hints)}, not {value!r}")
    return kind(**{key: from_data(hint, value[key]) for key, hint in hints.items()})


def _from_scalar(kind: Any, value: Any) -> Any:
    if kind in (str, int, bool):
        if type(value) is not kind:
            raise Malformed(f"{kind.__name__} is needed, not {value!r}")
        return value
    if not isinstance(value, str):
        raise Malformed(f"text is needed for {kind.__name__}, not {value!r}")
    try:
        read = date.fromisoformat(value) if kind is date else kind(value)
    except ValueError as error:
        raise Malformed(f"{value!r} is no {kind.__name__}") from error
    if kind is date and read.isoformat() != value:
        raise Malformed(f"{value!r} is another spelling of {read.isoformat()}")
    return read


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _check(value: Any) -> None:
    match value:
        case None | bool():
            pass
        case str():
            _check_text(value)
        case int():
            if abs(value) > MAX_INTEGER:
                raise Malformed(f"{value} is beyond 2^53-1")
        case list():
            for item in value:
                _check(item)
        case dict():
            for key, item in value.items():
                if not (isinstance(key, str) and key.isascii() and key):
                    raise Malformed(f"{key!r} is not an ASCII field name")
                _check(key)
                _check(item)
        case _:
            raise Malformed(f"{type(value).__name__} has no place in an entry")


def _check_text(value: str) -> None:
    if "\x00" in value:
        raise Malformed("U+0000 has no place in an entry")
    if not unicodedata.is_normalized("NFC", value):
        raise Malformed("text is in Unicode NFC")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Malformed("a lone surrogate is not text") from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("an object names a member twice")
    return found


def _refuse(text: str) -> Any:
    raise Malformed(f"{text} has no place in an entry")
