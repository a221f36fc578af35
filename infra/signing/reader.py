"""Reading what has been signed: checkpoints, hashes, keys, cosignatures. Everything here is public."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import HASH_BYTES
from domain.transparency.note import Note, parse_signatures
from domain.transparency.tiles import WIDTH, Tile

MOST_COSIGNED = 50
"""Cosigned sizes looked at for one that a quorum has signed."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint of a log, when it was signed, and the note with all signatures so far."""

    checkpoint: Checkpoint
    signed_at: datetime
    note: Note


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A log's verifier key; retired ones sign no more."""

    tenant: TenantId
    vkey: str
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is signed for a log any more."""

    tenant: TenantId
    kind: str
    sentence: str
    since: datetime


class SignedReader:
    """Reads the signer's tables with the runtime's login. It owns no pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def head(self, tenant: TenantId, size: int | None = None) -> SignedHead | None:
        """The newest checkpoint of a log, or the one of a size."""
        row = await self._pool.fetchrow(
            "select t.origin, c.size, c.root, c.signed_at,"
            " array(select s.line from signed.signatures s where s.tenant = c.tenant and s.size = c.size"
            "        order by s.witness, s.at, s.key) as lines"
            " from signed.checkpoints c join log.tenants t on t.tenant = c.tenant"
            " where c.tenant = $1 and c.size = coalesce($2, (select l.size from signed.logs l where l.tenant = $1))",
            tenant, size,
        )  # fmt: skip
        return None if row is None else _head(row)

    async def covering(self, tenant: TenantId, position: int) -> tuple[int, bytes, datetime] | None:
        """Size, root and time of the first checkpoint that was signed over at least `position` records."""
        row = await self._pool.fetchrow(
            "select size, root, signed_at from signed.checkpoints where tenant = $1 and size >= $2"
            " order by size limit 1",
            tenant, position,
        )  # fmt: skip
        return None if row is None else tuple(row)

    async def size(self, tenant: TenantId) -> int | None:
        """How many records of a log are under a signed checkpoint; None when nothing was ever signed."""
        size: int | None = await self._pool.fetchval("select size from signed.logs where tenant = $1", tenant)
        return size

    async def cosigned(self, tenant: TenantId, up_to: int | None = None) -> list[SignedHead]:
        """The newest checkpoints (of at most `up_to` records) that witnesses have cosigned, the newest first."""
        rows = await self._pool.fetch(
            "select t.origin, c.size, c.root, c.signed_at,"
            " array(select s.line from signed.signatures s where s.tenant = c.tenant and s.size = c.size"
            "        order by s.witness, s.at, s.key) as lines"
            " from (select distinct size from signed.signatures where tenant = $1 and witness"
            "        and ($3::bigint is null or size <= $3) order by size desc limit $2) w"
            " join signed.checkpoints c on c.tenant = $1 and c.size = w.size"
            " join log.tenants t on t.tenant = c.tenant order by c.size desc",
            tenant, MOST_COSIGNED, up_to,
        )  # fmt: skip
        return [_head(row) for row in rows]

    async def before(self, tenant: TenantId, size: int, most: int) -> list[SignedHead]:
        """Checkpoints of fewer than `size` records, the oldest first: all of them, or `most` in even steps."""
        rows = await self._pool.fetch(
            "select t.origin, c.size, c.root, c.signed_at,"
            " array(select s.line from signed.signatures s where s.tenant = $1 and s.size = c.size"
            "        order by s.witness, s.at, s.key) as lines"
            " from (select size, root, signed_at, row_number() over (order by size desc) as nr,"
            "              ceil(count(*) over () / $3::numeric) as step"
            "         from signed.checkpoints where tenant = $1 and size < $2) c"
            " join log.tenants t on t.tenant = $1 where c.nr % c.step = 0 order by c.size",
            tenant, size, most,
        )  # fmt: skip
        return [_head(row) for row in rows]

    async def tiles(self, tenant: TenantId, wanted: Collection[Tile]) -> dict[Tile, bytes]:
        """Of each tile of hashes (by its full name) as many hashes as there are."""
        asked = list(wanted)
        rows = await self._pool.fetch(
            "select w.nr, h.first, h.hashes"
            " from unnest($2::smallint[], $3::bigint[]) with ordinality as w (level, first, nr),"
            # `offset 0`: each tile is looked up by its key; the planner would go through all hashes of all logs.
            " lateral (select h.first, h.hashes from signed.hashes h where h.tenant = $1 and h.level = w.level"
            "           and h.first >= w.first and h.first < w.first + $4 offset 0) h",
            tenant, [tile.level for tile in asked], [tile.index * WIDTH for tile in asked], WIDTH,
        )  # fmt: skip
        found = {tile: bytearray() for tile in asked}
        for number, first, hashes in sorted(rows, key=lambda row: (row[0], row[1])):
            tile = asked[number - 1]
            at = (first - tile.index * WIDTH) * HASH_BYTES
            if at <= len(found[tile]):  # rows may overlap where a log was signed again, and leave no gap
                found[tile][at : at + len(hashes)] = hashes
        return {tile: bytes(hashes) for tile, hashes in found.items()}

    async def keys(self, tenant: TenantId | None = None) -> list[PublishedKey]:
        """The keys of a log, or of every log; those that sign come first."""
        rows = await self._pool.fetch(
            "select tenant, vkey, retired_at from signed.keys where $1::text is null or tenant = $1"
            " order by retired_at is not null, tenant, seed",
            tenant,
        )
        return [PublishedKey(TenantId(row[0]), row[1], row[2]) for row in rows]

    async def troubles(self, tenant: TenantId | None = None) -> list[Trouble]:
        """What is in the way of signing a log, or any log."""
        rows = await self._pool.fetch(
            "select tenant, kind, sentence, since from signed.troubles where $1::text is null or tenant = $1"
            " order by tenant",
            tenant,
        )
        return [Trouble(TenantId(row[0]), *row[1:]) for row in rows]

    async def witnesses(self, tenant: TenantId) -> dict[str, tuple[int, datetime]]:
        """How far each witness (by its key's name and id) has cosigned a log, and when."""
        rows = await self._pool.fetch("select key, size, at from signed.witnesses where tenant = $1", tenant)
        return {row[0]: (row[1], row[2]) for row in rows}


def _head(row: Any) -> SignedHead:
    checkpoint = Checkpoint(row["origin"], row["size"], row["root"])
    lines: Sequence[str] = row["lines"]
    signatures = [each for line in lines for each in parse_signatures(f"{line}\n")]
    return SignedHead(checkpoint, row["signed_at"], Note(checkpoint.text(), signatures))
