"""Moments are text of one width, so that the order of the text is the order of time."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.instant import Instant, NotAnInstant, instant, moment

moments = st.datetimes(timezones=st.timezones() | st.just(UTC)).filter(
    lambda at: date(1, 1, 2) < at.date() < date(9999, 12, 30)
)


@given(moments, moments)
def test_the_order_of_text_is_the_order_of_time(one: datetime, other: datetime) -> None:
    """From any zone, in any year, 27 characters that sort."""
    assert len(instant(one)) == 27
    assert (instant(one) < instant(other)) == (one.astimezone(UTC) < other.astimezone(UTC))
    assert moment(instant(one)) == one.astimezone(UTC)


def test_the_hour_that_comes_twice_is_two_moments() -> None:
    """29 October 2006, half past two: in summer time, and an hour later in winter time."""
    summer = datetime(2006, 10, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    winter = datetime(2006, 10, 29, 2, 30, tzinfo=timezone(timedelta(hours=1)))
    assert instant(summer) == "2006-10-29T00:30:00.000000Z"
    assert instant(winter) == "2006-10-29T01:30:00.000000Z"


def test_a_moment_without_offset_is_none() -> None:
    """Nor one that UTC has no year for."""
    with pytest.raises(NotAnInstant):
        instant(datetime(2006, 9, 18))  # noqa: DTZ001 - what is refused
    with pytest.raises(NotAnInstant):
        instant(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2006-09-18",
        "2006-09-18T16:30:00Z",
        "2006-09-18T16:30:00.000Z",
        "2006-09-18T16:30:00.0000000Z",
        "2006-09-18T16:30:00.000000+00:00",
        "2006-09-18T16:30:00.000000z",
        "2006-09-18t16:30:00.000000Z",
        " 2006-09-18T16:30:00.000000Z",
        "2006-09-18T16:30:00.000000Z\n",
        "2006-9-18T16:30:00.000000Z",
        "2006-02-30T16:30:00.000000Z",
        "2006-09-18T24:00:00.000000Z",
        "2006-12-31T23:59:60.000000Z",
        "٢٠٠٦-09-18T16:30:00.000000Z",
    ],
)
def test_any_other_text_is_no_instant(text: str) -> None:
    """Other widths, offsets, letters, digits, days that don't exist, leap seconds."""
    with pytest.raises(NotAnInstant):
        moment(Instant(text))
