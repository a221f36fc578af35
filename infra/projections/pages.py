"""A page of the log, decoded; what can't be decoded stands in its place with its error."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from domain.codec import Malformed
from domain.envelope import Recorded
from domain.frozen import dataclass
from domain.identity import StreamId, TenantId
from infra.event_log.decoded import ReadEntry
from infra.projections.pool import sql

BREATH = 32
"""Records between two turns of the event loop: whoever shares it never waits longer than a few milliseconds."""


class Item(Struct, frozen=True):
    """The record at `position`, by the log's columns; `recorded` is None when `error` says why it can't be told."""

    position: int
    stream: StreamId
    version: int
    type: str
    at: datetime
    recorded: Recorded | None
    error: str | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """The records after position `after`; `full` when there may be more."""

    after: int
    items: Sequence[Item]
    full: bool

    @property
    def last(self) -> int:
        """The last record's position; `after` when there is none."""
        return self.items[-1].position if self.items else self.after


async def read_page(pool: asyncpg.Pool, tenant: TenantId, after: int, limit: int, read: ReadEntry) -> LogPage:
    """Up to `limit` records after `after`. Nothing is missed: the log shows entries in the order of positions."""
    rows = await pool.fetch(sql("page"), tenant, after, limit)
    items: list[Item] = []
    for chunk in _chunks(rows):
        items += [_item(row, read) for row in chunk]
        await asyncio.sleep(0)
    return LogPage(after, items, len(rows) == limit)


def _chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + BREATH] for start in range(0, len(rows), BREATH))


def _item(row: Sequence[Any], read: ReadEntry) -> Item:
    position, stream, version, type_, at, rehearsal, raw = row
    name = StreamId(str(stream))
    try:
        envelope = read(raw)
    except Malformed as error:
        return Item(position, name, version, type_, at, None, f"{type(error).__name__}: {error}")
    if (envelope.stream, envelope.version, envelope.type, envelope.rehearsal) != (name, version, type_, rehearsal):
        error_text = "Malformed: the log's columns and the entry's bytes tell different stories"
        return Item(position, name, version, type_, at, None, error_text)
    return Item(position, name, version, type_, at, Recorded(position, envelope), None)
