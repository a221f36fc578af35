"""RFC 8785 bytes of what was made of entries that were read: written by functions that are made once for each class.

Whatever text and numbers may be was seen to when they were read, so nothing is checked again.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from json.encoder import encode_basestring
from typing import Any

from domain.shapes import Malformed


def spelt(value: Any) -> bytes:
    """The bytes of `domain.codec.canonical(to_data(value))`; raises `Malformed` for what has no place in an entry."""
    return _text(value).encode()


def _text(value: Any) -> str:
    written: str = _WRITERS[value.__class__](value)
    return written


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes objects, by their very class; made when the first one is met."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = _writer(kind)
        return self[kind]


def _writer(kind: type) -> Callable[[Any], str]:
    if is_dataclass(kind):
        return _of_members([field.name for field in fields(kind)])
    for known, write in _KNOWN.items():
        if issubclass(kind, known):
            return write
    raise Malformed(f"{kind.__name__} has no place in an entry")


def _of_members(names: list[str]) -> Callable[[Any], str]:
    """What writes an object's members in the order of their names, written out."""
    told = ",".join(f'"{name}":{{writers[(x := held.{name}).__class__](x)}}' for name in sorted(names))
    scope: dict[str, Any] = {"writers": _WRITERS}
    exec(f"def write(held):\n return f'{{{{{told}}}}}'", scope)  # noqa: S102 - names of fields alone
    write: Callable[[Any], str] = scope["write"]
    return write


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _null(_value: None) -> str:
    return "null"


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


def _several(values: Any) -> str:
    return f"[{','.join([_WRITERS[value.__class__](value) for value in values])}]"


def _set(values: Any) -> str:
    return _several(sorted(values))


def _named(values: Mapping[str, Any]) -> str:
    return f"{{{','.join([f'{encode_basestring(name)}:{_text(value)}' for name, value in sorted(values.items())])}}}"


_KNOWN: Mapping[Any, Callable[[Any], str]] = {
    str: encode_basestring,
    bool: _truth,
    int: int.__repr__,
    type(None): _null,
    date: _day,
    tuple: _several,
    list: _several,
    frozenset: _set,
    Mapping: _named,
}
_WRITERS = _Writers()
