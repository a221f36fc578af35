"""Which checkpoints witnesses are still to see, and what they said of those that they saw."""

from collections.abc import Collection
from datetime import datetime

import asyncpg

from domain.frozen import dataclass
from domain.identity import TenantId
from domain.transparency.note import Signature
from infra.signing.store import SIGNER_ROLE, key_of

_LOCK = "handschlag/cosigner"

_DUE = """
select l.tenant, coalesce(w.size, 0)
  from signed.logs l
  left join signed.witnesses w on w.tenant = l.tenant and w.key = $1
 where w.size is distinct from l.size and l.tenant <> all ($2::text[])
 order by l.tenant
 limit $3
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A witness hasn't cosigned a log's newest checkpoint; it has cosigned `size` of its records."""

    tenant: TenantId
    size: int


class CosignatureStore:
    """Reads and writes with the signer's role. It owns its pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    @classmethod
    async def open(cls, url: str) -> "CosignatureStore":
        """Connect as the login that `url` names, and take on the signer's role."""
        settings = {"application_name": "handschlag-cosigner", "role": SIGNER_ROLE, "jit": "off"}
        return cls(await asyncpg.create_pool(url, min_size=1, max_size=4, server_settings=settings))

    async def close(self) -> None:
        """Hang up."""
        await self.pool.close()

    async def claim(self, connection: asyncpg.Connection) -> bool:
        """Whether this session collects from now on; False while another one does."""
        claimed: bool = await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", _LOCK)
        return claimed

    async def due(self, key: str, but: Collection[TenantId], most: int) -> list[Due]:
        """The first `most` logs, `but` for some, that are to be shown to the witness with a key (its name and id)."""
        return [Due(TenantId(row[0]), row[1]) for row in await self.pool.fetch(_DUE, key, list(but), most)]

    async def keep(self, tenant: TenantId, size: int, cosignature: Signature, at: datetime) -> None:
        """Keep a witness's line under a checkpoint."""
        key = key_of(cosignature)
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "insert into signed.signatures (tenant, size, key, witness, line, at)"
                " values ($1, $2, $3, true, $4, $5) on conflict (tenant, size, key) do nothing",
                tenant, size, key, cosignature.line().rstrip("\n"), at,
            )  # fmt: skip
            await connection.execute(
                "insert into signed.witnesses as w (tenant, key, size, at) values ($1, $2, $3, $4)"
                " on conflict (tenant, key) do update set size = excluded.size, at = excluded.at"
                " where w.size <= excluded.size",
                tenant, key, size, at,
            )  # fmt: skip
