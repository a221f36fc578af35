"""Between rows and the things a batch works on. Every function works in the caller's transaction.

The caller holds the generation's tracking row, so nobody else writes what is read here.
"""

from collections.abc import Collection, Sequence
from typing import Any

import asyncpg

from domain.directory.fold import Entry, Kind
from domain.identity import MarketplaceId, StreamId, TenantId
from infra.projections import docs, written_rows
from infra.projections.batch import Batch, Carried, Lives, Parking
from infra.projections.pool import sql


class Store:
    """One tenant's generation, over a connection that is in a transaction."""

    def __init__(self, connection: asyncpg.Connection, tenant: TenantId, generation: int) -> None:
        self._connection = connection
        self._of = (tenant, generation)

    async def load_rows(self, carried: Carried, ids: Collection[StreamId]) -> None:
        """Take the standing ledger rows of `ids` in hand, as far as they exist."""
        for (doc,) in await self._fetch("load_rows", ids):
            row = docs.ledger_row(doc)
            carried.rows[row.id] = row

    async def load_tallies(self, carried: Carried, ids: Collection[MarketplaceId]) -> None:
        """Take the standing tallies of the editions `ids` in hand, as far as they exist."""
        for (doc,) in await self._fetch("load_tallies", ids):
            tally = docs.tally(doc)
            carried.tallies[tally.marketplace] = tally

    async def load_entries(self, carried: Carried, ids: Collection[StreamId]) -> None:
        """Take the directory's entries `ids` in hand, as far as they exist."""
        for row in await self._fetch("load_entries", ids):
            entry = entry_of(row)
            carried.entries[entry.id] = entry

    async def load_parked(self, carried: Carried) -> None:
        """Take note of the streams that stand still."""
        for stream, first, last, type_, error, things in await self._connection.fetch(sql("load_parked"), *self._of):
            name = StreamId(str(stream))
            held_back = frozenset(StreamId(str(thing)) for thing in things)
            carried.parked[name] = Parking(name, first, last, type_, error, held_back)

    async def write(self, batch: Batch, position: int) -> None:
        """Write what the batch ends and begins, and move the tracking to `position`."""
        await self._turn("ledger", batch.ledger, *written_rows.contracts(batch))
        await self._turn("tallies", batch.tallies, written_rows.tallies(batch))
        await self._turn("statements", batch.statements, written_rows.statements(batch))
        if batch.trail:
            await self._execute("tell_trail", written_rows.trail(batch))
        if batch.directory:
            await self._execute("tell_directory", written_rows.directory(batch))
        for parking in batch.parked.values():
            await self._execute(
                "park", parking.stream, parking.first, parking.last, parking.type, parking.error, sorted(parking.things)
            )
        await self._execute("track", position)

    async def _turn(self, table: str, lives: Lives[Any, Any], *begun: Any) -> None:
        """First end what no longer stands, then begin what does."""
        if lives.ended:
            await self._execute(f"end_{table}", written_rows.ended(lives))
        if lives.begun:
            await self._execute(f"begin_{table}", *begun)

    async def _fetch(self, name: str, ids: Collection[StreamId]) -> list[asyncpg.Record]:
        return await self._connection.fetch(sql(name), *self._of, list(ids)) if ids else []

    async def _execute(self, name: str, *arguments: Any) -> None:
        await self._connection.execute(sql(name), *self._of, *arguments)


def entry_of(row: Sequence[Any]) -> Entry:
    """The directory's entry of (id, kind, version, marketplace, rehearsal, position, state, doc)."""
    id_, kind, version, marketplace, rehearsal, position, state, doc = row
    return Entry(
        kind=Kind(kind),
        id=StreamId(str(id_)),
        version=version,
        marketplace=None if marketplace is None else MarketplaceId(StreamId(str(marketplace))),
        rehearsal=rehearsal,
        position=position,
        state=docs.state(state, doc),
    )
