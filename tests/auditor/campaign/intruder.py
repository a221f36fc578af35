"""What a superuser can do to a log's tables, guards or not: the moves of which attacks are made."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from domain.transparency.merkle import grow, leaf_hash
from infra.clock import fresh_id
from infra.projections.rebuild import rebuild
from infra.signing.keys import SigningKey
from infra.signing.store import key_of
from tests.auditor.campaign.scene import TENANT, Scene, sign_once
from tests.auditor.campaign.server import Server

GUARDED = ("log.entries", "log.heads", "log.keys", "log.tenants", "signed.checkpoints", "signed.signatures",
           "signed.hashes")  # fmt: skip
AFAR = 10**9
"""Where positions are put while others move."""


@dataclass
class Intruder:
    """A superuser's session at a copy of the genuine database, with the guards switched off."""

    scene: Scene
    server: Server
    home: Path
    run: asyncpg.Connection

    @classmethod
    async def at(cls, scene: Scene, server: Server, home: Path) -> "Intruder":
        """Log in and switch off every trigger, as nothing but being superuser allows."""
        run = await asyncpg.connect(server.superuser)
        assert await run.fetchval("select rolsuper from pg_roles where rolname = current_user")
        await run.execute("".join(f"alter table {table} disable trigger all;" for table in GUARDED))
        await run.execute("set session_replication_role = replica")
        return cls(scene, server, home, run)

    async def entries(self) -> list[bytes]:
        """The records as they stand in the database now."""
        rows = await self.run.fetch("select bytes from log.entries where tenant = $1 order by position", TENANT)
        return [row[0] for row in rows]

    async def set_bytes(self, position: int, raw: bytes) -> None:
        """Write other bytes into a record."""
        done = await self.run.execute(
            "update log.entries set bytes = $3 where tenant = $1 and position = $2", TENANT, position, raw
        )
        assert done == "UPDATE 1", done

    async def delete(self, *positions: int) -> None:
        """Delete records."""
        await self.run.execute(
            "delete from log.entries where tenant = $1 and position = any ($2)", TENANT, list(positions)
        )

    async def shift(self, after: int, by: int) -> None:
        """Give all later records another number."""
        for change in (AFAR, by - AFAR):
            await self.run.execute(
                "update log.entries set position = position + $3 where tenant = $1 and position > $2",
                TENANT, after, change,
            )  # fmt: skip
            after = after + AFAR

    async def renumber(self, places: Sequence[tuple[int, int]]) -> None:
        """Move records from one position to another, all at once."""
        for add in (AFAR, 0):
            rows = [(old if add else old + AFAR, new + AFAR if add else new) for old, new in places]
            if add:
                rows = [(old, old + AFAR) for old, _ in places]
            await self.run.execute(
                "update log.entries e set position = w.new from unnest($2::bigint[], $3::bigint[]) as w (old, new)"
                " where e.tenant = $1 and e.position = w.old",
                TENANT, [row[0] for row in rows], [row[1] for row in rows],
            )  # fmt: skip

    async def insert(self, position: int, raw: bytes) -> None:
        """Put a record at a free position."""
        told: dict[str, Any] = {}
        with suppress(ValueError):
            told = json.loads(raw)
        await self.run.execute(
            "insert into log.entries (tenant, position, stream, version, type, at, latest_at, rehearsal, bytes)"
            " values ($1, $2, $3, $4, $5, $6, $6, false, $7)",
            TENANT, position, fresh_id(), 1, told.get("type", "none"), datetime(2026, 1, 1, tzinfo=UTC), raw,
        )  # fmt: skip

    async def set_head(self) -> None:
        """Let the head fit the records that are there."""
        entries = await self.entries()
        size, edge = grow(0, (), [leaf_hash(entry) for entry in entries])
        await self.run.execute("update log.heads set size = $2, edge = $3 where tenant = $1", TENANT, size, edge)

    async def replace_history(self, entries: Iterable[bytes]) -> None:
        """Throw all records away and put others in their place, the head with them."""
        rows = list(entries)
        told = [json.loads(raw) for raw in rows]
        await self.run.execute("delete from log.entries where tenant = $1", TENANT)
        await self.run.execute(
            "insert into log.entries (tenant, position, stream, version, type, at, latest_at, rehearsal, bytes)"
            " select $1, e.position, e.stream, e.version, e.type, e.at, e.at, false, e.bytes from"
            " unnest($2::bigint[], $3::uuid[], $4::int[], $5::text[], $6::timestamptz[], $7::bytea[])"
            " as e (position, stream, version, type, at, bytes)",
            TENANT,
            list(range(1, len(rows) + 1)),
            [each["stream"] for each in told],
            [each["version"] for each in told],
            [each["type"] for each in told],
            [datetime.fromisoformat(each["time"]) for each in told],
            rows,
        )
        await self.set_head()

    async def put_back_signed(self, size: int) -> None:
        """Put the signer's tables back to what they were when so many records were signed."""
        for table, column in (("checkpoints", "size"), ("signatures", "size"), ("witnesses", "size")):
            await self.run.execute(f"delete from signed.{table} where tenant = $1 and {column} > $2", TENANT, size)
        await self.run.execute(
            "delete from signed.hashes where tenant = $1 and (first << (8 * level)::int) + (1 << (8 * level)::int) > $2"
            " and first >= ($2 >> (8 * level)::int)",
            TENANT, size,
        )  # fmt: skip
        _, edge = grow(0, (), self.scene.leaves[:size])
        root = await self.run.fetchval(
            "select root from signed.checkpoints where tenant = $1 and size = $2", TENANT, size
        )
        if root is None:
            await self.run.execute("delete from signed.logs where tenant = $1", TENANT)
        else:
            await self.run.execute(
                "update signed.logs set size = $2, edge = $3, root = $4 where tenant = $1", TENANT, size, edge, root
            )

    async def sign_again(self, kept: int = 0) -> None:
        """With the log's key and the signer's disk: forget what was signed after `kept`, and sign what is there.

        The views are rebuilt from it, so the ledger fits, too.
        """
        await self.put_back_signed(kept)
        (self.home / "keys" / "last-signed").unlink()
        assert await sign_once(self.server, self.home) is None
        await self.run.execute(  # a shorter history is rebuilt only where the views don't say that they were further
            "update views.tracking t set position = least(t.position, h.size) from log.heads h"
            " where h.tenant = t.tenant and t.tenant = $1", TENANT,
        )  # fmt: skip
        await rebuild(self.server.urls.follower, TENANT)

    async def sign_with(self, key: SigningKey, text: str, size: int) -> None:
        """Put another key's line under a checkpoint, and publish that key as the log's own."""
        line = key.sign(text)
        await self.run.execute("delete from signed.signatures where tenant = $1 and size = $2", TENANT, size)
        await self.run.execute(
            "insert into signed.signatures (tenant, size, key, witness, line, at)"
            " values ($1, $2, $3, false, $4, now())",
            TENANT, size, key_of(line), line.line().rstrip("\n"),
        )  # fmt: skip
        await self.run.execute("update signed.keys set vkey = $2 where tenant = $1", TENANT, str(key.verifier))
