"""Writers of canonical JSON: for every type of a fact's members one function, made once and used for every record.

The twin of `domain.shapes`. What RFC 8785 asks of an object is known when its class is known: which members it has and
in which order they stand. So it is written out as one text with gaps, and a value is looked at once, when it fills one.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from domain.codec import canonical, is_composed, to_data
from domain.frozen import told
from domain.shapes import MAX_INTEGER, hints_of

__all__ = ["UNLIKE", "Writer", "is_sound", "object_writer", "spelt", "writer"]

Writer: TypeAlias = Callable[[Any], str]
"""Writes a value as RFC 8785 does, if it is of its type, else raises one of `UNLIKE`.

Of texts it says nothing: whether they may stand there is seen in what was written (`is_sound`).
"""

UNLIKE = (TypeError, KeyError, AttributeError, ValueError)
"""A value isn't what its annotation says. It may be writable all the same, only not by this way."""


@cache
def writer(kind: Any) -> Writer:
    """The writer of a type: dataclasses, enums, dates, tuples of one type, mappings, optional ones, and scalars.

    Raises `TypeError` for a type that has no place in an entry.
    """
    kind, optional = _bare(kind)
    if kind is str and not optional:
        return _quoted
    if is_dataclass(kind) and not optional:
        return object_writer(kind)
    scope: dict[str, Any] = {}
    return _written_out(_gap("value", kind, optional, scope), "{value}", scope)


def object_writer(kind: Any, **always: str) -> Writer:
    """The writer of a dataclass whose objects have the members `always` besides, which are JSON already.

    One text with a gap for every member. An object of another class, be it derived of this one, is `UNLIKE` it.
    """
    hints = hints_of(kind)
    names = sorted(field.name for field in fields(kind))
    scope: dict[str, Any] = {"_kind": kind, "_told": told(tuple(names))}
    scope |= {f"_always_{name}": text for name, text in always.items()}
    lines = ["if value.__class__ is not _kind: raise TypeError(value)"]
    lines.append(f"{''.join(f'{name}, ' for name in names) or '()'} = _told(value)")
    for name in names:
        lines += _gap(name, *_bare(hints[name]), scope)
    gaps = {name: name for name in names} | {name: f"_always_{name}" for name in always}
    members = ",".join(f'"{name}":{{{gaps[name]}}}' for name in sorted(gaps))
    return _written_out(lines, f"{{{{{members}}}}}", scope)


def _written_out(lines: list[str], text: str, scope: dict[str, Any]) -> Writer:
    body = "\n".join(f" {line}" for line in [*lines, f"return f'{text}'"])
    exec(f"def _write(value):\n{body}", scope)  # noqa: S102 - names of members alone
    write: Writer = scope["_write"]
    return write


def _bare(kind: Any) -> tuple[Any, bool]:
    """A type without its name and without None, and whether it may be None."""
    optional = False
    while True:
        if hasattr(kind, "__supertype__"):
            kind = kind.__supertype__
        elif get_origin(kind) in (Union, types.UnionType):
            choices = [choice for choice in get_args(kind) if choice is not types.NoneType]
            optional = optional or len(choices) < len(get_args(kind))
            if len(choices) > 1:
                return Any, optional
            kind = choices[0]
        else:
            return kind, optional


def _gap(name: str, kind: Any, optional: bool, scope: dict[str, Any]) -> list[str]:
    """The lines that turn the value called `name` into what fills its gap."""
    lines = _filled(name, kind, scope)
    if not optional:
        return lines
    return [f"if {name} is None: {name} = 'null'", "else:", *(f" {line}" for line in lines)]


def _filled(name: str, kind: Any, scope: dict[str, Any]) -> list[str]:
    if kind is str:
        scope["_quoted"] = _quoted
        return [f"{name} = _quoted({name})"]
    if kind is int:
        return [
            f"if {name}.__class__ is not int or not -{MAX_INTEGER} <= {name} <= {MAX_INTEGER}: raise TypeError({name})"
        ]
    if kind is bool:
        scope["_booleans"] = {True: "true", False: "false"}
        return [f"if {name}.__class__ is not bool: raise TypeError({name})", f"{name} = _booleans[{name}]"]
    scope[f"_write_{name}"] = _inner(kind)
    return [f"{name} = _write_{name}({name})"]


def _inner(kind: Any) -> Writer:
    """The writer of what is no scalar of JSON."""
    origin = get_origin(kind)
    if kind is Any or origin is Literal:
        return _whatever
    if isinstance(kind, type) and is_dataclass(kind):
        return writer(kind)
    if origin in (tuple, frozenset):
        return _several(origin, get_args(kind)[0])
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(writer(get_args(kind)[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {word: _quoted(word.value) for word in kind}.__getitem__
    if kind is date:
        return _date
    raise TypeError(f"{kind} has no place in an entry")


def _whatever(value: Any) -> str:
    """What has no type of its own is written by its class; what consists of others isn't."""
    return "null" if value is None else writer(value.__class__)(value)


def _several(holder: Any, kind: Any) -> Writer:
    """The writer of a tuple, in its order, or of a set, which has none: its members' own is taken."""
    write, in_order = writer(kind), sorted if holder is frozenset else iter

    def written(value: Any) -> str:
        if value.__class__ is not holder:
            raise TypeError(value)
        return f"[{','.join([write(item) for item in in_order(value)])}]"

    return written


def _mapping(write: Writer) -> Writer:
    def written(value: Any) -> str:
        if value.__class__ is not dict or not all(name and name.isascii() for name in value):
            raise TypeError(value)
        return f"{{{','.join([f'{_quoted(name)}:{write(value[name])}' for name in sorted(value)])}}}"

    return written


def _date(value: Any) -> str:
    if value.__class__ is not date:
        raise TypeError(value)
    return f'"{value.isoformat()}"'


def spelt(value: Any) -> bytes:
    """The bytes of `canonical(to_data(value))` for what was made of entries that were read, whose texts are sound.

    Raises `Malformed` for what has no place in an entry.
    """
    try:
        return writer(value.__class__)(value).encode()
    except UNLIKE:
        return canonical(to_data(value))


def is_sound(text: str) -> bool:
    """Whether every text in what a writer wrote is in Unicode NFC and without U+0000; False: that isn't known.

    A lone surrogate shows when the text is encoded.
    """
    return ("\\" not in text or "\\u0000" not in text) and is_composed(text)
