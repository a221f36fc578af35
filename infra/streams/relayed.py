"""How far each host's records have been relayed, and who relays them: one connection, which is also the claim.

A host's advisory lock lives as long as the session, and what was relayed is written on that very session: a relay that
has lost its connection can't write any more, and another may have gone on. Should its last messages still arrive, they
come behind the sequence that they expect, or not at all.
"""

import asyncio
from typing import Self

import asyncpg

from domain.frozen import dataclass
from domain.identity import TenantId

NAME = "handschlag-relay"

_SETTINGS = {
    "application_name": NAME,
    "jit": "off",
    "synchronous_commit": "off",  # what a crash of the database forgets is in the broker's stream
    "statement_timeout": "60000",
    "client_connection_check_interval": "1000",  # whoever is killed while it waits to write doesn't write any more
}

_HOSTS = """
select h.tenant, h.size, coalesce(r.position, 0) as position, coalesce(r.sequence, 0) as sequence, r.trouble
  from log.heads h
  left join streams.relayed r on r.tenant = h.tenant
 where h.size > 0 and ($1::boolean or h.size > coalesce(r.position, 0) or r.trouble is not null)
 order by h.tenant
"""

_MOVE = """
insert into streams.relayed as r (tenant, position, sequence) values ($1, $2, $3)
on conflict (tenant) do update
   set position = excluded.position, sequence = excluded.sequence, moved_at = clock_timestamp()
"""

_TROUBLE = """
insert into streams.relayed as r (tenant, trouble, since) values ($1, $2, clock_timestamp())
on conflict (tenant) do update
   set trouble = excluded.trouble, since = coalesce(r.since, excluded.since)
 where r.trouble is distinct from excluded.trouble
"""


@dataclass(frozen=True, slots=True)
class Relayed:
    """Relayed, or looked at and kept back, up to `position`; the broker's stream ended at `sequence` then."""

    position: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a host stands: its log has `size` records, relayed as far as `relayed`; `trouble` says why not further."""

    tenant: TenantId
    size: int
    relayed: Relayed
    trouble: str | None

    @property
    def lag(self) -> int:
        """Records that are still to be relayed."""
        return max(0, self.size - self.relayed.position)


class RelayStore:
    """The relay's session, as the login that follows all hosts. Whoever opens it closes it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, follower_url: str) -> Self:
        """Connect."""
        return cls(await asyncpg.connect(follower_url, timeout=5, server_settings=_SETTINGS))

    async def close(self) -> None:
        """Hang up; all claims end with it."""
        await self._connection.close(timeout=5)

    async def claim(self, tenant: TenantId) -> bool:
        """Whether this session relays for the host from now on; False while another one does."""
        claimed: bool = await self._value("select pg_try_advisory_lock(hashtextextended($1, 0))", _lock(tenant))
        return claimed

    async def let_go(self, tenant: TenantId) -> None:
        """Let another one relay for the host."""
        await self._value("select pg_advisory_unlock(hashtextextended($1, 0))", _lock(tenant))

    async def hosts(self, *, every: bool) -> list[Standing]:
        """The hosts that have something to relay or are in trouble, or `every` host that has records."""
        async with self._turn:
            rows = await self._connection.fetch(_HOSTS, every)
        return [
            Standing(TenantId(row["tenant"]), row["size"], Relayed(row["position"], row["sequence"]), row["trouble"])
            for row in rows
        ]

    async def relayed(self, tenant: TenantId) -> Relayed:
        """How far the host is; read it with the claim in hand."""
        async with self._turn:
            row = await self._connection.fetchrow(
                "select position, sequence from streams.relayed where tenant = $1", tenant
            )
        return Relayed(0, 0) if row is None else Relayed(row["position"], row["sequence"])

    async def move(self, tenant: TenantId, relayed: Relayed) -> None:
        """Note how far the host is."""
        async with self._turn:
            await self._connection.execute(_MOVE, tenant, relayed.position, relayed.sequence)

    async def trouble(self, tenant: TenantId, sentence: str) -> None:
        """Note why nothing is relayed for the host."""
        async with self._turn:
            await self._connection.execute(_TROUBLE, tenant, sentence)

    async def settle(self, tenant: TenantId) -> None:
        """Note that a trouble is over."""
        async with self._turn:
            await self._connection.execute(
                "update streams.relayed set trouble = null, since = null where tenant = $1", tenant
            )

    async def _value(self, statement: str, argument: str) -> bool:
        async with self._turn:
            value: bool = await self._connection.fetchval(statement, argument)
            return value


def _lock(tenant: TenantId) -> str:
    return f"handschlag/relay/{tenant}"
