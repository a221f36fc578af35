"""The law of a request's JSON: an object that names a member twice is found, however it is spelt, and no other."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from services.api.strictly import named_twice

BLANKS = st.text(" \t\n\r", max_size=2)


@st.composite
def texts(draw: st.DrawFn, of: st.SearchStrategy[str]) -> str:
    """A string, each of its characters as it stands or as an escape, as JSON lets one choose (RFC 8259 §7)."""
    return '"' + "".join(draw(st.sampled_from(_spellings(character))) for character in draw(of)) + '"'


def _spellings(character: str) -> Sequence[str]:
    units = character.encode("utf-16-be")
    escaped = "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    if character in '"\\':
        return ("\\" + character, escaped)
    return (character, escaped, escaped.upper().replace("U", "u")) if character >= " " else (escaped,)


NAMES = texts(st.text('ab":\\ä🤝', max_size=2))
SCALARS = st.sampled_from(["0", "-1", "1.50", "1e2", "1" * 30, "true", "null"]) | texts(st.text(max_size=4))


@st.composite
def lists(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """An array, with blanks where they may stand."""
    return "[" + ",".join(draw(BLANKS) + draw(inner) + draw(BLANKS) for _ in range(draw(st.integers(0, 3)))) + "]"


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """An object whose names are few, so that one comes twice now and then."""
    between = [(draw(BLANKS), draw(NAMES), draw(BLANKS), draw(inner)) for _ in range(draw(st.integers(0, 3)))]
    return (
        "{" + ",".join(f"{before}{name}{after}:{before}{value}{after}" for before, name, after, value in between) + "}"
    )


TEXTS = st.recursive(SCALARS, lambda inner: lists(inner) | objects(inner), max_leaves=8)


def _twice(raw: bytes) -> set[str]:
    """Every name that the standard library finds twice in one object."""
    found: set[str] = set()

    def look(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        found.update(name for name in names if names.count(name) > 1)

    json.loads(raw, object_pairs_hook=look)
    return found


@given(TEXTS)
@example('{"a":1,"\\u0061":1}')
@example('{"a":{"b":1},"a":{"b":1}}')
@example('{"a":"x\\u0022:","a":"\\":"}')
@example('[{"a":1},{"a":1}]')
@example('{"a":"a","b":{"a":1}}')
def test_a_name_that_comes_twice_is_found_and_no_other(text: str) -> None:
    """Given any JSON, then a name is found twice exactly where the standard library's pairs have it twice."""
    raw = text.encode()
    expected, found = _twice(raw), named_twice(raw)
    assert (found in expected) if expected else found is None
