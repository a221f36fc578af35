"""Writing a bundle, page by page: everything in it stands under one signed checkpoint, nothing is read beyond it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import islice
from typing import IO

from domain.codec import canonical
from domain.frozen import dataclass
from domain.identity import TenantId
from domain.streaming.explained import explained
from domain.transparency import bundle
from domain.transparency.merkle import HASH_BYTES, Edge, grow, leaf_hash, root
from domain.transparency.tiles import Tile, tiles
from infra.event_log.outcomes import RecordedBytes
from infra.event_log.store import EventLog
from infra.signing.reader import SignedReader
from services.application.bundling.members import Archive
from services.application.bundling.tables import pages, write_ledger
from services.application.queries import Queries

PAGE = 1_000
TILES_AT_ONCE = 32

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many entries are written, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the bundle is of: the `checkpoint` note signed over `size` entries, whose root is `root`.

    `cosigned` is the newest note with a quorum of witnesses, `older` are notes signed before, with their sizes.
    `disclosures` are lines of opened values, if any are to be handed out.
    """

    tenant: TenantId
    origin: str
    size: int
    root: bytes
    checkpoint: bytes
    cosigned: bytes | None
    older: Sequence[tuple[int, bytes]]
    keys: str
    verifier: bytes | None
    procedure: str
    disclosures: AsyncIterator[bytes] | None = None


async def write_bundle(out: IO[bytes], log: EventLog, queries: Queries, asked: Asked, progress: Progress) -> bool:
    """Write the bundle to `out`; answers whether the entries give the root that was signed.

    When they don't, it holds them nevertheless, with what was signed beside them: the verifier says where the history
    was changed. A crash leaves a file without a directory, which no ZIP reader opens.
    """
    archive = Archive(out)
    try:
        genuine = await _write(archive, log, queries, asked, progress)
    except BaseException:
        archive.abandon()
        raise
    archive.close()
    return genuine


async def _write(archive: Archive, log: EventLog, queries: Queries, asked: Asked, progress: Progress) -> bool:
    _checkpoints(archive, asked)
    found = await _entries(archive, log, asked, progress)
    if asked.disclosures is not None:
        async with archive.slowly(bundle.DISCLOSURES) as member:
            async for lines in asked.disclosures:
                await member.write(lines)
    await _tiles(archive, SignedReader(log.pool), asked)
    read = pages(queries, asked.tenant, asked.size)
    digest = await write_ledger(archive, read, asked.tenant, asked.origin, asked.size, asked.root)
    archive.put(bundle.SCHEMAS, canonical(explained()))
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
    return found == asked.root


def _checkpoints(archive: Archive, asked: Asked) -> None:
    archive.put(bundle.CHECKPOINT, asked.checkpoint)
    if asked.cosigned is not None:
        archive.put(bundle.COSIGNED, asked.cosigned)
    for size, note in asked.older:
        archive.put(f"{bundle.OLDER}{size}", note)
    archive.put(bundle.KEYS, asked.keys.encode())


async def _entries(archive: Archive, log: EventLog, asked: Asked, progress: Progress) -> bytes:
    """The entries; answers the root they give."""
    size = 0
    edge: Edge = ()
    async with archive.slowly(bundle.ENTRIES) as member:
        async for page in _pages(log, asked):
            await member.write(b"".join(entry.bytes + b"\n" for entry in page))
            size, edge = await asyncio.to_thread(_grown, size, edge, page)
            await progress(size, asked.size)
    await progress(size, asked.size)
    return root(edge)


def _grown(size: int, edge: Edge, page: list[RecordedBytes]) -> tuple[int, Edge]:
    return grow(size, edge, [leaf_hash(entry.bytes) for entry in page])


async def _pages(log: EventLog, asked: Asked) -> AsyncIterator[list[RecordedBytes]]:
    after = 0
    while after < asked.size and (page := await log.page(asked.tenant, after, min(PAGE, asked.size - after))):
        yield page
        after = page[-1].position


async def _tiles(archive: Archive, signed: SignedReader, asked: Asked) -> None:
    """The tiles of the tree that was signed, as the signer has kept them: not made of the entries that are here."""
    wanted = tiles(asked.size)
    while some := list(islice(wanted, TILES_AT_ONCE)):
        found = await signed.tiles(asked.tenant, [Tile(tile.level, tile.index) for tile in some])
        for tile in some:
            hashes = found[Tile(tile.level, tile.index)]
            archive.put(bundle.tile_member(tile), hashes[: tile.width * HASH_BYTES])
