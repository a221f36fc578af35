"""Following a host's log without end: server-sent events, taken up again where they broke, or polling where they can't.

Whoever iterates gets each record once, in the order of positions, and is never hurried: the next one is read from the
connection when it is asked for. What isn't kept by the consumer's own cursor is gone with the process.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import dataclass, replace

import httpx2

from services.client.event import Event
from services.client.trouble import Unreachable
from services.client.wire import PAGE, Place, Wanted, must_be_ok, page_of, passing

FIRST_WORD = 10.0
"""Seconds in which a stream says something. One that doesn't is held back on the way, and is polled instead."""

CONNECT = 5.0
"""Seconds for a connection: less, since a service that is away isn't a stream that is held back."""

SILENCE = 45.0
"""Seconds after which a stream counts as lost: the service says that it lives every 15."""

HOLD = 20
"""Seconds for which the service holds back the answer when there is nothing, while polling."""

LOOK = 2.0
"""Seconds between looks when it doesn't."""

POLLING = 300.0
"""Seconds of polling after which streaming is tried anew."""

WENT_WELL = 10.0
"""A connection that lasted for so many seconds was none that failed, even if nothing happened."""

LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The service is away: it is asked again in so many `seconds` for what comes after position `after`."""

    after: int
    seconds: float
    why: str


Watch = Callable[[Waiting], None]
"""Is told of every pause; must not block."""


class Streamless(Exception):
    """Server-sent events don't get through to here."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait before asking again: `first` seconds, twice as long each time, never quite the same for two."""

    first: float = 0.5
    times: int = 0

    @property
    def seconds(self) -> float:
        """This pause: between half of it and all of it, so that a thousand readers don't come back at once."""
        longest: float = min(LONGEST_PAUSE, self.first * 2.0 ** min(self.times, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, keeps no secret

    def slower(self) -> "Pace":
        """The next pause is longer."""
        return replace(self, times=self.times + 1)


class Following:
    """One reading of a log. `position` is how far it is."""

    def __init__(self, place: Place, after: int, wanted: Wanted, watch: Watch | None) -> None:
        self.position = after
        self._place = place
        self._wanted = wanted
        self._watch = watch
        self._polls_until = 0.0

    async def events(self) -> AsyncGenerator[Event, None]:
        """Every record after `position`, without end. Raises `Refused` when the service says no for good."""
        timeout = httpx2.Timeout(30, connect=CONNECT, read=SILENCE)
        async with httpx2.AsyncClient(headers=self._place.headers, timeout=timeout) as http:
            pace = Pace()
            while True:
                begun = asyncio.get_running_loop().time()
                polls = begun < self._polls_until
                advice: float | None = None
                try:
                    async with aclosing(self._polled(http) if polls else self._streamed(http)) as events:
                        async for event in events:
                            pace = Pace()
                            yield event
                    why = "the stream ended"
                except Streamless:
                    self._polls_until = asyncio.get_running_loop().time() + POLLING
                    continue
                except Exception as trouble:
                    why = passing(trouble)
                    advice = getattr(trouble, "retry_after", None)
                if asyncio.get_running_loop().time() - begun > WENT_WELL:
                    pace = Pace()
                await self._wait(pace, advice, why)
                pace = pace.slower()

    async def _wait(self, pace: Pace, advice: float | None, why: str) -> None:
        seconds = min(LONGEST_PAUSE, max(pace.seconds, advice or 0.0))
        if self._watch is not None:
            self._watch(Waiting(self.position, seconds, why))
        await asyncio.sleep(seconds)

    async def _streamed(self, http: httpx2.AsyncClient) -> AsyncGenerator[Event, None]:
        """Until the stream ends. Its first word is a hint for browsers, which comes at once."""
        asked = self._wanted.after(self.position)
        async with AsyncExitStack() as stack:
            one, said = await _spoken(stack, http.sse(self._place.stream, params=asked))
            while one.event != "bye":
                if "." in one.event:
                    event = Event.parse(one.data)
                    if event.position > self.position:
                        self.position = event.position
                        yield event
                elif one.id.isascii() and one.id.isdigit():
                    self.position = max(self.position, int(one.id))
                try:
                    one = await anext(said)
                except StopAsyncIteration:
                    return

    async def _polled(self, http: httpx2.AsyncClient) -> AsyncGenerator[Event, None]:
        """For a while; then streams get another chance."""
        while asyncio.get_running_loop().time() < self._polls_until:
            asked = self._wanted.after(self.position, limit=PAGE, wait=HOLD)
            begun = asyncio.get_running_loop().time()
            page = page_of(await http.get(self._place.events, params=asked), self.position)
            for event in page.events:
                self.position = event.position
                yield event
            self.position = max(self.position, page.reached)
            # A service to which too many hold on answers at once.
            if not page.events and not page.more and asyncio.get_running_loop().time() - begun < LOOK:
                await asyncio.sleep(LOOK)


async def _spoken(
    stack: AsyncExitStack, asked: AbstractAsyncContextManager[httpx2.EventSource]
) -> tuple[httpx2.ServerSentEvent, AsyncIterator[httpx2.ServerSentEvent]]:
    """A stream's first word, and what it goes on to say. Raises `Streamless`, `Refused`."""
    try:
        async with asyncio.timeout(FIRST_WORD):
            source = await stack.enter_async_context(asked)
            if not source.response.is_success:
                await source.response.aread()
                must_be_ok(source.response)
            if not source.response.headers.get("content-type", "").startswith("text/event-stream"):
                raise Streamless
            said = aiter(source)
            return await anext(said), said
    except TimeoutError:
        raise Streamless from None
    except StopAsyncIteration:
        raise Unreachable("the stream ended before it began") from None
