"""The log as a relay sends it: records as CloudEvents for one audience, page by page."""

import asyncpg
import msgspec

from domain.frozen import dataclass
from domain.identity import EventId, TenantId
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from infra.event_log.reader import Reader
from infra.streams.broker import Message
from infra.streams.cloudevent import cloudevent
from infra.streams.feed import Feed


@dataclass(frozen=True, slots=True)
class Page:
    """What goes out of the records behind a position, and how far was looked; `more`: there may be more at once."""

    messages: list[Message]
    reached: int
    more: bool


class _Identified(msgspec.Struct):
    id: str


_identified = msgspec.json.Decoder(_Identified).decode


class Outgoing:
    """Reads over a follower's pool, which is the caller's. Persons' names aren't told; pseudonyms, as may be."""

    def __init__(self, pool: asyncpg.Pool, audience: Audience, address: str) -> None:
        self._reader = Reader(pool)
        self._feed = Feed(pool)
        self._audience = audience
        self._filter = Filter(audience=audience)
        self._address = address

    async def page(self, tenant: TenantId, after: int, most: int) -> Page:
        """Up to `most` records behind a position; those that the audience may not know of are passed over."""
        stretch = await self._feed.stretch(tenant, after, self._filter, most)
        messages = []
        for heard in stretch.heard:
            body = cloudevent(tenant, heard, self._audience, address=self._address)
            if body is not None:
                event, recorded = EventId(heard.entry["id"]), heard.recorded
                messages.append(Message(recorded.position, event, recorded.type, body))
        return Page(messages, stretch.reached, stretch.more)

    async def event_at(self, tenant: TenantId, position: int) -> EventId | None:
        """Which event stands at a position; None when the log doesn't reach so far."""
        found = await self._reader.page(tenant, position - 1, 1)
        return EventId(_identified(found[0].bytes).id) if found else None
