"""Reading the log by position: what followers, streams, exports and the signer do (DESIGN §2, journey 2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from domain.identity import StreamId, TenantId
from infra.event_log.outcomes import Head, RecordedBytes

_FOUND = "select * from log.page($1, $2, $3, null) where type = any($4) order by pos limit $5"
"""The page is read whole before it is chosen from: it bounds what is looked at, not what is found."""


async def open_pool(url: str, connections: int) -> asyncpg.Pool:
    """Up to `connections` connections that keep their prepared statements.

    Whoever uses them leaves nothing behind in the session (tenants are named for a transaction only), so giving
    one back costs no round trip.
    """
    return await asyncpg.create_pool(url, min_size=1, max_size=connections, reset=_nothing_to_reset)


async def _nothing_to_reset(_: asyncpg.Connection) -> None:
    """Sessions are left as they were found."""


class Reader:
    """Reads any tenant's log over the connections of a runtime or follower login. It owns neither pool nor tenant."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def page(self, tenant: TenantId, after: int, limit: int, types: Sequence[str] = ()) -> list[RecordedBytes]:
        """Up to `limit` entries after position `after`, of `types` if given, in order.

        Nothing is ever missed: entries become visible in the order of their positions. With `types`, an empty
        page means none up to the head that was there when it was read.
        """
        rows = await self._pool.fetch("select * from log.page($1, $2, $3, $4)", tenant, after, limit, types or None)
        return [_recorded(row) for row in rows]

    async def found(
        self, tenant: TenantId, after: int, through: int, types: Sequence[str], limit: int
    ) -> list[RecordedBytes]:
        """Up to `limit` entries of `types` among the `through` that follow position `after`, in order.

        However rare they are, no more is read than these: whoever finds less than it wants goes on behind them.
        """
        rows = await self._pool.fetch(_FOUND, tenant, after, through, types, limit)
        return [_recorded(row) for row in rows]

    async def head(self, tenant: TenantId) -> Head:
        """How far the tenant's log reaches. Raises `LookupError` when there is no such host."""
        row = await self._pool.fetchrow("select size, edge, latest_at from log.head($1)", tenant)
        if row is None:
            raise LookupError(f"there is no host {tenant!r}")
        return _head(row)

    async def heads(self) -> dict[TenantId, int]:
        """Every tenant's size, to compare with checkpoints. A follower's login sees all, the runtime's none."""
        rows = await self._pool.fetch("select tenant, size from log.heads")
        return {TenantId(row[0]): row[1] for row in rows}

    async def position_at(self, tenant: TenantId, moment: datetime) -> int:
        """The largest position up to which nothing is later than `moment`; 0 when there is none."""
        if moment.utcoffset() is None:
            raise ValueError("a moment needs its offset from UTC")
        position: int = await self._pool.fetchval("select log.position_at($1, $2)", tenant, moment)
        return position


def _recorded(row: Sequence[Any]) -> RecordedBytes:
    position, stream, version, type_, at, rehearsal, raw = row
    return RecordedBytes(position, StreamId(str(stream)), version, type_, at, rehearsal, raw)


def _head(row: Mapping[str, Any]) -> Head:
    latest_at: Any = row["latest_at"]
    return Head(row["size"], tuple(row["edge"]), latest_at if row["size"] else None)
