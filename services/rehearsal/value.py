"""Estimates that add up: a total in cents is shared out over contracts, and each share is made of whole hours or goods.

Shares are multiples of the hourly rate, so that every one of them can be hours of work; what the total has over
goes to the first share, which goods or a lump sum then carry.
"""

from collections.abc import Mapping
from typing import Any

from domain.money import Basis, hourly
from services.rehearsal.dice import Dice


def total(least_minor: int, most_minor: int, ways: int, rate_minor: int, dice: Dice) -> int:
    """A total within the range that `ways` shares of at least an hour can add up to; whole euro where there are any."""
    least = max(least_minor, ways * rate_minor)
    first, last = -(-least // 100), most_minor // 100
    return 100 * dice.whole(first, last) if first <= last else dice.whole(least, most_minor)


def shares(total_minor: int, ways: int, rate_minor: int, dice: Dice) -> list[int]:
    """`ways` amounts that add up to the total, all but the first multiples of the rate, none less than it."""
    units, over = divmod(total_minor, rate_minor)
    if units < ways:
        raise ValueError("The total is less than an hour's work for each contract.")
    weights = [int(dice.weight() * 1_000_000) for _ in range(ways)]
    whole, free = sum(weights), units - ways
    parts = [free * weight // whole for weight in weights]
    for place in range(free - sum(parts)):
        parts[place] += 1
    amounts = [(part + 1) * rate_minor for part in parts]
    amounts[0] += over
    return amounts


def is_hours(minor: int, rate_minor: int) -> bool:
    """Whether the amount is a number of whole hours at the rate."""
    return minor >= rate_minor and minor % rate_minor == 0


def by_the_hour(hours: int, rate_minor: int) -> Mapping[str, Any]:
    """The estimate of `hours` of work, as a request's body says it."""
    value = hourly(rate_minor, hours * 60)
    return {
        "minor": value.minor,
        "currency": value.currency,
        "basis": value.basis.value,
        "rate_minor": value.rate_minor,
        "minutes": value.minutes,
    }


def otherwise(minor: int, basis: Basis) -> Mapping[str, Any]:
    """An estimate that isn't time: market value, lump sum, or what somebody stated."""
    return {"minor": minor, "currency": "EUR", "basis": basis.value}
