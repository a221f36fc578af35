"""Telling a database that can't be reached just now from a fault of ours."""

from infra.event_log.outcomes import FateUnknown, LogClosed, LogUnavailable
from infra.postgres.away import LOST

_AWAY: tuple[type[Exception], ...] = (FateUnknown, LogClosed, LogUnavailable, *LOST)


def is_out_of_reach(error: BaseException | None) -> bool:
    """Whether `error`, or what it came from, means that the records can't be reached just now."""
    while error is not None:
        if isinstance(error, _AWAY):
            return True
        error = error.__cause__ or error.__context__
    return False
