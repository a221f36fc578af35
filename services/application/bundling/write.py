"""Writing a bundle, page by page: everything in it stands under one signed checkpoint, nothing is read beyond it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO

from domain.codec import canonical
from domain.identity import TenantId
from domain.ledger.digest import row_line
from domain.ledger.row import LedgerRow
from domain.transparency import bundle
from domain.transparency.merkle import Edge, grow, leaf_hash, root
from infra.event_log.store import EventLog
from services.application.bundling.csv_rows import HEADER, csv_row
from services.application.bundling.members import Archive
from services.application.bundling.names import described
from services.application.queries import Queries

PAGE = 1_000
SPOOL = 1 << 20
"""Bytes that are held in memory at a time."""

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many entries are written, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the bundle is of: the `checkpoint` note signed over `size` entries, whose root is `root`."""

    tenant: TenantId
    origin: str
    size: int
    root: bytes
    checkpoint: bytes
    keys: Sequence[str]
    verifier: bytes | None
    procedure: str


class HistoryDiffers(Exception):
    """The entries don't give the root that was signed: nothing is exported, since it couldn't be verified."""


async def write_bundle(out: IO[bytes], log: EventLog, queries: Queries, asked: Asked, progress: Progress) -> None:
    """Write the bundle to `out`. Raises `HistoryDiffers` when the log isn't what was signed.

    A crash leaves a file without a directory, which no ZIP reader opens; asking again writes the same bytes.
    """
    archive = Archive(out)
    archive.put(bundle.CHECKPOINT, asked.checkpoint)
    archive.put(bundle.KEYS, "".join(f"{key}\n" for key in asked.keys).encode())
    found = await _entries(archive, log, asked, progress)
    if found != asked.root:
        raise HistoryDiffers(HistoryDiffers.__doc__)
    digest = await _ledger(archive, queries, asked)
    archive.put(bundle.NAMES, canonical(described()))
    archive.put(bundle.PROCEDURE, asked.procedure.encode())
    if asked.verifier is not None:
        archive.put(bundle.VERIFIER, asked.verifier)
    manifest = {
        "format": bundle.FORMAT,
        "tenant": asked.tenant,
        "origin": asked.origin,
        "size": asked.size,
        "root": asked.root.hex(),
        "ledger_digest": digest,
        "members": archive.told,
    }
    archive.put(bundle.MANIFEST, canonical(manifest))
    archive.close()


async def _entries(archive: Archive, log: EventLog, asked: Asked, progress: Progress) -> bytes:
    """The entries, and then their leaf hashes, which wait in a file beside; answers the root they give."""
    size = 0
    edge: Edge = ()
    with SpooledTemporaryFile(max_size=SPOOL) as leaves:
        with archive.member(bundle.ENTRIES) as member:
            async for raw in _raw(log, asked):
                member.write(raw + b"\n")
                leaf = leaf_hash(raw)
                leaves.write(leaf)
                size, edge = grow(size, edge, (leaf,))
                if size % PAGE == 0:
                    await progress(size, asked.size)
        leaves.seek(0)
        with archive.member(bundle.LEAVES) as member:
            while chunk := leaves.read(SPOOL):
                member.write(chunk)
    await progress(size, asked.size)
    return root(edge)


async def _raw(log: EventLog, asked: Asked) -> AsyncIterator[bytes]:
    after = 0
    while after < asked.size:
        page = await log.page(asked.tenant, after, min(PAGE, asked.size - after))
        if not page:
            return
        for entry in page:
            yield entry.bytes
        after = page[-1].position


async def _ledger(archive: Archive, queries: Queries, asked: Asked) -> str:
    """The ledger as of the size, as lines and for spreadsheets; answers its digest."""
    hashed = sha256()
    with archive.member(bundle.LEDGER) as member:
        async for row in _rows(queries, asked):
            line = row_line(row) + b"\n"
            member.write(line)
            hashed.update(line)
    with archive.member(bundle.LEDGER_CSV) as member:
        member.write(HEADER)
        async for row in _rows(queries, asked):
            member.write(csv_row(row))
    return hashed.hexdigest()


async def _rows(queries: Queries, asked: Asked) -> AsyncIterator[LedgerRow]:
    after: int | None = None
    async with queries.at(asked.tenant, asked.size) as (snapshot, at):
        while page := await snapshot.ledger(limit=PAGE, at=at, after=after):
            for row in page:
                yield row
            after = page[-1].lineage[0]
