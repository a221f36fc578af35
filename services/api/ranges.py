"""Parts of a file over HTTP (RFC 9110 §14): one range of bytes, so that a download that was cut off goes on."""

import re

from domain.frozen import dataclass

_ONE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))")


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` up to, and without, `end`."""

    start: int
    end: int


class NotInIt(ValueError):
    """The range begins behind the end (416)."""


def begins(header: str | None) -> int | None:
    """With which byte a range begins; None without one, or where it counts from the end."""
    told = _ONE.fullmatch((header or "").strip())
    return int(told[1]) if told is not None and told[1] is not None else None


def part(header: str | None, length: int) -> Part | None:
    """The part that is asked for of `length` bytes; None for the whole. Raises `NotInIt`.

    What isn't one range of bytes is ignored, as a server may (§14.2): then the whole is the answer.
    """
    told = _ONE.fullmatch((header or "").strip())
    if told is None:
        return None
    first, last, from_end = told.groups()
    if first is None:
        if int(from_end) == 0:
            raise NotInIt
        return Part(max(0, length - int(from_end)), length)
    if last is not None and int(last) < int(first):
        return None
    if int(first) >= length:
        raise NotInIt
    return Part(int(first), length if last is None else min(int(last) + 1, length))


def tag(header: str | None) -> str | None:
    """The strong entity tag of an If-Range, without its quotes; None for none, a weak one, or a date (§13.1.5)."""
    told = (header or "").strip()
    return told[1:-1] if len(told) > 2 and told[0] == told[-1] == '"' else None
