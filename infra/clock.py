"""The one place where time and chance come from; everything above hands them on as arguments."""

from datetime import UTC, datetime
from os import urandom

from domain.instant import Instant, instant

_VARIANT = "89ab"
"""The digit that says that an id is one of RFC 9562, with two bits of chance."""


def now() -> datetime:
    """This machine's time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may


def present() -> Instant:
    """This machine's time, as records tell it."""
    return instant(now())


def fresh_id() -> str:
    """A new random UUID (RFC 9562, version 4) in its canonical form."""
    chance = urandom(16)
    text = chance.hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{_VARIANT[chance[8] >> 6]}{text[17:20]}-{text[20:]}"
