"""The signer's tables: where it goes on, and what it tells. One connection, which is also its claim to be the one.

The advisory lock lives as long as the session, so a signer that has lost its connection can't store anything, and
another may have gone on; the statement that moves a log names the size it started from besides.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.transparency.merkle import Edge
from domain.transparency.note import Signature, VerifierKey, parse_signatures

SIGNER_ROLE = "handschlag_signer"
_LOCK = "handschlag/signer"

_SETTINGS = {
    "application_name": "handschlag-signer",
    "role": SIGNER_ROLE,
    "jit": "off",
    "statement_timeout": "60000",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A log as it was signed last; `seeds` are the numbers of the seeds whose keys did."""

    size: int
    edge: tuple[bytes | None, ...]
    root: bytes
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """A log whose head isn't the one that was signed last, or was signed with other keys; or one in trouble."""

    tenant: TenantId
    origin: str
    size: int
    edge: tuple[bytes | None, ...]
    signed: Signed | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Hashes:
    """Hashes of the tree in a row, in one tile: from number `first` at a level of tiles."""

    level: int
    first: int
    hashes: bytes


@dataclass(frozen=True, slots=True)
class NewCheckpoint:
    """What is to be stored of one log: all of it or nothing. `before` is what was signed last."""

    tenant: TenantId
    before: Signed | None
    now: Signed
    hashes: Sequence[Hashes]
    signatures: Sequence[Signature]
    keys: Sequence[tuple[int, VerifierKey]]


class Overtaken(Exception):
    """Somebody else has signed meanwhile; look again."""


_BEHIND = """
select t.tenant, t.origin, h.size, h.edge,
       s.size as signed_size, s.edge as signed_edge, s.root, s.seeds, x.kind as trouble
  from log.heads h
  join log.tenants t on t.tenant = h.tenant
  left join signed.logs s on s.tenant = h.tenant
  left join signed.troubles x on x.tenant = h.tenant
 where $2::boolean or s.tenant is null or s.size <> h.size or s.edge <> h.edge or s.seeds <> $1::int[]
    or x.tenant is not null
"""

_ENTRIES = """
select w.tenant, e.position, e.bytes
  from unnest($1::text[], $2::bigint[], $3::bigint[]) as w (tenant, after, until)
 cross join lateral (select e.position, e.bytes from log.entries e
                      where e.tenant = w.tenant and e.position > w.after and e.position <= w.until offset 0) e
 order by w.tenant, e.position
"""
"""`offset 0` keeps the planner from going through all entries of all logs: each stretch is looked up by its key."""

_MOVE = """
insert into signed.logs as l (tenant, size, edge, root, seeds, signed_at)
select n.tenant, n.size, n.edge::bytea[], n.root, n.seeds::int[], $6
  from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::text[]) as n (tenant, size, edge, root, seeds)
on conflict (tenant) do update
   set size = excluded.size, edge = excluded.edge, root = excluded.root, seeds = excluded.seeds,
       signed_at = excluded.signed_at
"""

_HASHES = """
insert into signed.hashes (tenant, level, first, hashes)
select * from unnest($1::text[], $2::smallint[], $3::bigint[], $4::bytea[])
on conflict (tenant, level, first) do nothing
"""

_CHECKPOINTS = """
insert into signed.checkpoints (tenant, size, root, signed_at)
select n.*, $4 from unnest($1::text[], $2::bigint[], $3::bytea[]) as n
on conflict (tenant, size) do nothing
"""

_SIGNATURES = """
insert into signed.signatures (tenant, size, key, line, witness, at)
select n.*, false, $5 from unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) as n
on conflict (tenant, size, key) do nothing
"""

_KEYS = """
insert into signed.keys (tenant, vkey, seed, since)
select n.*, $4 from unnest($1::text[], $2::text[], $3::int[]) as n
on conflict do nothing
"""

_RETIRED = """
update signed.keys k set retired_at = $3
 where k.tenant = any ($1::text[]) and k.retired_at is null
   and not exists (select from unnest($1::text[], $2::text[]) as n (tenant, vkey)
                    where n.tenant = k.tenant and n.vkey = k.vkey)
"""


class SignerStore:
    """The signer's session. `open` makes it; `claim` says whether it is the one that signs."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> "SignerStore":
        """Connect as the login that `url` names, and take on the signer's role."""
        return cls(await asyncpg.connect(url, timeout=5, server_settings=_SETTINGS))

    async def close(self) -> None:
        """Hang up; the claim ends with it."""
        await self._connection.close(timeout=5)

    async def claim(self) -> bool:
        """Whether this session signs from now on; False while another one does."""
        claimed: bool = await self._connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", _LOCK)
        return claimed

    async def behind(self, seeds: Sequence[int], *, every: bool = False) -> list[Behind]:
        """The logs that have something to sign under the keys of `seeds`, or that are in trouble; or `every` log."""
        return [_behind(row) for row in await self._connection.fetch(_BEHIND, list(seeds), every)]

    async def entries(self, wanted: Iterable[tuple[TenantId, int, int]]) -> dict[TenantId, list[tuple[int, bytes]]]:
        """Of each log, position and bytes of the entries after one position up to another."""
        rows = list(wanted)
        found: dict[TenantId, list[tuple[int, bytes]]] = {tenant: [] for tenant, _, _ in rows}
        columns = ([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
        for tenant, position, raw in await self._connection.fetch(_ENTRIES, *columns):
            found[tenant].append((position, raw))
        return found

    async def own_signatures(self, tenant: TenantId, size: int) -> list[Signature]:
        """The log's own lines under a checkpoint."""
        rows = await self._connection.fetch(
            "select line from signed.signatures where tenant = $1 and size = $2 and not witness", tenant, size
        )
        return [signature for row in rows for signature in parse_signatures(f"{row[0]}\n")]

    async def published(self, tenant: TenantId | None = None) -> set[str]:
        """The vkeys that are told to sign for a log (or for any)."""
        rows = await self._connection.fetch(
            "select vkey from signed.keys where retired_at is null and ($1::text is null or tenant = $1)", tenant
        )
        return {row[0] for row in rows}

    async def last_seed(self) -> int:
        """The number of the newest seed that was ever used; 0 when none was."""
        number: int = await self._connection.fetchval("select coalesce(max(seed), 0) from signed.keys")
        return number

    async def give_up_keys(self) -> None:
        """Retire every key: their seeds are lost, and the next ones sign without being known."""
        await self._connection.execute("update signed.keys set retired_at = clock_timestamp() where retired_at is null")

    async def lagging(self, seeds: Sequence[int]) -> int:
        """How many logs' newest checkpoints aren't signed under exactly these seeds."""
        number: int = await self._connection.fetchval(
            "select count(*) from log.heads h left join signed.logs s using (tenant)"
            " where s.seeds is distinct from $1::int[]",
            list(seeds),
        )
        return number

    async def store(self, checkpoints: Sequence[NewCheckpoint], at: datetime) -> None:
        """Store checkpoints in one transaction; troubles of these logs are over. Raises `Overtaken`."""
        run = self._connection
        async with run.transaction():
            await self._move(checkpoints, at)
            await run.execute(
                _HASHES,
                *columns(
                    4, ((new.tenant, each.level, each.first, each.hashes) for new in checkpoints for each in new.hashes)
                ),
            )
            await run.execute(
                _CHECKPOINTS, *columns(3, ((new.tenant, new.now.size, new.now.root) for new in checkpoints)), at
            )
            lines = (
                (new.tenant, new.now.size, key_of(line), line.line().rstrip("\n"))
                for new in checkpoints
                for line in new.signatures
            )
            await run.execute(_SIGNATURES, *columns(4, lines), at)
            await self._publish([new for new in checkpoints if new.keys], at)
            tenants = [new.tenant for new in checkpoints]
            await run.execute("delete from signed.troubles where tenant = any ($1)", tenants)

    async def _move(self, checkpoints: Sequence[NewCheckpoint], at: datetime) -> None:
        """Let the logs go on from here, if they are still where they were. Edges differ in length: they go as text."""
        tenants = [new.tenant for new in checkpoints]
        rows = await self._connection.fetch(
            "select tenant, size from signed.logs where tenant = any ($1) order by tenant for update", tenants
        )
        if dict(rows) != {new.tenant: new.before.size for new in checkpoints if new.before is not None}:
            raise Overtaken(Overtaken.__doc__)
        await self._connection.execute(
            _MOVE,
            tenants,
            [new.now.size for new in checkpoints],
            [
                _array("null" if each is None else f'"\\\\x{each.hex()}"' for each in new.now.edge)
                for new in checkpoints
            ],
            [new.now.root for new in checkpoints],
            [_array(str(seed) for seed in new.now.seeds) for new in checkpoints],
            at,
        )

    async def _publish(self, checkpoints: Sequence[NewCheckpoint], at: datetime) -> None:
        """Tell which keys sign from now on, and that others don't any more."""
        keys = columns(3, ((new.tenant, str(key), seed) for new in checkpoints for seed, key in new.keys))
        await self._connection.execute(_KEYS, *keys, at)
        await self._connection.execute(_RETIRED, *keys[:2], at)

    async def trouble(self, tenant: TenantId, kind: str, sentence: str, size: int) -> None:
        """Say why nothing is signed for a log."""
        await self._connection.execute(
            "insert into signed.troubles as t (tenant, kind, sentence, size) values ($1, $2, $3, $4)"
            " on conflict (tenant) do update"
            " set kind = excluded.kind, sentence = excluded.sentence, size = excluded.size"
            " where (t.kind, t.sentence, t.size) is distinct from (excluded.kind, excluded.sentence, excluded.size)",
            tenant, kind, sentence, size,
        )  # fmt: skip


def columns(width: int, rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows turned into `width` columns, for `unnest`: one statement, which ends when it is cancelled.

    A cancelled `executemany` of asyncpg can wait for ever once its rows don't fit the connection's buffer.
    """
    turned: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(turned, row, strict=True):
            column.append(value)
    return turned


def key_of(signature: Signature) -> str:
    """A key's name and id as they begin a vkey."""
    return f"{signature.name}+{signature.key_id.hex()}"


def _behind(row: Any) -> Behind:
    signed = None
    if row["signed_size"] is not None:
        signed = Signed(row["signed_size"], tuple(row["signed_edge"]), row["root"], tuple(row["seeds"]))
    return Behind(TenantId(row["tenant"]), row["origin"], row["size"], tuple(row["edge"]), signed, row["trouble"])


def _array(elements: Iterable[str]) -> str:
    """An array as PostgreSQL reads it from text."""
    return f"{{{','.join(elements)}}}"


def edge_of(edge: Edge) -> tuple[bytes | None, ...]:
    """An edge as it is stored."""
    return tuple(edge)
