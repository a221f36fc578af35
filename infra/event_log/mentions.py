"""Where a pseudonym stands in one tenant's log: a search of its bytes, for the few who ask it (DESIGN §4, Leaving)."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
import msgspec

from domain.frozen import dataclass
from domain.identity import EventId, PersonId, StreamId, TenantId

_STREAMS = """
select distinct stream from log.entries
where tenant = $1 and type = any($2) and position(convert_to('"' || $3 || '"', 'UTF8') in bytes) > 0
"""

_RECORDS = """
select position, bytes from log.entries
where tenant = $1 and position(convert_to('"' || $2 || '"', 'UTF8') in bytes) > 0 order by position
"""


class _Actor(msgspec.Struct, frozen=True):
    id: str


class _Told(msgspec.Struct, frozen=True):
    """What is told of a record; types newer than this software are told all the same."""

    id: EventId
    stream: StreamId
    type: str
    time: str
    actor: _Actor


_decode = msgspec.json.Decoder(_Told).decode


@dataclass(frozen=True, slots=True)
class Mention:
    """A record that names somebody; `acted` says that it was they who did it."""

    position: int
    event: EventId
    type: str
    at: str
    stream: StreamId
    acted: bool


async def streams_naming(
    pool: asyncpg.Pool, tenant: TenantId, types: Sequence[str], person: PersonId
) -> list[StreamId]:
    """The streams with a record of one of `types` that names the person."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute("select set_config('app.tenant', $1, true)", tenant)
        rows = await connection.fetch(_STREAMS, tenant, list(types), person)
    return sorted(StreamId(str(row["stream"])) for row in rows)


async def records_naming(pool: asyncpg.Pool, tenant: TenantId, person: PersonId) -> AsyncIterator[Mention]:
    """Every record that names the person, in order; read as the log is long, and held as few as fit a page."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute("select set_config('app.tenant', $1, true)", tenant)
        async for row in connection.cursor(_RECORDS, tenant, person, prefetch=500):
            told = _decode(row["bytes"])
            yield Mention(row["position"], told.id, told.type, told.time, told.stream, told.actor.id == person)
