"""The verifier's quick reader of canonical bytes and its strict twin say the same of everything."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codec import MAX_INTEGER, Malformed, parse, parse_strictly

ODD = 'aZ0"\\/:,{}[]\x00\x1f\x7fäé\u0301\u0338€\U0001f600\ud800'
TEXT = st.text(st.sampled_from(ODD), max_size=6) | st.text(max_size=6)
WHOLE = st.integers(-2, 2) | st.sampled_from([MAX_INTEGER, MAX_INTEGER + 1, -MAX_INTEGER - 1, 10**40])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def _said(read: Any, raw: bytes) -> Any:
    try:
        return repr(read(raw))
    except Malformed:
        return Malformed


@st.composite
def spellings(draw: st.DrawFn) -> bytes:
    """JSON of some value, canonical or not, with a byte changed now and then."""
    told = json.dumps(draw(VALUES), ensure_ascii=draw(st.booleans()), sort_keys=draw(st.booleans()),
                      separators=draw(st.sampled_from([(",", ":"), (", ", ":")])))  # fmt: skip
    raw = bytearray(told.encode("utf-8", "surrogatepass"))
    if draw(st.booleans()) and raw:
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


@given(spellings())
def test_both_readers_say_the_same(raw: bytes) -> None:
    """Given any bytes, then both give the same value, or both refuse."""
    assert _said(parse, raw) == _said(parse_strictly, raw)


DECEIVING = [
    b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"":1}', '{"ä":1}'.encode(), '{"ä\\"b":1}'.encode(), '["e\u0301"]'.encode(),
    '["\\n\u0301"]'.encode(), b'["\\u0000"]', b'["\\\\u0000"]', b"-0", b"1.0", b"NaN", b'["\\ud800"]', b"\xff", b"",
    b"[" * 5000, b"9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("raw", DECEIVING, ids=lambda raw: repr(raw[:20]))
def test_both_readers_say_the_same_of_what_is_odd(raw: bytes) -> None:
    """Given what could deceive a look at the text as a whole, then both say the same."""
    assert _said(parse, raw) == _said(parse_strictly, raw)
