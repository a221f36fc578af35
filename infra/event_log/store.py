"""The event log as the application sees it: append, read, page, head, as-of; one per process."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

import asyncpg

from domain.envelope import Envelope, Recorded
from domain.identity import StreamId, TenantId
from infra.event_log.appender import Appender
from infra.event_log.decoded import Decoded
from infra.event_log.mapper import entry_bytes, moment_of
from infra.event_log.outcomes import Append, Appended, Head, KnownKey, Outcome, Read, RecordedBytes
from infra.event_log.reader import Reader, open_pool
from infra.event_log.wakeups import Wakeups
from infra.event_log.wire import Command, Row

FEW = 64
"""An append of no more entries is held decoded; an import would push out what is asked for."""


class EventLog:
    """Owns the process's appender, its reading connections and its wake-ups. Made by `EventLog.open`."""

    def __init__(self, pool: asyncpg.Pool, appender: Appender, wakeups: Wakeups, classes: Mapping[str, type]) -> None:
        self.pool = pool
        """Runtime connections, for the rooms that share them (vault, access keys)."""
        self.wakeups = wakeups
        """Hints that a tenant's head has moved, by whichever process."""
        self.appender = appender
        """The writer under `append`, for `infra.event_log.recorder`."""
        self.decoded = Decoded(classes)
        """Entries read and written by this process, for the rooms that read the same ones (projector)."""
        self._reader = Reader(pool)

    @classmethod
    async def open(cls, runtime_url: str, classes: Mapping[str, type] | None = None, *, connections: int = 8) -> Self:
        """Connect as the runtime's login. `classes` says which class a stored name is (default: the domain's)."""
        if classes is None:
            classes = _domain_classes()
        pool = await open_pool(runtime_url, connections)
        wakeups = Wakeups(runtime_url)
        appender = Appender(runtime_url, wakeups.moved)
        try:
            await appender.open()
            await wakeups.open()
        except BaseException:
            await wakeups.close()
            await appender.close()
            await pool.close()
            raise
        return cls(pool, appender, wakeups, classes)

    async def close(self) -> None:
        """Answer what has been taken, tell the followers, hang up."""
        await self.appender.close()
        await self.wakeups.close()
        await self.pool.close()

    async def append(self, append: Append) -> Outcome:
        """Record the command's entries, all or none, and say what came of it.

        A second append with a key in flight waits for the first and is answered by it. Raises `ValueError` when
        the append contradicts itself, `Malformed` when an envelope can't be an entry, `FateUnknown` when the
        connection was lost and no key tells whether it was recorded, `LogUnavailable`, `LogClosed`.
        """
        command = _command(append)
        outcome = await self.appender.append(command)
        if isinstance(outcome, Appended) and len(append.entries) <= FEW:
            for row, entry in zip(command.rows, append.entries, strict=True):
                self.decoded.keep(row.bytes, entry)
        return outcome

    async def read(self, tenant: TenantId, key: str | None, streams: Sequence[StreamId]) -> Read:
        """The key's stored answer and the streams' entries by version, as of one moment, in one round trip.

        A stream that doesn't exist is an empty list. Raises `NameUnknown` for an event newer than this software.
        """
        rows = await self.pool.fetch("select * from log.read_streams($1, $2, $3)", tenant, key, streams)
        known = None
        found: dict[StreamId, list[Recorded]] = {stream: [] for stream in streams}
        for is_key, first, last, raw in rows:
            if is_key:
                known = KnownKey(raw, first, last)
            else:
                envelope = self.decoded(raw)
                found[envelope.stream].append(Recorded(first, envelope))
        return Read(known, found)

    async def page(self, tenant: TenantId, after: int, limit: int, types: Sequence[str] = ()) -> list[RecordedBytes]:
        """Up to `limit` entries after position `after`, of `types` if given, in order, as they stand."""
        return await self._reader.page(tenant, after, limit, types)

    async def head(self, tenant: TenantId) -> Head:
        """How far the tenant's log reaches. Raises `LookupError` when there is no such host."""
        return await self._reader.head(tenant)

    async def position_at(self, tenant: TenantId, moment: datetime) -> int:
        """The largest position up to which nothing is later than `moment`; 0 when there is none (DESIGN §4, Time)."""
        return await self._reader.position_at(tenant, moment)


def _command(append: Append) -> Command:
    _check(append)
    return Command(
        append.tenant,
        append.key,
        append.request,
        list(append.guards.items()),
        [_row(entry) for entry in append.entries],
    )


def _row(entry: Envelope) -> Row:
    return Row(entry.stream, entry.version, entry.type, moment_of(entry.time), entry.rehearsal, entry_bytes(entry))


def _check(append: Append) -> None:
    """Refuse what no command means to say, before it can share a batch with others."""
    if not append.entries:
        raise ValueError("an append has at least one entry")
    if (append.key is None) != (append.request == b""):
        raise ValueError("a key comes with its request's hash, and a hash with its key")
    if append.key is not None and not 1 <= len(append.key.encode()) <= 255:
        raise ValueError("an idempotency key has 1 to 255 bytes")
    at = dict(append.expected)
    for entry in append.entries:
        if at.get(entry.stream) != entry.version - 1:
            raise ValueError(f"version {entry.version} of {entry.stream} doesn't continue what is expected")
        at[entry.stream] = entry.version
    if not at.keys().isdisjoint(append.guards) or not append.expected.items().isdisjoint(at.items()):
        raise ValueError("an expected stream is written, a guarded one isn't")


def _domain_classes() -> Mapping[str, type]:
    from domain.names import CLASSES  # noqa: PLC0415 - read when a log is opened without a table of its own

    return CLASSES
