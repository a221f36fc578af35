"""Estimates that add up to the cent."""

from hypothesis import given
from hypothesis import strategies as st

from services.rehearsal import value
from services.rehearsal.dice import Dice

RATES = st.integers(500, 10_000)


@given(st.integers(1, 400), RATES, st.integers(0, 10**9), st.integers(0, 1_000))
def test_shares_add_up_and_can_be_hours(ways: int, rate: int, more: int, seed: int) -> None:
    """No share is less than an hour's work; all but the first are whole hours; together they are the total."""
    total = ways * rate + more
    shares = value.shares(total, ways, rate, Dice(seed))
    assert sum(shares) == total
    assert len(shares) == ways
    assert min(shares) >= rate
    assert all(value.is_hours(share, rate) for share in shares[1:])


@given(st.integers(1, 400), RATES, st.integers(0, 10**8), st.integers(0, 10**6), st.integers(0, 1_000))
def test_a_total_lies_in_its_range(ways: int, rate: int, least: int, width: int, seed: int) -> None:
    """And is enough for an hour's work in each contract."""
    most = max(least, ways * rate) + width
    total = value.total(least, most, ways, rate, Dice(seed))
    assert max(least, ways * rate) <= total <= most


def test_dice_fall_alike_on_every_machine() -> None:
    """A story is told again years later: what the dice throw for a seed is written down here."""
    dice = Dice(2006, "value")
    assert [dice.whole(1, 6) for _ in range(12)] == [6, 6, 6, 3, 1, 6, 1, 6, 1, 6, 1, 2]
    assert dice.shuffled("Probe") == ["b", "r", "e", "o", "P"]
