"""Open pages are told that something changed, once a change, by one watcher for all, and let go cleanly."""

import asyncio
from typing import cast

from domain.identity import MarketplaceId, TenantId
from services.application.queries import Queries
from services.web.live import Live
from services.web.rooms import Rooms
from tests.services.web.made_up import edition, results, rows, thing
from tests.services.web.reader import Reader, Silence, hosts

ESSEN, HOME = TenantId("essen"), MarketplaceId(thing(1))  # type: ignore[arg-type]
BUSY = 5.0


def live(reader: Reader, stopping: asyncio.Event | None = None) -> Live:
    return Live(cast("Queries", reader), Silence(), stopping or asyncio.Event())


async def test_a_change_is_told_once_to_everyone() -> None:
    """Two screens hear of the same position; what a screen has already isn't told again."""
    reader = Reader(editions=[results(edition(), 1)])
    room = live(reader)
    one, other = room.stream(ESSEN, HOME, 0), room.stream(ESSEN, HOME, 2)
    await anext(one)
    await anext(other)
    first = await asyncio.wait_for(anext(one), BUSY)
    assert (first.event, first.data) == ("changed", "2")
    reader.editions[0] = results(edition(), 5)
    seen = [await asyncio.wait_for(anext(stream), BUSY) for stream in (one, other)]
    assert [(told.event, told.data) for told in seen] == [("changed", "6")] * 2
    await one.aclose()
    await other.aclose()
    assert not room._editions, "the last one out ends the watcher"


async def test_streams_say_bye_when_the_service_stops() -> None:
    """An open stream ends as soon as it is told to."""
    stopping = asyncio.Event()
    stream = live(Reader(editions=[results(edition(), 0)]), stopping).stream(ESSEN, HOME, 9)
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.05)
    stopping.set()
    assert (await asyncio.wait_for(waiting, BUSY)).event == "bye"
    await stream.aclose()


async def test_a_stream_ends_when_looking_fails() -> None:
    """A lost database ends the streams, so that pages say that they are stale; the next stream looks anew."""
    reader = Reader(editions=[results(edition(), 0)], trouble=ConnectionError())
    room = live(reader)
    stream = room.stream(ESSEN, HOME, 9)
    await anext(stream)
    assert (await asyncio.wait_for(anext(stream), BUSY)).event == "bye"
    await stream.aclose()
    reader.trouble = None
    again = room.stream(ESSEN, HOME, 0)
    await anext(again)
    assert (await asyncio.wait_for(anext(again), BUSY)).event == "changed"
    await again.aclose()


async def test_a_boards_list_is_read_once_for_all_screens() -> None:
    """Screens at one position share one reading, the newest certified first; a moved board reads anew."""
    reader = Reader(editions=[results(edition(), 3)], rows=list(reversed(rows(12))))
    rooms = Rooms(cast("Queries", reader), hosts, live(reader))
    screens = await asyncio.gather(*(rooms.newest(ESSEN, HOME, 4) for _ in range(20)))
    assert len(reader.public) == 1
    assert [row.number for row in screens[0]] == [12, 11, 10, 9, 8, 7, 6, 5]
    await rooms.newest(ESSEN, HOME, 5)
    assert len(reader.public) == 2
