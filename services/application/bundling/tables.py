"""The ledger as of a bundle's size, three times: the lines that the digest is of, one JSON document, and a sheet."""

import asyncio
from collections.abc import AsyncIterator, Callable
from hashlib import sha256

from domain.identity import TenantId
from domain.ledger import document
from domain.ledger.digest import row_line
from domain.ledger.row import LedgerRow
from domain.ledger.sheet import CSV_HEADER, csv_row
from domain.transparency import bundle
from services.application.bundling.members import Archive
from services.application.queries import Queries

PAGE = 200

Pages = Callable[[], AsyncIterator[list[LedgerRow]]]
"""The ledger's rows in its order, anew at every call."""


def pages(queries: Queries, tenant: TenantId, size: int) -> Pages:
    """The ledger's rows as of `size`."""

    async def read() -> AsyncIterator[list[LedgerRow]]:
        after: int | None = None
        async with queries.at(tenant, size) as (snapshot, at):
            while page := await snapshot.ledger(limit=PAGE, at=at, after=after):
                yield page
                after = page[-1].lineage[0]

    return read


async def write_ledger(archive: Archive, read: Pages, tenant: str, origin: str, size: int, root: bytes) -> str:
    """Write the three; answers the digest."""
    hashed = sha256()
    async with archive.slowly(bundle.LEDGER) as member:
        async for page in read():
            lines = await asyncio.to_thread(_lines, page)
            hashed.update(lines)
            await member.write(lines)
    digest = hashed.hexdigest()
    async with archive.slowly(bundle.LEDGER_JSON) as member:
        await member.write(document.opening(tenant, origin, size, root.hex(), digest))
        first = True
        async for page in read():
            await member.write(await asyncio.to_thread(_in_document, page, first))
            first = False
        await member.write(document.CLOSING)
    async with archive.slowly(bundle.LEDGER_CSV) as member:
        await member.write(CSV_HEADER)
        async for page in read():
            await member.write(b"".join(csv_row(row) for row in page))
    return digest


def _lines(page: list[LedgerRow]) -> bytes:
    return b"".join(row_line(row) + b"\n" for row in page)


def _in_document(page: list[LedgerRow], first: bool) -> bytes:
    rows = enumerate(row_line(row) for row in page)
    return b"".join(document.row_in_it(row, first=first and place == 0) for place, row in rows)
