"""Open pages are told that something changed, once a change, by one watcher for all, and let go cleanly."""

import asyncio
from collections.abc import AsyncGenerator
from typing import cast

import pytest
from litestar.response import ServerSentEventMessage

from domain.identity import MarketplaceId, TenantId
from services.application.listeners import Listeners
from services.application.queries import Queries
from services.application.trouble import TooManyListeners
from services.web.live import Live
from services.web.rooms import Rooms
from tests.services.web.made_up import edition, results, rows, thing
from tests.services.web.reader import Reader, Silence, hosts, listeners

ESSEN, HOME = TenantId("essen"), MarketplaceId(thing(1))  # type: ignore[arg-type]
BUSY = 30.0


def live(reader: Reader, stopping: asyncio.Event | None = None, places: Listeners | None = None) -> Live:
    return Live(cast("Queries", reader), Silence(), stopping or asyncio.Event(), places or listeners())


async def said(stream: AsyncGenerator[ServerSentEventMessage, None]) -> tuple[str | None, object]:
    """The next event of a stream, and its data."""
    told = await asyncio.wait_for(anext(stream), BUSY)
    return told.event, told.data


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


async def test_a_stream_lasts_its_lifetime() -> None:
    """However long a page stays open, its stream ends, says why, and gives its place to others."""
    places = listeners(lifetime=0, most=4)
    stream = live(Reader(editions=[results(edition(), 0)]), places=places).stream(ESSEN, HOME, 9)
    await anext(stream)
    assert await said(stream) == ("bye", "lifetime")
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    places.must_have_room(ESSEN, stranger=True)


async def test_a_screen_that_takes_nothing_is_let_go() -> None:
    """A reader that leaves a word standing for longer than the patience hears why it was cut off, if it comes back."""
    room = live(Reader(editions=[results(edition(), 4)]), places=listeners(patience=0))
    stream = room.stream(ESSEN, HOME, 0)
    await anext(stream)
    await anext(stream)
    await asyncio.sleep(0.01)
    assert await said(stream) == ("bye", "slow")
    await stream.aclose()
    assert not room._editions


async def test_whoever_comes_beyond_the_limit_gets_no_stream() -> None:
    """Strangers have a quarter of the places, all editions together; one that leaves makes room for another."""
    room = live(Reader(editions=[results(edition(), 0)]), places=listeners(most=8))
    one, other, third = (room.stream(TenantId(name), HOME, 0) for name in ("essen", "jena", "berlin"))
    await anext(one)
    await anext(other)
    with pytest.raises(TooManyListeners):
        room.must_have_room(TenantId("berlin"))
    assert await said(third) == ("bye", "full"), "somebody was faster between the question and the opening"
    await one.aclose()
    room.must_have_room(TenantId("berlin"))
    await other.aclose()


async def test_a_boards_list_is_read_once_for_all_screens() -> None:
    """Screens at one position share one reading, the newest certified first; a moved board reads anew."""
    reader = Reader(editions=[results(edition(), 3)], rows=list(reversed(rows(12))))
    rooms = Rooms(cast("Queries", reader), hosts, live(reader))
    screens = await asyncio.gather(*(rooms.newest(ESSEN, HOME, 4) for _ in range(20)))
    assert len(reader.public) == 1
    assert [row.number for row in screens[0]] == [12, 11, 10, 9, 8, 7, 6, 5]
    await rooms.newest(ESSEN, HOME, 5)
    assert len(reader.public) == 2
