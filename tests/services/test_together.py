"""Reading together: one reading for those who ask at once, and none that began before they did."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from services.application.reading.together import LONGEST, Together


class Shelf:
    """Something that is read, slowly enough to be changed meanwhile. Every reading tells what it found at its start."""

    def __init__(self) -> None:
        self.holds = 0
        self.readings = 0
        self.go_on = asyncio.Event()

    async def read(self) -> int:
        self.readings += 1
        found = self.holds
        await self.go_on.wait()
        return found


async def _begun(asked: Callable[[], Awaitable[int]], many: int = 1) -> list["asyncio.Task[int]"]:
    """So many who have asked, and wait."""
    asking = [asyncio.ensure_future(asked()) for _ in range(many)]
    for _ in range(3):
        await asyncio.sleep(0)
    return asking


async def test_who_asks_during_a_reading_is_answered_by_the_next() -> None:
    """Given a reading under way, when something changes and forty ask, one more reading tells all of them of it."""
    shelf, together = Shelf(), Together[int]()
    first = await _begun(lambda: together.ask("page", shelf.read))
    shelf.holds = 1
    others = await _begun(lambda: together.ask("page", shelf.read), 40)
    shelf.go_on.set()
    assert await asyncio.gather(*first) == [0]
    assert await asyncio.gather(*others) == [1] * 40
    assert shelf.readings == 2


async def test_nothing_is_kept() -> None:
    """Given a reading that has ended, when the same is asked again, then it is read again, and nothing is left over."""
    shelf, together = Shelf(), Together[int]()
    shelf.go_on.set()
    assert await together.ask("page", shelf.read) == 0
    shelf.holds = 1
    assert await together.ask("page", shelf.read) == 1
    assert len(together) == 0


async def test_other_questions_are_read_by_themselves() -> None:
    """Given a reading under way, when another question comes, then it is read at once, beside it."""
    shelf, other, together = Shelf(), Shelf(), Together[int]()
    other.holds = 7
    other.go_on.set()
    first = await _begun(lambda: together.ask(("essen", "ledger"), shelf.read))
    assert await together.ask(("köln", "ledger"), other.read) == 7
    shelf.go_on.set()
    assert await first[0] == 0


async def test_a_slow_reading_holds_nobody_up_for_long() -> None:
    """Given a reading that doesn't end, when others ask, then after a moment they are read for beside it."""
    shelf, quick, together = Shelf(), Shelf(), Together[int]()
    quick.go_on.set()
    slow = await _begun(lambda: together.ask("page", shelf.read))
    async with asyncio.timeout(20 * LONGEST):
        assert await together.ask("page", quick.read) == 0
    shelf.go_on.set()
    assert await slow[0] == 0
    assert len(together) == 0


async def test_who_goes_away_takes_nobody_along() -> None:
    """Given three who share a reading, when the one who began it hangs up, then the others are answered."""
    shelf, together = Shelf(), Together[int]()
    before = await _begun(lambda: together.ask("page", shelf.read))
    leaves, *stay = await _begun(lambda: together.ask("page", shelf.read), 3)
    leaves.cancel()
    shelf.go_on.set()
    assert await asyncio.gather(*before, *stay) == [0, 0, 0]
    with pytest.raises(asyncio.CancelledError):
        await leaves


async def test_a_reading_that_fails_fails_for_all_who_share_it() -> None:
    """Given a reading that raises, then all who share it are told so, and the next who ask are read for anew."""
    together = Together[int]()

    async def fails() -> int:
        await asyncio.sleep(0)
        raise LookupError

    first = await _begun(lambda: together.ask("page", fails))
    others = await _begun(lambda: together.ask("page", fails), 3)
    found = await asyncio.gather(*first, *others, return_exceptions=True)
    assert [type(one) for one in found] == [LookupError] * 4
    shelf = Shelf()
    shelf.go_on.set()
    assert await together.ask("page", shelf.read) == 0
