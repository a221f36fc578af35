"""Deadlines are calendar days in the edition's zone, over both clock changes and at any latitude."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.instant import instant, moment
from services.application.reading.deadlines import first_contact_due, local_day, overdue

ZONES = ("Europe/Berlin", "America/Santiago", "America/New_York", "Australia/Lord_Howe")
moments = st.datetimes(datetime(2006, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants its bounds naive


@pytest.mark.parametrize(
    ("certified", "due"),
    [
        ("2026-10-11T21:59:59.000000Z", date(2026, 10, 25)),
        ("2026-10-11T22:00:00.000000Z", date(2026, 10, 26)),
        ("2027-03-14T22:59:59.000000Z", date(2027, 3, 28)),
        ("2027-03-14T23:00:00.000000Z", date(2027, 3, 29)),
    ],
)
def test_two_weeks_are_two_weeks_over_a_clock_change(certified: str, due: date) -> None:
    """Given a certification around midnight in Berlin, when clocks change within two weeks, then the day is kept."""
    assert first_contact_due(instant(datetime.fromisoformat(certified)), "Europe/Berlin", 14) == due


@pytest.mark.parametrize(("day", "last_hour"), [(date(2026, 10, 25), "22:59:59"), (date(2027, 3, 28), "21:59:59")])
def test_the_last_day_is_in_time_until_its_midnight(day: date, last_hour: str) -> None:
    """Given the day on which clocks change is the last, when its last second comes, then it is in time still."""
    last = datetime.combine(day, time.fromisoformat(last_hour), UTC)
    assert not overdue(day, "Europe/Berlin", instant(last))
    assert overdue(day, "Europe/Berlin", instant(last + timedelta(seconds=1)))


@given(certified=moments, zone=st.sampled_from(ZONES), days=st.integers(1, 366))
def test_the_deadline_is_so_many_pages_of_the_calendar_later(certified: datetime, zone: str, days: int) -> None:
    """Given any certification, when the deadline is told, then it lies that many calendar days later, and holds."""
    at = instant(certified)
    due = first_contact_due(at, zone, days)
    assert due - certified.astimezone(ZoneInfo(zone)).date() == timedelta(days=days)
    assert not overdue(due, zone, at)
    noon = datetime.combine(due, time(12), ZoneInfo(zone))
    assert not overdue(due, zone, instant(noon))
    assert overdue(due, zone, instant(datetime.combine(due + timedelta(days=1), time(12), ZoneInfo(zone))))


@given(certified=moments, zone=st.sampled_from(ZONES))
def test_a_later_moment_is_never_an_earlier_day(certified: datetime, zone: str) -> None:
    """Given two moments, when their days are told, then they stand in the same order."""
    later = instant(certified + timedelta(hours=1))
    assert local_day(instant(certified), zone) <= local_day(later, zone)
    assert moment(later) > certified
