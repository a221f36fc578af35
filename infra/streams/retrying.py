"""When a message that wasn't taken is sent again, and when nobody waits any longer.

An endpoint is sent one message after the other, so while it fails it is one message that is tried: that costs little,
and a receiver that comes back is found within the hour. Hence no pauses of a day, as Standard Webhooks (Deliverability
and reliability) suggests for messages that are each tried alone; the three days are the same.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

PAUSES = (5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0)
"""Seconds after the first, second … failure in a row; the last one goes on."""

JITTER = 0.2
"""By how much of itself a pause is longer or shorter, so that what failed together doesn't come back together."""

GIVE_UP = timedelta(days=3)
"""How long an endpoint may fail before it is disabled."""

LONGEST_ASKED = timedelta(hours=12)
"""The most that `Retry-After` is believed: whoever means longer pauses the endpoint."""


def next_try(
    failures: int, failing_since: datetime, now: datetime, asked: timedelta | None, chance: float
) -> datetime | None:
    """When to try again after `failures` in a row (1 or more); None when they have gone on for `GIVE_UP`.

    `asked` is the receiver's `Retry-After`: never earlier than that. `chance` is random, from 0 to 1. Whatever the
    pause, there is a last try when the time is over.
    """
    end = failing_since + GIVE_UP
    if now >= end:
        return None
    pause = PAUSES[min(failures, len(PAUSES)) - 1] * (1 + JITTER * (2 * chance - 1))
    wait = max(timedelta(seconds=pause), min(asked or timedelta(0), LONGEST_ASKED))
    return max(min(now + wait, end), now + min(asked or timedelta(0), LONGEST_ASKED))


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for (RFC 9110 §10.2.3): seconds or a date; None when it says nothing readable."""
    if header is None:
        return None
    told = header.strip()
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:9])), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_ASKED)
