"""A message that wasn't taken is tried again for three days, soon at first, and never before the receiver asked."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.streams.retrying import GIVE_UP, LONGEST_ASKED, next_try, retry_after

BEGUN = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def test_it_is_tried_for_three_days_and_hourly_at_the_end() -> None:
    """Given a receiver that fails for ever, when time goes by, then tries come soon, then hourly, until it is over."""
    tries = [BEGUN]
    while True:
        following = next_try(len(tries), BEGUN, tries[-1], None, 0.5)
        if following is None:
            break
        tries.append(following)
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tries)]
    assert gaps[:7] == [5, 15, 60, 300, 900, 1800, 3600]
    assert set(gaps[7:-1]) == {3600}
    assert tries[-1] == BEGUN + GIVE_UP
    assert 70 < len(tries) < 90


@given(st.integers(1, 100), st.integers(0, 3 * 86_400 - 1), st.integers(0, 10**9), st.floats(0, 1))
def test_a_receiver_is_never_asked_before_it_said(failures: int, elapsed: int, asked: int, chance: float) -> None:
    """Given any Retry-After, when the next try is set, then not before it, and after some pause anyway."""
    moment = BEGUN + timedelta(seconds=elapsed)
    following = next_try(failures, BEGUN, moment, timedelta(seconds=asked), chance)
    assert following is not None
    assert following >= moment + min(timedelta(seconds=asked), LONGEST_ASKED)
    assert following > moment


def test_pauses_differ() -> None:
    """Given two that failed together, when chance differs, then they don't come back together."""
    early, late = (next_try(3, BEGUN, BEGUN, None, chance) for chance in (0.0, 1.0))
    assert early == BEGUN + timedelta(seconds=48)
    assert late == BEGUN + timedelta(seconds=72)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("120", 120), (" 7 ", 7), ("0", 0),
        ("99999999999999999999", LONGEST_ASKED.total_seconds()), ("Mon, 23 Nov 2026 18:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 17:00:00 GMT", 0), ("Mon, 99 Nov 2026 17:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_ASKED.total_seconds()),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    """Given a Retry-After, when it is read, then it is a time to wait, bounded, or nothing."""
    found = retry_after(header, BEGUN)
    assert (None if found is None else found.total_seconds()) == seconds
