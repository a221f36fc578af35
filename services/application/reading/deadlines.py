"""Deadlines as people keep them: whole calendar days in the edition's zone, whatever the clocks do."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from domain.instant import Instant, moment


def local_day(at: Instant, zone: str) -> date:
    """The day that the calendar on the wall shows; `zone` is an IANA name."""
    return moment(at).astimezone(ZoneInfo(zone)).date()


def first_contact_due(certified_at: Instant, zone: str, days: int) -> date:
    """The last day on which the first contact is in time: `days` after the day of the certification."""
    return local_day(certified_at, zone) + timedelta(days=days)


def overdue(due: date, zone: str, at: Instant) -> bool:
    """Whether that day has passed; the day itself is still in time, until its midnight."""
    return local_day(at, zone) > due
