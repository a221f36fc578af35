"""Values of any kind that the domain has, made from its type hints: tame ones that can be stored, and wild ones."""

import types
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from domain.codec import MAX_INTEGER
from domain.instant import Instant, instant

_names = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz_"), min_size=1, max_size=8)
_uuids = st.sampled_from([f"00000000-0000-4000-8000-00000000000{n}" for n in range(4)])
_moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(instant)  # noqa: DTZ001 - Hypothesis wants its bounds naive
tame_text = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text.replace("\x00", "")))
wild_text = st.text(st.characters(exclude_categories=[]), max_size=12) | st.just("x" * 2_000)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes values of a hinted kind out of these texts and integers; ids come from a small pool, so that they meet."""

    text: st.SearchStrategy[str]
    integer: st.SearchStrategy[int]

    def of(self, kind: Any) -> st.SearchStrategy[Any]:
        """A strategy for `kind`."""
        if kind is Instant:
            return _moments
        if hasattr(kind, "__supertype__"):
            return _uuids
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return st.one_of([self.of(choice) for choice in arguments])
        if origin is tuple:
            return st.lists(self.of(arguments[0]), max_size=3).map(tuple)
        if origin is not None and issubclass(origin, Mapping):
            return st.dictionaries(_names, self.of(arguments[1]), max_size=2)
        if is_dataclass(kind):
            members = {name: self.of(hint) for name, hint in get_type_hints(kind).items()}
            return st.builds(cast("Any", kind), **members)
        return self._scalar(kind)

    def _scalar(self, kind: Any) -> st.SearchStrategy[Any]:
        if issubclass(kind, StrEnum):
            return st.sampled_from(kind)
        plain: dict[Any, st.SearchStrategy[Any]] = {
            types.NoneType: st.none(),
            bool: st.booleans(),
            str: self.text,
            int: self.integer,
            date: st.dates(),
        }
        return plain[kind]


TAME = Maker(tame_text, st.integers(-MAX_INTEGER, MAX_INTEGER))
"""Every value of these can stand in an entry."""
WILD = Maker(wild_text | st.just("Words"), st.integers() | st.integers(0, 100))
"""What a careless or hostile caller sends."""
