"""Cursors: where a page ended, as a word for the address line.

A cursor names its list, the generation of the views it comes from, and the position in the log after which its page
goes on. Positions are the same in every generation, and every list is ordered by them. So a cursor of a generation
that a rebuild has replaced goes on working: nothing is told twice or left out. Only a cursor of a generation that
isn't there *yet* (the database was set back to an older state) is refused as expired.
"""

import base64
import binascii

import msgspec

from services.application.reading.trouble import CursorExpired, CursorUnusable

_LAST = 2**53 - 1
"""The last position that a log can have."""

_decode = msgspec.json.Decoder(tuple[str, int, int]).decode


def cursor(of: str, generation: int, after: int) -> str:
    """The cursor of the page of list `of` that goes on after position `after`."""
    return base64.urlsafe_b64encode(msgspec.json.encode((of, generation, after))).decode().rstrip("=")


def after(text: str | None, of: str, generation: int) -> int | None:
    """The position after which the page begins; None for the first page.

    Raises `CursorUnusable` for another list's cursor or none at all, `CursorExpired` for one of a later generation.
    """
    if text is None:
        return None
    try:
        named, made_at, position = _decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise CursorUnusable from error
    if named != of or made_at < 0 or not 0 <= position <= _LAST:
        raise CursorUnusable
    if made_at > generation:
        raise CursorExpired
    return position
