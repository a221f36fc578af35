"""The one reader behind every stream: pages the log, knows the edition of each record, and keeps what a filter sees."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import asyncpg
import msgspec

from domain.frozen import dataclass
from domain.identity import MarketplaceId, StreamId, TenantId
from domain.streaming.choice import Filter
from domain.streaming.places import edition_named, needs_first
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.reader import Reader

PAGE = 500
"""Records read from the log at a time."""

LOOKED = 2_000
"""Records that one look goes through at most for some of certain types, however few it finds."""

THROUGH = 10_000
"""Records that one answer looks through, give or take a look: then it says how far it came."""

KNOWN = 50_000
"""Streams whose edition is kept in mind, least recently used first out."""

_FIRSTS = "select stream, bytes from log.entries where tenant = $1 and stream = any($2::uuid[]) and version = 1"

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Heard:
    """A record that a filter sees: as it stands, its decoded `entry`, and the edition it belongs to, if to one."""

    recorded: RecordedBytes
    entry: Mapping[str, Any]
    edition: MarketplaceId | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a filter sees of the log behind a position, in order, and how far that was looked through.

    A reader goes on after `reached`, whether it heard something or not. `more` says that there may be more at once.
    """

    heard: list[Heard]
    reached: int
    more: bool


class Feed:
    """Reads any tenant's log over a runtime's or follower's connections, for as many readers as like.

    The pool is the caller's; where others use it, too, `at_once` says how many of its connections readers have at the
    same time (else: all). The edition of a stream is told by its first record and never changes, so it is looked up
    once (for all streams of a page in one query) and kept.
    """

    def __init__(self, pool: asyncpg.Pool, *, at_once: int | None = None) -> None:
        self._pool = pool
        self._reader = Reader(pool)
        self._turns = asyncio.Semaphore(at_once or pool.get_max_size())
        self._editions: OrderedDict[tuple[TenantId, StreamId], MarketplaceId | None] = OrderedDict()

    async def head(self, tenant: TenantId) -> int:
        """The position of the host's newest record. Raises `LookupError` when there is no such host."""
        async with self._turns:
            return (await self._reader.head(tenant)).size

    async def stretch(self, tenant: TenantId, after: int, filter_: Filter, most: int = PAGE) -> Stretch:
        """One look at the log after position `after`: at most `most` records of the types that the filter names.

        Where it names types, `LOOKED` records are looked through at most. What doesn't fit the filter otherwise is left
        out. So fewer may come, or none, with `reached` moved on all the same, and with `more` when that isn't the head.
        Raises `LookupError` when there is no such host.
        """
        types = filter_.only_types()
        if types is None:
            async with self._turns:
                page = await self._reader.page(tenant, after, most)
            reached, more = page[-1].position if page else after, len(page) == most
        else:
            page, reached, more = await self._found(tenant, after, types, most)
        entries = [_decode(recorded.bytes) for recorded in page]
        editions = await self._editions_of(tenant, entries)
        heard = [
            Heard(recorded, entry, edition)
            for recorded, entry, edition in zip(page, entries, editions, strict=True)
            if filter_.sees(entry, edition)
        ]
        return Stretch(heard, reached, more)

    async def _found(
        self, tenant: TenantId, after: int, types: frozenset[str], most: int
    ) -> tuple[list[RecordedBytes], int, bool]:
        """Records of these types, how far was looked for them, and whether there may be more at once."""
        # The head comes first: whatever stands up to there is seen by the look that follows.
        head = await self.head(tenant)
        if not types or after >= head:
            return [], max(after, head), False
        async with self._turns:
            page = await self._reader.found(tenant, after, LOOKED, sorted(types), most)
        if len(page) == most:
            return page, page[-1].position, True
        reached = max(min(after + LOOKED, head), page[-1].position if page else 0)
        return page, reached, reached < head

    async def gather(self, tenant: TenantId, after: int, filter_: Filter, most: int) -> Stretch:
        """Up to `most` records that the filter sees, over as many stretches as that takes.

        `THROUGH` records are looked through, give or take a stretch, so that one answer has an end; with `more` there
        may be others behind `reached`, also where none was found so far. Raises as `stretch` does.
        """
        narrow = filter_.marketplace is not None or filter_.contract is not None
        heard: list[Heard] = []
        reached = after
        while True:
            room = most - len(heard)
            stretch = await self.stretch(tenant, reached, filter_, PAGE if narrow else room)
            if len(stretch.heard) > room:
                heard += stretch.heard[:room]
                return Stretch(heard, heard[-1].recorded.position, True)
            heard += stretch.heard
            reached = stretch.reached
            if not stretch.more or len(heard) == most or reached - after >= THROUGH:
                return Stretch(heard, reached, stretch.more)

    async def _editions_of(self, tenant: TenantId, entries: Iterable[Mapping[str, Any]]) -> list[MarketplaceId | None]:
        """The edition of each entry, in their order."""
        entries = list(entries)
        asked: dict[StreamId, MarketplaceId | None] = {}
        for entry in entries:
            named, stream = edition_named(entry), StreamId(entry["stream"])
            if entry["version"] == 1:
                asked[stream] = named
        unknown = {StreamId(entry["stream"]) for entry in entries if needs_first(entry)} - asked.keys()
        for stream in unknown:
            if (tenant, stream) in self._editions:
                self._editions.move_to_end((tenant, stream))
                asked[stream] = self._editions[tenant, stream]
        asked |= await self._look_up(tenant, unknown - asked.keys())
        for stream, edition in asked.items():
            self._editions[tenant, stream] = edition
        while len(self._editions) > KNOWN:
            self._editions.popitem(last=False)
        return [edition_named(entry) or asked.get(StreamId(entry["stream"])) for entry in entries]

    async def _look_up(self, tenant: TenantId, streams: Collection[StreamId]) -> dict[StreamId, MarketplaceId | None]:
        if not streams:
            return {}
        async with self._turns, self._pool.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute("select set_config('app.tenant', $1, true)", tenant)
            rows = await connection.fetch(_FIRSTS, tenant, list(streams))
        return {StreamId(str(row["stream"])): edition_named(_decode(row["bytes"])) for row in rows}
