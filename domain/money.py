"""Value is an estimate in minor units (cents), never a payment: no kind of pledge holds money."""

from enum import StrEnum

from domain.frozen import dataclass

CURRENCY = "EUR"
"""Every estimate is in euro: sums over contracts, editions and cities have one unit."""

MAX_MINOR = 10**11
"""A thousand million euro: no estimate at a marketplace comes near it."""


class Basis(StrEnum):
    """How a value was estimated (METHOD.md, Value)."""

    HOURLY_RATE = "hourly_rate"
    MARKET_VALUE = "market_value"
    LUMP_SUM = "lump_sum"
    STATED = "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An estimated value (Schätzwert) of `minor` cents of `currency`.

    With basis `hourly_rate` it is `rate_minor` (cents an hour) for `minutes`; otherwise both are None.
    """

    minor: int
    currency: str
    basis: Basis
    rate_minor: int | None
    minutes: int | None


def hourly(rate_minor: int, minutes: int, currency: str = "EUR") -> Value:
    """`minutes` of work at `rate_minor` cents an hour, rounded half up to a cent."""
    minor = (rate_minor * minutes * 2 + 60) // 120
    return Value(minor=minor, currency=currency, basis=Basis.HOURLY_RATE, rate_minor=rate_minor, minutes=minutes)
