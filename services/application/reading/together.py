"""Reading together: whoever asks what others ask at the same time is answered by one reading.

A board, its mirrors and everybody's phones ask the same page within the same second. As with group commit, whatever
has been asked while a reading was under way is answered by the next one. Nothing is kept: every answer comes from a
reading that began after its question had come, so nobody is told less than by a reading of their own, and what was
erased or recorded before is erased and told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")

LONGEST = 0.1
"""Seconds after which those who wait for a reading to end read beside it."""


class Together(Generic[Answer]):
    """The readings under way, and those that begin after them, by question. For one event loop."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Answer]] = {}
        self._next: dict[Hashable, asyncio.Task[Answer]] = {}

    async def ask(self, question: Hashable, read: Callable[[], Awaitable[Answer]]) -> Answer:
        """What `read`, or the reading of somebody who asks the same, finds from now on; raises what it raises.

        Two questions are the same when their readings would be. Who goes away leaves the reading to the others.
        """
        reading = self._next.get(question)
        if reading is None:
            before = self._under_way.get(question)
            reading = asyncio.create_task(self._read(question, read, before))
            if before is None:
                self._under_way[question] = reading
            else:
                self._next[question] = reading
        return await asyncio.shield(reading)

    def __len__(self) -> int:
        """How many readings are under way or about to begin."""
        return len(self._under_way) + len(self._next)

    async def _read(
        self, question: Hashable, read: Callable[[], Awaitable[Answer]], before: asyncio.Task[Answer] | None
    ) -> Answer:
        """Begin when the reading `before` has ended: from then on whoever asks comes too late for this one."""
        reading: Any = asyncio.current_task()
        if before is not None:
            await asyncio.wait([before], timeout=LONGEST)
            del self._next[question]
            self._under_way[question] = reading
        try:
            return await read()
        finally:
            if self._under_way.get(question) is reading:
                del self._under_way[question]
