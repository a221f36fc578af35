"""The writer of one tenant's generation: reads the log page by page and writes what the folds make of it.

Rows and tracking move in one transaction, which begins by locking the tracking row. So a generation has one writer
at a time, whoever else runs; a crash leaves the rows of whole pages and the position they reach. What the writer has
in hand is only used when the locked position is the one it was in hand at.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import asyncpg
import structlog

from domain.contract.events import ContractDrafted
from domain.directory.fold import kind_of
from domain.identity import StreamId, TenantId
from domain.ledger.fold import PREFIX
from domain.names import CLASSES
from infra.projections.batch import Batch, Carried, things_of
from infra.projections.pages import BREATH, Item, LogPage, read_page
from infra.projections.pool import sql
from infra.projections.store import Store

PAGE = 1000
"""Records a transaction."""

CARRY = 8192
"""Things of a kind that a writer keeps in hand: several editions."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What one `advance` did: how many records it told, and whether there may be more to tell at once."""

    told: int
    more: bool


class Writer:
    """Follows the log for one tenant's generation. One task at a time uses it; close it when done."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        tenant: TenantId,
        generation: int,
        *,
        classes: Mapping[str, type] = CLASSES,
        page: int = PAGE,
    ) -> None:
        self.tenant = tenant
        self.generation = generation
        self._pool = pool
        self._classes = classes
        self._page = page
        self._singly_until = 0
        self._carried = Carried()
        self._ahead: asyncio.Task[LogPage] | None = None

    async def advance(self) -> Step:
        """Tell the next page; nothing when the head is reached, another writer is at work, or the generation is gone.

        Raises what the database raises; then nothing of the page was written.
        """
        page = await self._next_page()
        if page is None or not page.items:
            return Step(0, more=False)
        try:
            return await self._tell(page)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            return await self._isolate(page, error)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Forget what is in hand and stop reading ahead; the writer can go on afterwards."""
        self._carried = Carried()
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def _next_page(self) -> LogPage | None:
        """The page after the position in hand; it may have been read ahead. None when the generation is gone."""
        after = self._carried.position
        if after is None:
            after = await self._pool.fetchval(
                "select position from views.tracking where tenant = $1 and generation = $2",
                self.tenant,
                self.generation,
            )
        ahead, self._ahead = self._ahead, None
        if after is None:
            return None
        if ahead is not None:
            page = await ahead
            if page.after == after:
                return page
        limit = 1 if after < self._singly_until else self._page
        return await read_page(self._pool, self.tenant, after, limit, self._classes)

    async def _tell(self, page: LogPage) -> Step:
        """Write one page. The connection is held for this alone: waiting for a page while holding one could jam."""
        async with self._pool.acquire() as connection, connection.transaction():
            position = await connection.fetchval(sql("take"), self.tenant, self.generation)
            if position != page.after:
                await self.close()
                return Step(0, more=position is not None)
            store = Store(connection, self.tenant, self.generation)
            if self._carried.position is None:
                await store.load_parked(self._carried)
            await self._take_in_hand(store, page)
            batch = Batch(self._carried)
            await self._fold(batch, page)
            if page.full and page.last >= self._singly_until:
                self._read_ahead(page.last)  # decoded here while the server writes there
            await store.write(batch, page.last)
        self._carried.position = page.last
        self._carried.trim(CARRY)
        return Step(len(page.items), more=page.full)

    def _read_ahead(self, after: int) -> None:
        self._ahead = asyncio.create_task(read_page(self._pool, self.tenant, after, self._page, self._classes))

    async def _isolate(self, page: LogPage, error: Exception) -> Step:
        """The database refuses rows of this page: find the record by telling one at a time, and park it alone."""
        await self.close()
        if len(page.items) > 1:
            self._singly_until = page.last
            return Step(0, more=True)
        poison = replace(page.items[0], recorded=None, error=f"{type(error).__name__}: {error}")
        return await self._tell(replace(page, items=[poison]))

    async def _take_in_hand(self, store: Store, page: LogPage) -> None:
        """Read the things that the page moves and that aren't in hand: one query a kind, none for new things."""
        carried = self._carried
        first: dict[StreamId, Item] = {}
        for item in page.items:
            first.setdefault(item.stream, item)
        moved = [item for item in first.values() if item.version > 1]
        contracts = [item.stream for item in first.values() if item.type.startswith(PREFIX)]
        old = [item.stream for item in moved if item.type.startswith(PREFIX)]
        await store.load_rows(carried, [stream for stream in old if stream not in carried.rows])
        entries = [item.stream for item in moved if kind_of(item.type) is not None]
        await store.load_entries(carried, [stream for stream in entries if stream not in carried.entries])
        editions = {carried.rows[stream].marketplace for stream in contracts if stream in carried.rows}
        for item in page.items:
            if item.recorded is not None and isinstance(item.recorded.envelope.data, ContractDrafted):
                editions.add(item.recorded.envelope.data.form.marketplace)
        await store.load_tallies(carried, editions - carried.tallies.keys())

    async def _fold(self, batch: Batch, page: LogPage) -> None:
        for number, item in enumerate(page.items, 1):
            if item.stream in self._carried.parked:
                self._park(batch, item, "stands behind a record that can't be told")
            elif item.recorded is None:
                self._park(batch, item, item.error or "")
            else:
                try:
                    batch.tell(item.recorded, item.at)
                except Exception as error:  # whatever a fold raises parks the stream, and no other
                    self._park(batch, item, f"{type(error).__name__}: {error}")
            if number % BREATH == 0:
                await asyncio.sleep(0)

    def _park(self, batch: Batch, item: Item, error: str) -> None:
        """Hold the record back. Its stream stands still from here on, and says so."""
        data = None if item.recorded is None else item.recorded.envelope.data
        batch.park(item.stream, item.position, item.type, error, things_of(item.stream, item.type, data))
        _log.error(
            "projection.parked",
            tenant=self.tenant,
            generation=self.generation,
            stream=item.stream,
            position=item.position,
            type=item.type,
            error=error,
        )
