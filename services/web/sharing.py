"""One answer for a crowd: what many ask for at the same time is asked for once, and stands for some seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Shared(Generic[Answer]):
    """What `ask` answers, for whoever asks while it is under way and for `seconds` from then on.

    There is never more than one asking under way, however long it takes. Trouble is raised for those who shared it, and
    isn't kept. Who leaves while waiting ends nothing.
    """

    def __init__(self, ask: Callable[[], Awaitable[Answer]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._until = 0.0
        self._asking: asyncio.Task[Answer] | None = None

    async def answer(self) -> Answer:
        """The answer; raises what asking raised."""
        if self._asking is None or (self._asking.done() and self._is_old(self._asking)):
            self._asking = asyncio.create_task(self._asked(), name="shared")
        return await asyncio.shield(self._asking)

    async def _asked(self) -> Answer:
        answer = await self._ask()
        self._until = asyncio.get_running_loop().time() + self._seconds
        return answer

    def _is_old(self, asked: "asyncio.Task[Answer]") -> bool:
        failed = asked.cancelled() or asked.exception() is not None
        return failed or asyncio.get_running_loop().time() >= self._until
