"""Readers of plain JSON values: for every type of a fact's members one function, made once and used for every record.

A verifier reads a million records with the standard library alone, so what can be looked up in type hints is looked
up when a reader is made, and not again for each value.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from sys import intern
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from domain.frozen import Maker, maker
from domain.identity import EventId
from domain.instant import Instant

Reader: TypeAlias = Callable[[Any], Any]
"""Makes an object of a plain JSON value; raises `Malformed` for one that isn't of its shape."""


MAX_INTEGER = 2**53 - 1
"""The largest number that every reader of JSON reads alike (RFC 8785 §3.2.2.3)."""

_IN_ONE_RECORD = (EventId, Instant)
"""Ids, and the like, that stand in one record or two: to keep one text for all of them would be in vain."""


class Malformed(ValueError):
    """These bytes are not an entry of this log."""


_SHARED: set[type] = set()
_MOST_SHARED = 4096
"""Objects of a shared class that are remembered: more than take part in an edition."""

Kind = TypeVar("Kind", bound=type)


def shared(kind: Kind) -> Kind:
    """Mark a frozen class of texts alone whose objects are told again and again: equal ones are read as one."""
    _SHARED.add(kind)
    return kind


@cache
def reader(kind: Any) -> Reader:
    """The reader of a type: dataclasses, enums, dates, tuples of one type, mappings, optional ones, and scalars."""
    if hasattr(kind, "__supertype__"):
        return _named(kind)
    if kind is Any:
        return _as_it_is
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _several(get_args(kind)[0])
    if origin is Literal:
        return _one_of(get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(get_args(kind)[1])
    if is_dataclass(kind):
        return _object(kind)
    return _scalar(kind)


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """The types of a dataclass's members."""
    return get_type_hints(kind)


def _as_it_is(value: Any) -> Any:
    return value


def _named(kind: Any) -> Reader:
    """Ids and the like: one text stands in many records, and is kept once."""
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    return _id if kind is str else reader(kind)


def _id(value: Any) -> str:
    if type(value) is not str:
        raise Malformed(f"str is needed, not {value!r}")
    return intern(value)


def _optional(kind: Any) -> Reader:
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    inner = reader(choices[0])
    if len(choices) == len(get_args(kind)):
        return inner

    def read(value: Any) -> Any:
        return None if value is None else inner(value)

    return read


def _several(kind: Any) -> Reader:
    inner = reader(kind)

    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Malformed(f"a list is needed, not {value!r}")
        return tuple([inner(item) for item in value])

    return read


def _one_of(choices: tuple[Any, ...]) -> Reader:
    def read(value: Any) -> Any:
        if value not in choices:
            raise Malformed(f"{value!r} is none of {choices}")
        return value

    return read


def _mapping(kind: Any) -> Reader:
    inner = reader(kind)

    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise Malformed(f"an object is needed, not {value!r}")
        return {key: inner(item) for key, item in value.items()}

    return read


def _object(kind: Any) -> Reader:
    """What was met before, members of the same names with the same plain types, needs no second look at them.

    There are as many such outlines as ways in which members can be null, so few of them are kept.
    """
    strictly, met = _strictly(kind), dict[tuple[Any, ...], Maker]()

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return strictly(value)
        values = list(value.values())
        outline = (*value, *map(type, values))
        make = met.get(outline)
        if make is None:
            made = strictly(value)
            met[outline] = _making(kind, value)
            return made
        try:
            return make(values)
        except KeyError:  # a word that is none
            return strictly(value)

    return read


def _making(kind: Any, value: dict[str, Any]) -> Maker:
    """What makes objects like that of `value`, whose members are those of `kind`."""
    make = maker(kind, tuple(value), _inner(kind, value))
    if kind not in _SHARED:
        return make
    make_once = lru_cache(_MOST_SHARED)(make)
    return lambda values: make_once(tuple(values))


@cache
def making_once(kind: type, names: tuple[str, ...]) -> Callable[[tuple[Any, ...]], Any] | None:
    """What makes objects of a shared class of a tuple of members in the order of `names`; None for another class."""
    return lru_cache(_MOST_SHARED)(maker(kind, names)) if kind in _SHARED else None


def _strictly(kind: Any) -> Reader:
    """The reader that looks at each member, and says what is wrong."""
    hints = hints_of(kind)
    names, members = hints.keys(), [(name, reader(hint)) for name, hint in hints.items()]

    def read(value: Any) -> Any:
        if type(value) is not dict or value.keys() != names:
            raise Malformed(f"{kind.__name__} has the members {sorted(names)}, not {value!r}")
        return kind(**{name: inner(value[name]) for name, inner in members})

    return read


def _inner(kind: Any, value: dict[str, Any]) -> dict[str, Reader]:
    """What makes those members that aren't what they are in JSON."""
    hints = hints_of(kind)
    kinds: dict[str, Any] = {name: type(item) for name, item in value.items()}
    read = ((name, member_reader(hints[name], plain)) for name, plain in kinds.items())
    return {name: inner for name, inner in read if inner is not None}


@cache
def member_reader(kind: Any, plain: Any) -> Reader | None:
    """What makes a member of a plain value of the type `plain`, which is one it can have; None where it is that."""
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(choice for choice in get_args(kind) if choice is not types.NoneType)
        if plain is types.NoneType:
            return None
    if kind in _IN_ONE_RECORD:
        return None
    named = hasattr(kind, "__supertype__")
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    if kind is str and named:
        return intern
    if kind in (str, int, bool, Any):
        return None
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {word.value: word for word in kind}.__getitem__
    return reader(kind)


def _scalar(kind: Any) -> Reader:
    if kind in (str, int, bool):
        return _exactly(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word(kind)
    return _date if kind is date else _made_by(kind)


def _exactly(kind: type) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise Malformed(f"{kind.__name__} is needed, not {value!r}")
        return value

    return read


def _word(kind: type[StrEnum]) -> Reader:
    words = {word.value: word for word in kind}

    def read(value: Any) -> StrEnum:
        if type(value) is not str:
            raise Malformed(f"text is needed for {kind.__name__}, not {value!r}")
        word = words.get(value)
        if word is None:
            raise Malformed(f"{value!r} is no {kind.__name__}")
        return word

    return read


def _date(value: Any) -> date:
    if type(value) is not str:
        raise Malformed(f"text is needed for date, not {value!r}")
    try:
        read = date.fromisoformat(value)
    except ValueError as error:
        raise Malformed(f"{value!r} is no date") from error
    if read.isoformat() != value:
        raise Malformed(f"{value!r} is another spelling of {read.isoformat()}")
    return read


def _made_by(kind: Any) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not str:
            raise Malformed(f"text is needed for {kind.__name__}, not {value!r}")
        try:
            return kind(value)
        except ValueError as error:
            raise Malformed(f"{value!r} is no {kind.__name__}") from error

    return read
