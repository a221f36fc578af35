"""Where a body isn't what it has to be: what msgspec says of it, as a pointer and words for people."""

import re
from typing import Any

import msgspec

from services.api import text
from services.api.problems import BodyUnreadable, BodyUnusable

MOST_TOLD = 100
"""Characters of a member's name that are told back."""

_UNKNOWN = "Object contains unknown field `"
_PLACE = re.compile(r"(.*) - at `\$([^`]*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[([0-9]+)\]")
_WORDS = {f"Expected `str` matching regex {pattern!r}": words for pattern, words in text.WORDS.items()}

_anything = msgspec.json.Decoder().decode


def pointed(error: msgspec.ValidationError, raw: bytes) -> BodyUnusable:
    """Msgspec's complaint (`Expected int, got str - at $.terms.pledges[0].quantity`) of `raw`, with its pointer.

    Raises `BodyUnreadable` when what stands behind the place in question isn't JSON.
    """
    said, path = _parted(str(error), raw)
    pointer = "".join(f"/{_escaped(name or place)}" for name, place in _STEP.findall(path))
    return BodyUnusable(errors=[{"pointer": pointer, "detail": _in_words(said)}])


def _parted(message: str, raw: bytes) -> tuple[str, str]:
    """What is wrong, and where, as msgspec writes it; nothing for the body itself.

    Msgspec writes the name of an unknown member as it came, so that one of the body itself can look like a place:
    what is a name there is no place.
    """
    told = _PLACE.fullmatch(message)
    if told is None:
        return message, ""
    if message.startswith(_UNKNOWN) and message[len(_UNKNOWN) : -1] in _members(raw):
        return message, ""
    return told[1], told[2]


def _members(raw: bytes) -> Any:
    try:
        return _anything(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BodyUnreadable from None


def _escaped(step: str) -> str:
    """A step of a JSON Pointer (RFC 6901 §3)."""
    return step.replace("~", "~0").replace("/", "~1")


def _in_words(said: str) -> str:
    if said.startswith(_UNKNOWN):
        return _UNKNOWN[:-1] + said[len(_UNKNOWN) : -1][:MOST_TOLD]
    return _WORDS.get(said, said.replace("`", ""))
