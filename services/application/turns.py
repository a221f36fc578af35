"""Turns within one process: requests that get into each other's way go one after the other."""

import asyncio
from types import TracebackType

from domain.identity import TenantId
from domain.refusal import Refusal

PATIENCE = 5.0
"""Seconds that a request waits for its turn: a second one with a key, for the first one's answer."""


class Turns:
    """Who is at work on what, by tenant and name. Owns a lock for each name that somebody wants."""

    def __init__(self) -> None:
        self._locks: dict[tuple[TenantId, str], _Lock] = {}

    def turn(self, tenant: TenantId, name: str, late: type[Refusal]) -> "Turn":
        """A turn to be entered with `async with`; raises `late` after `PATIENCE` seconds of waiting."""
        return Turn(self._locks, (tenant, name), late)

    def __len__(self) -> int:
        """How many names somebody wants."""
        return len(self._locks)


class _Lock(asyncio.Lock):
    """A lock, and how many want or have it."""

    wanted = 0


class Turn:
    """One request's turn. Made by `Turns.turn`."""

    __slots__ = ("_late", "_locks", "_name")

    def __init__(
        self, locks: dict[tuple[TenantId, str], _Lock], name: tuple[TenantId, str], late: type[Refusal]
    ) -> None:
        self._locks = locks
        self._name = name
        self._late = late

    async def __aenter__(self) -> None:
        lock = self._locks.get(self._name)
        if lock is None:
            lock = self._locks[self._name] = _Lock()
        lock.wanted += 1
        if lock.wanted == 1:
            await lock.acquire()  # it is free: nobody waits, and only who waits needs a clock
            return
        try:
            await self._acquire(lock)
        except BaseException:
            self._leave(lock)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        lock = self._locks[self._name]
        lock.release()
        self._leave(lock)

    async def _acquire(self, lock: _Lock) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await lock.acquire()
        except TimeoutError:
            raise self._late from None

    def _leave(self, lock: _Lock) -> None:
        lock.wanted -= 1
        if not lock.wanted:
            del self._locks[self._name]
