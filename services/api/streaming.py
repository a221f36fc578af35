"""Server-sent events (WHATWG HTML, Server-sent events): the records as they come, to thousands at a time.

`id` is a record's position, `event` its type, `data` the record. `advance` tells a reader who hears little how far it
has come, `bye` that the stream ends and the reader shall come again. A reader that takes nothing for `patience` seconds
is cut off; with its `Last-Event-ID` it goes on where it was.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from random import Random

import msgspec

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.streaming.choice import Filter
from infra.streams.cloudevent import Persons, cloudevent
from infra.streams.feed import Heard
from infra.streams.joining import persons_of
from infra.streams.tail import Held, Tail, Tails
from infra.vault.disclosures import note_disclosure
from infra.vault.vault import Vault
from services.api.records import view_of
from services.api.resuming import head_behind
from services.application.asking import Caller
from services.application.listeners import Listeners
from services.application.reach import is_out_of_reach
from services.application.trouble import TooManyListeners

MOST_AT_ONCE = 64
"""Records that are handed to the connection at a time: a slow reader is noticed between two handfuls."""

MOST_SILENCE = 1_000
"""Records that a listener doesn't hear before it is told how far it has come, without waiting for a quiet moment."""

BYE = b'event: bye\ndata: {"why":"%s"}\n\n'
"""The last word of a stream: `stopping`, `lifetime`, `slow`, `key` (it opens nothing any more), `lost` (the log is), or
`full` (others were faster)."""

Form = str
RECORD, CLOUDEVENT = "record", "cloudevent"
FORMS: tuple[Form, ...] = (RECORD, CLOUDEVENT)
"""A record as it stands, with its leaf hash (for the house alone), or as a CloudEvent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who listens to what: after which position, in which form, and whether persons are told with it.

    A `stranger` has no key. `still_welcome` is asked at every tick: a key may have been revoked.
    """

    tenant: TenantId
    after: int
    filter: Filter
    form: Form
    persons: bool
    stranger: bool
    still_welcome: Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class _Place:
    """How far a listener has been led through the log (`read`), and what it has been told of that (`told`)."""

    read: int
    told: int
    asked_again: float

    def sign(self) -> bytes:
        """A sign of life: how far it has come, if that is further than it was told."""
        if self.read == self.told:
            return b": ping\n\n"
        self.told = self.read
        return b'id: %d\nevent: advance\ndata: {"position":%d}\n\n' % (self.read, self.read)


class Streams:
    """All streams of a process. `stopping` ends them; `address` is where the service is reached from outside."""

    def __init__(
        self, tails: Tails, vault: Vault, stopping: asyncio.Event, *, address: str, listeners: Listeners
    ) -> None:
        self._tails = tails
        self._vault = vault
        self._stopping = stopping
        self._address = address
        self._listeners = listeners
        self._limits = listeners.limits
        self._spread = Random()  # noqa: S311 - spreads reconnections, guards nothing

    async def admit(self, listener: Listener, caller: Caller | None) -> None:
        """Let a listener in, before its stream is opened; that it is told personal values is noted first.

        Raises `TooManyListeners`, `NotThere` when there is no such host, `NotRecordedYet` for a place beyond its head.
        """
        tenant = listener.tenant
        self._listeners.must_have_room(tenant, stranger=listener.stranger)
        await head_behind(self._tails.feed, tenant, listener.after)
        if listener.persons and caller is not None:
            detail = {"after": listener.after}
            await note_disclosure(self._vault, tenant, caller.member, caller.role.value, "stream", detail=detail)

    async def open(self, listener: Listener) -> AsyncGenerator[bytes, None]:
        """The stream of a listener, until it leaves or has to; then why."""
        try:
            with self._listeners.place(listener.tenant, stranger=listener.stranger):
                async with aclosing(self._told(listener)) as told:
                    async for part in told:
                        yield part
        except TooManyListeners:
            yield BYE % b"full"
        except Exception as error:
            if not is_out_of_reach(error):
                raise
            yield BYE % b"lost"

    async def _told(self, listener: Listener) -> AsyncGenerator[bytes, None]:
        now = time.monotonic
        until = now() + self._limits.lifetime * self._spread.uniform(0.9, 1.1)
        place = _Place(listener.after, listener.after, now() + self._tails.tick * self._spread.uniform(0.5, 1.5))
        yield b"retry: %d\n\n" % self._spread.randint(1_000, 3_000)
        async with self._tails.listen(listener.tenant) as tail:
            while (why := await self._end(listener, tail, place, until)) is None:
                part = await self._next(listener, tail, place)
                handed = now()
                if part:
                    yield part
                if now() - handed > self._limits.patience:
                    why = "slow"
                    break
        yield BYE % why.encode()

    async def _end(self, listener: Listener, tail: Tail, place: _Place, until: float) -> str | None:
        """Why the stream ends now, if it does."""
        if self._stopping.is_set():
            return "stopping"
        if tail.failed:
            return "lost"
        now = time.monotonic()
        if now > until:
            return "lifetime"
        if now > place.asked_again:
            place.asked_again = now + self._tails.tick * self._spread.uniform(0.5, 1.5)
            if not await listener.still_welcome():
                return "key"
        return None

    async def _next(self, listener: Listener, tail: Tail, place: _Place) -> bytes:
        """What the listener gets next; nothing when it hears nothing of what there was."""
        held = tail.after(place.read, MOST_AT_ONCE)
        if held is None:
            return await self._caught_up(listener, place)
        if not held:
            await tail.news()
            return b"" if tail.after(place.read, 1) else place.sign()
        place.read = held[-1].heard.recorded.position
        seen = [one for one in held if listener.filter.sees(one.heard.entry, one.heard.edition)]
        return await self._written(listener, place, seen)

    async def _caught_up(self, listener: Listener, place: _Place) -> bytes:
        """Records that the tail hasn't in hand any more, read for this listener alone."""
        async with self._tails.turns:
            stretch = await self._tails.feed.stretch(listener.tenant, place.read, listener.filter, MOST_AT_ONCE)
        place.read = stretch.reached
        return await self._written(listener, place, [Held(one) for one in stretch.heard])

    async def _written(self, listener: Listener, place: _Place, seen: Sequence[Held]) -> bytes:
        """Records as they go over the line."""
        if not seen:
            return b"" if place.read - place.told < MOST_SILENCE else place.sign()
        place.told = seen[-1].heard.recorded.position
        audience = listener.filter.audience
        if listener.persons:
            heard = [one.heard for one in seen]
            persons = await persons_of(self._vault, listener.tenant, heard, audience)
            return b"".join(self._frame(listener, one, persons) for one in heard)
        form = (listener.form, audience)
        return b"".join(one.frame(form, lambda heard: self._frame(listener, heard, None)) for one in seen)

    def _frame(self, listener: Listener, heard: Heard, persons: Persons | None) -> bytes:
        if listener.form == RECORD:
            data = msgspec.json.encode(view_of(heard.recorded))
        else:
            told = cloudevent(listener.tenant, heard, listener.filter.audience, address=self._address, persons=persons)
            if told is None:
                return b""
            data = told
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (heard.recorded.position, heard.recorded.type.encode(), data)
