"""The one place where time and chance come from; everything above hands them on as arguments."""

from datetime import UTC, datetime
from functools import lru_cache
from os import urandom
from time import time_ns

from domain.instant import Instant, instant

_VARIANT = "89ab"
"""The digit that says that an id is one of RFC 9562, with two bits of chance."""


def now() -> datetime:
    """This machine's time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may


def present() -> Instant:
    """This machine's time, as records tell it: every record does, and its second is mostly that of the one before."""
    second, microsecond = divmod(time_ns() // 1000, 1_000_000)
    return Instant(f"{_until_the_second(second)}.{microsecond:06}Z")


@lru_cache(2)
def _until_the_second(second: int) -> str:
    """An instant's first nineteen letters, `second` seconds after 1970."""
    return instant(datetime.fromtimestamp(second, UTC))[:19]


def fresh_id() -> str:
    """A new random UUID (RFC 9562, version 4) in its canonical form."""
    chance = urandom(16)
    text = chance.hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{_VARIANT[chance[8] >> 6]}{text[17:20]}-{text[20:]}"
