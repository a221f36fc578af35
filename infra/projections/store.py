"""Between rows and the things a batch works on.

What is read here is read between two pages of the same writer. Somebody else may write meanwhile: `tell` finds that
out by the position at which the generation stands, and then nothing that was read is used.
"""

from collections.abc import Collection, Sequence
from typing import Any

import asyncpg

from domain.directory.fold import Entry, Kind
from domain.identity import MarketplaceId, StreamId, TenantId
from infra.projections import docs
from infra.projections.batch import Carried, Parking
from infra.projections.pool import sql
from infra.projections.written_rows import Rows

CONTRACTS = "select doc from views.contracts_by_key($1, $2, $3, $4)"
ENTRIES = "select id, kind, version, marketplace, rehearsal, position, state, doc from views.entries_by_key($1, $2, $3)"
TALLIES = "select doc from views.tallies_by_key($1, $2, $3)"
"""What is asked of tenant, generation and ids (of contracts and a position, or null for now): see by_key.sql."""

_TELL = f"select views.tell({', '.join(f'${number}' for number in range(1, 21))})"


class Store:
    """One tenant's generation. The pool is the caller's."""

    def __init__(self, pool: asyncpg.Pool, tenant: TenantId, generation: int) -> None:
        self._pool = pool
        self._of = (tenant, generation)

    async def load_rows(self, carried: Carried, ids: Collection[StreamId]) -> None:
        """Take the standing ledger rows of `ids` in hand, as far as they exist."""
        for (doc,) in await self._fetch(CONTRACTS, ids, None):
            row = docs.ledger_row(doc)
            carried.rows[row.id] = row

    async def load_tallies(self, carried: Carried, ids: Collection[MarketplaceId]) -> None:
        """Take the standing tallies of the editions `ids` in hand, as far as they exist."""
        for (doc,) in await self._fetch(TALLIES, ids):
            tally = docs.tally(doc)
            carried.tallies[tally.marketplace] = tally

    async def load_entries(self, carried: Carried, ids: Collection[StreamId]) -> None:
        """Take the directory's entries `ids` in hand, as far as they exist."""
        for row in await self._fetch(ENTRIES, ids):
            entry = entry_of(row)
            carried.entries[entry.id] = entry

    async def load_parked(self, carried: Carried) -> None:
        """Take note of the streams that stand still."""
        for stream, first, last, type_, error, things in await self._pool.fetch(sql("load_parked"), *self._of):
            name = StreamId(str(stream))
            held_back = frozenset(StreamId(str(thing)) for thing in things)
            carried.parked[name] = Parking(name, first, last, type_, error, held_back)

    async def tell(self, rows: Rows, after: int, until: int) -> int | None:
        """Write the rows of the page (`after`, `until`]: one call, one transaction.

        Answers the position at which the generation stood; where that isn't `after`, nothing was written. None:
        another writer is at work on it, or it is gone.
        """
        stood: int | None = await self._pool.fetchval(_TELL, *self._of, after, until, *rows)
        return stood

    async def _fetch(self, statement: str, ids: Collection[StreamId], *more: Any) -> list[asyncpg.Record]:
        return await self._pool.fetch(statement, *self._of, list(ids), *more) if ids else []


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
