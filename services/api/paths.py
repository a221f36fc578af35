"""What stands in addresses: ids, cursors, moments, limits."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from domain.identity import StreamId
from services.api.problems import QueryUnusable

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
MAX_POSITION = 2**53 - 1

TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""What a host can be called, as `log.tenants` has it."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def stream_id(told: str) -> StreamId | None:
    """The id that `told` is, or None: nothing has such an id."""
    return StreamId(told) if _UUID.fullmatch(told) else None


class Query:
    """The query of one request, taken out by name; what isn't asked for by anybody is refused, not ignored."""

    def __init__(self, given: Mapping[str, list[str]], several: Collection[str] = ()) -> None:
        self._given = dict(given)
        for name, values in given.items():
            if len(values) > 1 and name not in several:
                raise _unusable(name, "It is given more than once.")

    def text(self, name: str, longest: int = 400) -> str | None:
        """Any text."""
        values = self._given.pop(name, None)
        if values is None:
            return None
        if not values[0] or len(values[0]) > longest or "\x00" in values[0]:
            raise _unusable(name, f"It is text of 1 to {longest} characters.")
        return values[0]

    def id(self, name: str) -> StreamId | None:
        """An id."""
        told = self.text(name)
        if told is None:
            return None
        found = stream_id(told)
        if found is None:
            raise _unusable(name, "It is a UUID in lower case.")
        return found

    def whole(self, name: str, least: int = 0, most: int = MAX_POSITION) -> int | None:
        """A whole number from `least` to `most`."""
        told = self.text(name)
        if told is None:
            return None
        if not (told.isascii() and told.isdigit() and len(told) < 17 and least <= int(told) <= most):
            raise _unusable(name, f"It is a whole number from {least} to {most}.")
        return int(told)

    def limit(self) -> int:
        """How many items a page holds."""
        limit = self.whole("limit", 1, MAX_LIMIT)
        return DEFAULT_LIMIT if limit is None else limit

    def one_of(self, name: str, words: tuple[str, ...]) -> str | None:
        """One of some words."""
        told = self.text(name)
        if told is not None and told not in words:
            raise _unusable(name, f"It is one of: {', '.join(words)}.")
        return told

    def words(self, name: str, known: Collection[str]) -> frozenset[str]:
        """Some of the known words: separated by commas, or one by one (for `several`); none where nothing is asked."""
        values = self._given.pop(name, None)
        if values is None:
            return frozenset()
        told = frozenset(word for value in values for word in value.split(","))
        if not told <= set(known):
            raise _unusable(name, f"Each is one of: {', '.join(known)}.")
        return told

    def as_of(self, name: str = "as_of") -> int | datetime | None:
        """A position, or a time with its offset from UTC (`as_of=2026-10-25T02:30:00+02:00`)."""
        told = self._given.get(name, [""])[0]
        if told.isascii() and told.isdigit():
            return self.whole(name)
        told_time = self.text(name)
        if told_time is None:
            return None
        try:
            # An unescaped + in an address is read as a space.
            moment = datetime.fromisoformat(told_time.replace(" ", "+"))
        except ValueError:
            raise _unusable(name, "It is a position, or a time like 2026-10-25T02:30:00+02:00.") from None
        if moment.utcoffset() is None:
            raise _unusable(name, "A time needs its offset from UTC, like 2026-10-25T02:30:00+02:00.")
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise _unusable(name, "That moment lies outside the years 1 to 9999 in UTC.") from None

    def end(self) -> None:
        """Refuse whatever wasn't asked for."""
        for name in self._given:
            raise _unusable(name, "Nothing here goes by that name.")


def _unusable(name: str, detail: str) -> QueryUnusable:
    return QueryUnusable(errors=[{"parameter": name, "detail": detail}])
