"""JSON of a request, read strictly: one shape, and no member named twice (I-JSON, RFC 7493 §2.3)."""

import json
from typing import Any, TypeVar

import msgspec

from services.api.pointing import MOST_TOLD, pointed
from services.api.problems import BodyUnreadable

Decoded = TypeVar("Decoded")

_anything = msgspec.json.Decoder().decode
_again = msgspec.json.Encoder().encode


class _Twice(Exception):
    """A name that an object has twice."""


def read(decoder: msgspec.json.Decoder[Decoded], raw: bytes) -> Decoded:
    """A body's meaning; raises `BodyUnreadable` and `BodyUnusable`."""
    try:
        body, twice = decoder.decode(raw), named_twice(raw)
    except msgspec.ValidationError as error:
        raise pointed(error, raw) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BodyUnreadable from None
    if twice is not None:
        raise BodyUnreadable(
            f"The body names a member twice: {json.dumps(twice[:MOST_TOLD], ensure_ascii=False)}. "
            "Nobody can tell which is meant. Nothing was recorded."
        )
    return body


def named_twice(raw: bytes) -> str | None:
    """The first name that an object in `raw`, which is JSON, has twice; None when each has each once.

    Msgspec lets the last one win, so what it spells again without blanks as it was told has none twice. What was told
    in another spelling (escapes, `1.50`) is looked through by the standard library, several times as slowly.
    """
    if _again(_anything(raw)) == msgspec.json.format(raw, indent=-1):
        return None
    try:
        json.loads(raw.decode(), object_pairs_hook=_once, parse_int=str, parse_float=str)
    except _Twice as twice:
        return str(twice)
    return None


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Nothing is made of an object, unless it names a member twice: raises `_Twice`."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise _Twice(next(name for at, name in enumerate(names) if name in names[:at]))
