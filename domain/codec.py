"""Entry bytes: RFC 8785 JSON of an envelope, strictly written and strictly read, with the standard library alone.

`infra.event_log.mapper` writes the same bytes faster; a property test holds the two together.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from domain.envelope import FORMAT, MAX_ENTRY_BYTES, Envelope
from domain.frozen import told
from domain.instant import Instant, NotAnInstant, moment
from domain.shapes import MAX_INTEGER, Malformed, reader

__all__ = [
    "MAX_INTEGER",
    "Malformed",
    "NameUnknown",
    "canonical",
    "entry_bytes",
    "from_data",
    "is_composed",
    "parse",
    "parse_strictly",
    "read_entry",
    "to_data",
]


class NameUnknown(Malformed):
    """This software doesn't know that type of event; a newer one may."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of `value`, which holds str, bool, int, None, lists and dicts with ASCII keys only.

    Raises `Malformed` for anything else: floats, integers beyond ±(2^53−1), U+0000, text that isn't NFC.
    """
    try:
        text = _ENCODER.encode(value)
        if _is_writable(text) and _DECODER.decode(text) == value:
            return text.encode()
    except (ValueError, TypeError, RecursionError):
        pass
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(raw: bytes) -> Any:
    """The value of canonical bytes; raises `Malformed` for duplicate keys, NaN, floats, and any other spelling."""
    value = _surely(raw)
    return parse_strictly(raw) if value is _DOUBT else value


def _surely(raw: bytes) -> Any:
    """The value, where a few looks at the text as a whole say that it is canonical; else `_DOUBT`, and no error.

    What is spelt again as it was has no member twice. What stands in no escape sequence stands in the text as it is:
    Unicode's NFC leaves control characters, quotes and backslashes alone.
    """
    try:
        text = raw.decode()
        value, _ = _DECODER.raw_decode(text)
        if _ENCODER.encode(value) == text and _is_writable(text):
            return value
    except (ValueError, RecursionError):
        pass
    return _DOUBT


def _is_writable(text: str) -> bool:
    """Whether no string in a JSON text has what has no place in an entry, as far as a few looks tell."""
    if '"":' in text or ("\\" in text and "\\u0000" in text):
        return False
    return text.isascii() or (is_composed(text) and _FOREIGN_KEY.search(text) is None)


def is_composed(text: str) -> bool:
    """Whether text is in Unicode NFC. Whatever is cut out of such text is, too."""
    try:
        text.encode("latin-1")  # no character before U+0300 is ever composed with another
    except UnicodeEncodeError:
        return unicodedata.is_normalized("NFC", text)
    return True


def parse_strictly(raw: bytes) -> Any:
    """What `parse` does, value by value: the slower twin that says what is wrong."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_refuse, parse_float=_refuse
        )
        written = canonical(value)
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, an integer of thousands of digits, too deep
        raise Malformed(f"not JSON: {error}") from error
    if written != raw:
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
    data = reader(fact)(entry.get("data"))
    entry["data"] = data
    envelope: Envelope = reader(Envelope)(entry)
    _check_instant(envelope.time)
    return envelope


def _check_instant(time: Instant) -> None:
    try:
        moment(time)
    except NotAnInstant as error:
        raise Malformed(str(error)) from error


def to_data(value: Any) -> Any:
    """`value` (dataclasses, enums, dates, tuples) as plain JSON values."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    members = _members(kind)
    if members is not None:
        return {name: to_data(item) for name, item in members(value).items()}
    match value:
        case StrEnum():
            return value.value
        case date() if kind is date:
            return value.isoformat()
        case tuple() | list():
            return [to_data(item) for item in value]
        case frozenset():
            return sorted(to_data(item) for item in value)
        case Mapping():
            return {key: to_data(item) for key, item in value.items()}
        case _:
            return value


@cache
def _members(kind: Any) -> Callable[[Any], dict[str, Any]] | None:
    """What tells a dataclass's members by their names; None for another type."""
    if not is_dataclass(kind):
        return None
    names = tuple(field.name for field in fields(kind))
    tell = told(names)
    return lambda value: dict(zip(names, tell(value), strict=True))


def from_data(kind: Any, value: Any) -> Any:
    """An object of `kind` from plain JSON values; raises `Malformed` for a missing, unknown or mistyped member."""
    return reader(kind)(value)


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
    if not is_composed(value):
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


def _whole(text: str) -> int:
    value = int(text)
    if -MAX_INTEGER <= value <= MAX_INTEGER:
        return value
    raise Malformed(f"{value} is beyond 2^53-1")


_PLAIN = frozenset({str, int, bool, type(None)})
_DOUBT = object()
_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, parse_int=_whole)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
_FOREIGN_KEY = re.compile(r'[^\x00-\x7f](?:[^"\\]|\\.)*":')
"""From a character that isn't ASCII to the end of the text in which it stands, if that is a member's name."""
