"""The writer of one tenant's generation: reads the log page by page and writes what the folds make of it.

Rows and tracking move in one call (`views.tell`), which begins by locking the tracking row. So a generation has one
writer at a time, whoever else runs; a crash leaves the rows of whole pages and the position they reach. What the
writer has in hand, and what it reads for a page, is only used when the locked position is the one it was in hand at:
positions only grow, so nothing has moved in between.

While the server writes a page, the next one is read and, when all that it moves is in hand, folded and spelt here, so
that the server needn't wait for it. What is in hand is then ahead of what is written; whenever a page comes to nothing,
all of it is forgotten.
"""

import asyncio
from dataclasses import replace
from functools import partial

import asyncpg
import structlog
from msgspec import structs

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.names import CLASSES
from infra.event_log.decoded import ReadEntry
from infra.event_log.mapper import read_entry
from infra.projections import written_rows
from infra.projections.batch import Batch, Carried, things_of
from infra.projections.in_hand import missing, take_in_hand
from infra.projections.pages import BREATH, Item, LogPage, read_page
from infra.projections.store import Store
from infra.projections.written_rows import Rows

PAGE = 256
"""Records a transaction."""

READ: ReadEntry = partial(read_entry, classes=CLASSES)
"""Decodes every entry, for those who share no log with a writer."""

CARRY = 8192
"""Things of a kind that a writer keeps in hand: several editions."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A page to be told; `rows` are what the folds make of it, None when that isn't known yet."""

    page: LogPage
    rows: Rows | None = None


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
        read: ReadEntry = READ,
        page: int = PAGE,
    ) -> None:
        self.tenant = tenant
        self.generation = generation
        self._pool = pool
        self._read = read
        self._page = page
        self._singly_until = 0
        self._carried = Carried()
        self._ahead: asyncio.Task[_Ahead] | None = None

    async def advance(self) -> Step:
        """Tell the next page; nothing when the head is reached, another writer is at work, or the generation is gone.

        Raises what the database raises; then nothing of the page was written.
        """
        ahead = await self._next()
        if ahead is None or not ahead.page.items:
            return Step(0, more=False)
        try:
            return await self._tell(ahead.page, ahead.rows)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            return await self._isolate(ahead.page, error)
        except BaseException:
            await self.close()
            raise

    @property
    def in_hand(self) -> int:
        """How many things are in hand."""
        carried = self._carried
        return len(carried.rows) + len(carried.tallies) + len(carried.entries)

    async def close(self) -> None:
        """Forget what is in hand and stop reading ahead; the writer can go on afterwards."""
        self._carried = Carried()
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def _next(self) -> _Ahead | None:
        """The page after the position in hand; it may have been read ahead. None when the generation is gone."""
        if self._ahead is not None:
            return await self._looked_ahead(self._ahead)
        after = self._carried.position
        if after is None:
            after = await self._pool.fetchval(
                "select position from views.tracking where tenant = $1 and generation = $2",
                self.tenant,
                self.generation,
            )
        if after is None:
            return None
        limit = 1 if after < self._singly_until else self._page
        return _Ahead(await read_page(self._pool, self.tenant, after, limit, self._read))

    async def _looked_ahead(self, ahead: asyncio.Task[_Ahead]) -> _Ahead:
        try:
            found = await ahead
        except BaseException:  # it may have been folded in part
            await self.close()
            raise
        self._ahead = None
        return found

    async def _tell(self, page: LogPage, rows: Rows | None) -> Step:
        """Write one page, if the generation still stands where the page begins; else forget what is in hand."""
        store = Store(self._pool, self.tenant, self.generation)
        if rows is None:
            rows = await self._folded(store, page)
        self._carried.trim(CARRY)
        if page.full and page.last >= self._singly_until:
            self._ahead = asyncio.create_task(self._look_ahead(page.last))
        stood = await store.tell(rows, page.after, page.last)
        if stood != page.after:
            await self.close()
            return Step(0, more=stood is not None)
        self._carried.position = page.last
        return Step(len(page.items), more=page.full)

    async def _folded(self, store: Store, page: LogPage) -> Rows:
        """What the folds make of a page, whatever of it has to be read before."""
        if self._carried.position is None:
            await store.load_parked(self._carried)
        await take_in_hand(store, self._carried, page)
        return await self._fold(page)

    async def _look_ahead(self, after: int) -> _Ahead:
        """The next page, folded unless something has to be read for it: that may not be written yet."""
        page = await read_page(self._pool, self.tenant, after, self._page, self._read)
        return _Ahead(page) if missing(self._carried, page) else _Ahead(page, await self._fold(page))

    async def _isolate(self, page: LogPage, error: Exception) -> Step:
        """The database refuses rows of this page: find the record by telling one at a time, and park it alone."""
        await self.close()
        if len(page.items) > 1:
            self._singly_until = page.last
            return Step(0, more=True)
        poison = structs.replace(page.items[0], recorded=None, error=f"{type(error).__name__}: {error}")
        return await self._tell(replace(page, items=[poison]), None)

    async def _fold(self, page: LogPage) -> Rows:
        batch = Batch(self._carried)
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
        return await written_rows.of(batch)

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
