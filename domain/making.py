"""Functions that make envelopes of the pieces of records' texts, put together for one outline (`domain.outlines`).

A function for each object, written out once for its class and for how its members come about, and made anew with the
places at which an outline has their values.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeAlias, Union, cast, get_args, get_origin

from domain.envelope import Envelope
from domain.frozen import twin
from domain.instant import Instant, moment
from domain.shapes import hints_of, making_once, member_reader

Pieces: TypeAlias = Sequence[str]
"""A record's text, cut at its quotation marks: texts, names of members among them, have odd places."""

Make: TypeAlias = Callable[[Pieces], Any]

_AROUND = re.compile("([^0-9-]*)-?[0-9]{1,15}([^0-9-]*)")
"""A piece with one whole number that is within what an entry can hold, whatever its digits."""
_MOST_NUMBERS = 4_096


class Unfit(Exception):
    """A record of this outline can't be told by its pieces: two numbers stand in one, or one that is very large."""


def maker_of(entry: Mapping[str, Any], pieces: Pieces, fact: type) -> tuple[Make, frozenset[int]]:
    """What makes the envelope of a record like `entry`, and the places of the pieces that it looks at.

    `pieces` are those of `entry`, which was read strictly, its data as a `fact`. What was made raises `KeyError` or
    `ValueError` where a value can't be read so. Raises `Unfit`.
    """
    walk = _Walk(pieces)
    make = walk.envelope(entry, fact)
    return make, frozenset(walk.free)


class _Part(NamedTuple):
    """How a value comes about: `form` is one of the expressions below, `given` what these need for it."""

    form: str
    given: tuple[Any, ...] = ()

    def make(self) -> Make:
        """The same as a function of its own."""
        made: Make = _factory(None, (("it", self.form),))(*self.given)
        return made


_HELD = "held_{}"
_EMPTY = "{{}}"
_PIECE = "p[at_{}]"
_READ = "read_{0}(p[at_{0}])"
_MADE = "make_{}(p)"

_NEEDS = {_HELD: ("held_{}",), _EMPTY: (), _PIECE: ("at_{}",), _READ: ("read_{}", "at_{}"), _MADE: ("make_{}",)}


class _Kind(NamedTuple):
    """What is there where a type isn't null; `hints` are an object's members, `item` is what a tuple is of."""

    kind: Any
    hints: Mapping[str, Any] | None
    item: Any


@cache
def _kind(kind: Any) -> _Kind:
    if get_origin(kind) in (Union, UnionType):
        kind = next(choice for choice in get_args(kind) if choice is not NoneType)
    if is_dataclass(kind):
        return _Kind(kind, hints_of(cast("Any", kind)), None)
    return _Kind(kind, None, get_args(kind)[0] if get_origin(kind) is tuple else None)


class _Walk:
    """Goes through an entry in the order of its text, and so knows at which piece each value stands."""

    def __init__(self, pieces: Pieces) -> None:
        self.free: set[int] = set()
        self._pieces = pieces
        self._texts = 0

    def envelope(self, entry: Mapping[str, Any], fact: type) -> Make:
        hints = hints_of(Envelope) | {"data": fact}
        parts: dict[str, _Part] = {}
        for name, told in entry.items():
            self._texts += 1
            if name == "type":
                parts[name] = self._type(told)
            elif name != "v":
                parts[name] = self._value(hints[name], told)
        return _object(Envelope, parts)

    def _type(self, told: str) -> _Part:
        """The type is one of the pieces that are compared."""
        self._texts += 1
        return _Part(_HELD, (told,))

    def _value(self, kind: Any, told: Any) -> _Part:
        """A value that was read as a `kind`."""
        if told is None:
            return _Part(_HELD, (None,))
        of = _kind(kind)
        if of.hints is not None and type(told) is dict:
            parts = {name: self._member(of.hints[name], item) for name, item in told.items()}
            return _Part(_MADE, (_object(of.kind, parts),))
        if of.item is not None and type(told) is list:
            return _several([self._value(of.item, item) for item in told])
        part, plain = self._plain(told), cast("Hashable", type(told))
        read = _instant if of.kind is Instant else member_reader(of.kind, plain)
        return part if read is None else _read(read, part)

    def _member(self, kind: Any, told: Any) -> _Part:
        self._texts += 1
        return self._value(kind, told)

    def _plain(self, told: Any) -> _Part:
        """A value as it is in JSON."""
        match told:
            case dict():
                return _members({name: self._plain_member(told[name]) for name in told})
            case list():
                makes = [self._plain(item).make() for item in told]
                return _Part(_MADE, (lambda p: [make(p) for make in makes],))
            case str():
                return self._text()
            case bool() | None:
                return _Part(_HELD, (told,))
            case _:
                return self._number()

    def _plain_member(self, told: Any) -> _Part:
        self._texts += 1
        return self._plain(told)

    def _text(self) -> _Part:
        place = 2 * self._texts + 1
        self._texts += 1
        self.free.add(place)
        return _Part(_PIECE, (place,))

    def _number(self) -> _Part:
        """The number is in the piece that follows the last text."""
        place = 2 * self._texts
        around = _AROUND.fullmatch(self._pieces[place])
        if around is None:
            raise Unfit
        self.free.add(place)
        return _Part(_READ, (_whole(*around.groups()), place))


def _object(kind: Any, parts: Mapping[str, _Part]) -> Make:
    factory = _factory(kind, tuple((name, part.form) for name, part in parts.items()))
    made: Make = factory(*chain.from_iterable(part.given for part in parts.values()))
    return made


def _several(parts: Sequence[_Part]) -> _Part:
    if not parts:
        return _Part(_HELD, ((),))
    if len(parts) == 1:
        (one,) = parts
        make = one.make()
        return _Part(_MADE, (lambda p: (make(p),),))
    if all(part.form is _PIECE for part in parts):
        return _Part(_MADE, (itemgetter(*[part.given[0] for part in parts]),))
    makes = [part.make() for part in parts]
    return _Part(_MADE, (lambda p: tuple([make(p) for make in makes]),))


def _members(parts: Mapping[str, _Part]) -> _Part:
    if not parts:
        return _Part(_EMPTY)
    makes = [(name, part.make()) for name, part in parts.items()]
    return _Part(_MADE, (lambda p: {name: make(p) for name, make in makes},))


def _read(read: Callable[[Any], Any], plain: _Part) -> _Part:
    """A value that is made of what it is in JSON."""
    if plain.form is _PIECE:
        return _Part(_READ, (read, *plain.given))
    make = plain.make()
    return _Part(_MADE, (lambda p: read(make(p)),))


@cache
def _factory(kind: Any, members: tuple[tuple[str, str], ...]) -> Callable[..., Make]:
    """What makes functions that make objects of `kind`, or for None a value alone, whose members come about so."""
    values = {name: form.format(name) for name, form in members}
    given = [need.format(name) for name, form in members for need in _NEEDS[form]]
    once, opened = (None, None) if kind is None else (making_once(kind, tuple(values)), twin(kind))
    scope: dict[str, Any] = {"kind": kind, "once": once, "new": object.__new__, "opened": opened}
    if kind is None:
        lines = [f"  return {next(iter(values.values()))}"]
    elif once:
        lines = [f"  return once(({', '.join(values.values())},))"]
    elif opened:
        lines = ["  made = new(opened)", *(f"  made.{name} = {value}" for name, value in values.items())]
        lines += ["  made.__class__ = kind", "  return made"]
    else:
        lines = [f"  return kind({', '.join(f'{name}={value}' for name, value in values.items())})"]
    text = "\n".join([f"def factory({', '.join(given)}):", " def make(p):", *lines, " return make"])
    exec(text, scope)  # noqa: S102 - names of fields alone
    factory: Callable[..., Make] = scope["factory"]
    return factory


def _instant(at: str) -> Instant:
    moment(Instant(at))
    return Instant(at)


@cache
def _whole(before: str, behind: str) -> Callable[[str], int]:
    """What tells the whole number that stands between these, in its one spelling; larger ones are read strictly."""
    spelt = re.compile(f"{re.escape(before)}(0|-?[1-9][0-9]{{0,14}}){re.escape(behind)}")

    @lru_cache(_MOST_NUMBERS)
    def read(piece: str) -> int:
        found = spelt.fullmatch(piece)
        if found is None:
            raise ValueError(piece)
        return int(found[1])

    return read
