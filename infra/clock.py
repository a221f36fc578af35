"""The one place where time and chance come from; everything above hands them on as arguments."""

from datetime import UTC, datetime
from uuid import uuid4  # noqa: TID251 - the one place that may


def now() -> datetime:
    """This machine's time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may


def fresh_id() -> str:
    """A new random UUID in its canonical form."""
    return str(uuid4())
