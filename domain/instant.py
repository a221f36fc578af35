"""Moments in time, as text of one width, so that the order of the text is the order of time."""

import re
from datetime import UTC, datetime, timedelta
from typing import NewType

Instant = NewType("Instant", str)
"""RFC 3339 in UTC with six digits of a second: `2006-09-18T16:30:00.000000Z`."""

_FORM = re.compile(r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
"""Midnight is the beginning of a day: later Pythons would read 24:00 as well."""


class NotAnInstant(ValueError):
    """A moment needs its offset from UTC, like 2006-10-29T02:30:00+01:00."""


def instant(moment: datetime) -> Instant:
    """The instant of `moment`; raises `NotAnInstant` when it has no offset or no such year in UTC."""
    utc = moment if moment.tzinfo is UTC else _in_utc(moment)
    return Instant(utc.isoformat(timespec="microseconds")[:-6] + "Z")


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise NotAnInstant(NotAnInstant.__doc__)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise NotAnInstant(f"{moment.isoformat()} lies outside the years 1 to 9999 in UTC") from error


def moment(at: Instant) -> datetime:
    """The aware datetime of `at`; raises `NotAnInstant` for any other text."""
    if _FORM.fullmatch(at) is None:
        raise NotAnInstant(f"{at!r} is not an instant of fixed width")
    try:
        return datetime.fromisoformat(at)
    except ValueError as error:
        raise NotAnInstant(f"{at!r} is not an instant") from error


def minutes_after(at: Instant, minutes: int) -> Instant:
    """So many minutes later than `at`; at the end of the calendar, no later than that."""
    try:
        return instant(moment(at) + timedelta(minutes=minutes))
    except OverflowError:
        return at
