"""Pulling records: pages as JSON or as CloudEvents, and all of them as lines; a page may wait for something to come."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from domain.identity import TenantId
from domain.streaming.choice import Filter
from infra.event_log.wakeups import Wakeups
from infra.streams.cloudevent import BATCH_MEDIA_TYPE, Persons, cloudevent
from infra.streams.feed import Feed, Heard, Stretch
from infra.streams.joining import persons_of
from infra.vault.disclosures import note_disclosure
from infra.vault.vault import Vault
from services.api.getting import next_address
from services.api.keys import Doorkeeper
from services.api.paths import Query
from services.api.records import EventPage, told
from services.api.resuming import head_behind
from services.api.scopes import Admitted, admitted, chosen_by

JSON, NDJSON = "application/json", "application/x-ndjson"
FORMS = [JSON, NDJSON, BATCH_MEDIA_TYPE]

REACHED = "Handschlag-Reached"
"""The header that says how far the log was looked through: a reader goes on after that position."""

MOST_WAIT = 30
"""Seconds for which a page waits at most."""

MOST_WAITING = 1_000
"""Pages that wait at the same time in a process; one more is answered at once."""

LOOKING = 8
"""Answers of a process for which the log is looked through at the same time; others wait for their turn.

So a live stream waits for few of them, however many pull."""

CHUNK = 200
"""Records read at a time for an answer that is all of them."""

POLL = 1.0
"""Seconds after which whoever waits looks although nobody hinted."""


class Pulls:
    """What every pull of a process shares. It owns none of it; `stopping` ends waiting, `address` is the outside's."""

    def __init__(self, feed: Feed, wakeups: Wakeups, vault: Vault, stopping: asyncio.Event, *, address: str) -> None:
        self.feed = feed
        self.vault = vault
        self.address = address
        self._wakeups = wakeups
        self._stopping = stopping
        self._waiting = 0
        self._turns = asyncio.Semaphore(LOOKING)

    async def page(self, tenant: TenantId, after: int, chosen: Filter, most: int, wait: int) -> Stretch:
        """Up to `most` records; where there are none, those that come within `wait` seconds.

        Nobody waits before the log is looked through to its head: with `more`, none may have been found so far.
        """
        if not wait or self._waiting >= MOST_WAITING:
            return await self._gathered(tenant, after, chosen, most)
        self._waiting += 1
        try:
            return await self._awaited(tenant, after, chosen, most, wait)
        finally:
            self._waiting -= 1

    async def chunk(self, tenant: TenantId, after: int, chosen: Filter) -> Stretch:
        """The next part of an answer that is all of the records."""
        async with self._turns:
            return await self.feed.stretch(tenant, after, chosen, CHUNK)

    async def _gathered(self, tenant: TenantId, after: int, chosen: Filter, most: int) -> Stretch:
        async with self._turns:
            return await self.feed.gather(tenant, after, chosen, most)

    async def _awaited(self, tenant: TenantId, after: int, chosen: Filter, most: int, wait: int) -> Stretch:
        clock = asyncio.get_running_loop().time
        until = clock() + wait
        async with self._wakeups.watch(tenant) as watch:
            while True:
                found = await self._gathered(tenant, after, chosen, most)
                left = until - clock()
                if found.heard or found.more or left <= 0 or self._stopping.is_set():
                    return found
                after = found.reached
                await self._hint_or_stop(watch.wait(min(left, POLL)))

    async def _hint_or_stop(self, hint: Any) -> None:
        waiting = {asyncio.ensure_future(hint), asyncio.ensure_future(self._stopping.wait())}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def disclose(self, who: Admitted, what: dict[str, Any]) -> None:
        """Note that personal values are about to be handed out, once an answer, if they are."""
        if who.scope.persons and who.caller is not None:
            caller = who.caller
            detail = {"key": caller.key, **what}
            await note_disclosure(self.vault, who.tenant, caller.member, caller.role.value, "events", detail=detail)

    async def persons(self, who: Admitted, heard: Sequence[Heard]) -> Persons | None:
        """The personal values that belong to these records, for a reader with the right to them."""
        if not who.scope.persons:
            return None
        return await persons_of(self.vault, who.tenant, heard, who.scope.audience)


def pulling_route(pulls: Pulls, doorkeeper: Doorkeeper) -> HTTPRouteHandler:
    """The route of a host's records."""

    @get("/v1/{tenant:str}/events", name="ListEvents")
    async def list_events(request: Request[Any, Any, Any]) -> Response[Any]:
        who = await admitted(request, doorkeeper)
        query = Query(request.query_params.dict(), several=("type",))
        after, chosen = query.whole("after") or 0, chosen_by(query, who)
        form = request.accept.best_match(FORMS, JSON)
        if form == NDJSON:
            query.end()
            return await _lines(pulls, who, after, chosen)
        limit, wait = query.limit(), query.whole("wait", 0, MOST_WAIT) or 0
        query.end()
        await head_behind(pulls.feed, who.tenant, after)
        found = await pulls.page(who.tenant, after, chosen, limit, wait)
        if found.heard:
            await pulls.disclose(who, {"after": after, "until": found.reached})
        persons = await pulls.persons(who, found.heard)
        headers = {"Cache-Control": "no-store", REACHED: str(found.reached)}
        if found.more:
            headers["Link"] = f'<{next_address(request, "after", str(found.reached))}>; rel="next"'
        if form == BATCH_MEDIA_TYPE:
            return Response(_batch(pulls, who, found, persons), media_type=form, headers=headers)
        page = EventPage(
            items=[told(one, who.scope.audience, persons) for one in found.heard],
            next=str(found.reached) if found.more else None,
            reached=found.reached,
        )
        return Response(msgspec.json.encode(page), media_type=JSON, headers=headers)

    return list_events


def _batch(pulls: Pulls, who: Admitted, found: Stretch, persons: Persons | None) -> bytes:
    """CloudEvents in the JSON batch format (JSON Event Format §4)."""
    audience, address = who.scope.audience, pulls.address
    events = (cloudevent(who.tenant, one, audience, address=address, persons=persons) for one in found.heard)
    return b"[" + b",".join(event for event in events if event is not None) + b"]"


async def _lines(pulls: Pulls, who: Admitted, after: int, chosen: Filter) -> Response[Any]:
    """Everything up to the head of now, a line a record, in constant memory. A cut answer is gone on with after it."""
    head = await head_behind(pulls.feed, who.tenant, after)
    await pulls.disclose(who, {"after": after, "until": head})
    headers = {"Cache-Control": "no-store", REACHED: str(head)}
    return Stream(lines_of(pulls, who, after, head, chosen), media_type=NDJSON, headers=headers)


async def lines_of(pulls: Pulls, who: Admitted, after: int, head: int, chosen: Filter) -> AsyncIterator[bytes]:
    """The records after a position up to `head`, a line each, some pages in hand at a time."""
    more = True
    while more and after < head:
        stretch = await pulls.chunk(who.tenant, after, chosen)
        heard = [one for one in stretch.heard if one.recorded.position <= head]
        persons = await pulls.persons(who, heard)
        lines = (msgspec.json.encode(told(one, who.scope.audience, persons)) for one in heard)
        if heard:
            yield b"\n".join(lines) + b"\n"
        after, more = stretch.reached, stretch.more
