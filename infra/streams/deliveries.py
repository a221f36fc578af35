"""What deliverers read and write: which endpoints are due, what became of an attempt, how far an endpoint has come.

Whoever delivers for a tenant holds its advisory lock, on a connection of its own. Should two believe so for a moment
(a line that hangs), a cursor moves only from where its mover saw it, so that it never jumps and never goes back.
Acknowledged deliveries are written without waiting for the disk: what a crash forgets is delivered once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.streams.endpoints import ENDPOINT, Endpoint, Errand, endpoint_of, errand_of

KEPT_ATTEMPTS = 2_000
"""Attempts that are kept of an endpoint, the newest ones."""

KEPT_FOR = timedelta(days=30)
"""How long an attempt is kept at the most."""

KEYS_KEPT_FOR = timedelta(days=7)
"""How long an idempotency key is remembered, and a secret after its end: the first answer may be asked for again."""

_PROBE = 10.0
"""Seconds after which the connection that holds the locks is taken for lost."""

_SETTINGS = {"application_name": "handschlag-webhooks", "synchronous_commit": "off", "jit": "off"}

_DUE = """
select e.tenant, e.id
  from streams.endpoints e
  join streams.cursors c on c.tenant = e.tenant and c.endpoint = e.id
  join log.heads h on h.tenant = e.tenant
 where (e.state = 'active' and c.next_at <= $1
        and (c.position < h.size or exists (
              select from streams.errands r where r.tenant = e.tenant and r.endpoint = e.id and r.kind = 'redelivery')))
    or exists (select from streams.errands t where t.tenant = e.tenant and t.endpoint = e.id and t.kind = 'test')
"""

_SECRETS = """
select number, sealed, expires_at from streams.secrets
where tenant = $1 and endpoint = $2 and (expires_at is null or expires_at > $3) order by number desc
"""

_ERRANDS = """
select id, kind, first, last, done, created_at from streams.errands
where tenant = $1 and endpoint = $2 order by created_at, id
"""

_INSERT = """
insert into streams.attempts (tenant, endpoint, number, at, kind, message, position, type, taken, status, trouble, ms,
                              retry_at)
select $1, $2, moved.attempts, $3::timestamptz, $4, $5, $6::bigint, $7, $8, $9::integer, $10, $11::integer,
       $12::timestamptz
  from moved
"""

_TAKEN = f"""
with moved as (
  update streams.cursors
     set position = greatest(position, coalesce($14, position)), attempts = attempts + 1, failures = 0,
         failing_since = null, next_at = '-infinity', delivered_at = $3
   where tenant = $1 and endpoint = $2 and ($14::bigint is null or position = $13) returning attempts
), told as ({_INSERT})
select (select version from streams.endpoints where tenant = $1 and id = $2) from moved
"""  # noqa: S608 - made of our own parts

_FAILED = f"""
with moved as (
  update streams.cursors
     set attempts = attempts + 1, failures = failures + 1, failing_since = coalesce(failing_since, $3),
         next_at = coalesce($12::timestamptz, 'infinity')
   where tenant = $1 and endpoint = $2 returning attempts
)
{_INSERT}
"""  # noqa: S608 - made of our own parts

_COUNTED = f"""
with moved as (
  update streams.cursors set attempts = attempts + 1 where tenant = $1 and endpoint = $2 returning attempts
)
{_INSERT}
"""  # noqa: S608 - made of our own parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An attempt that was made at `at`: what was sent, and its answer's status, or why there was none."""

    at: datetime
    kind: str
    message: str
    position: int | None
    type: str
    taken: bool
    status: int | None
    trouble: str | None
    ms: int
    retry_at: datetime | None = None

    def columns(self) -> tuple[Any, ...]:
        """As `_INSERT` has them."""
        return (self.at, self.kind, self.message, self.position, self.type, self.taken, self.status, self.trouble,
                self.ms, self.retry_at)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """An endpoint as it stands, its secrets' rows, the newest first, and what waits to be sent besides."""

    endpoint: Endpoint
    secrets: Sequence[Mapping[str, Any]]
    errands: Sequence[Errand]


class DeliveryStore:
    """The deliverers' side of the tables, over the follower's login, which sees every tenant. It owns its pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    @classmethod
    async def open(cls, url: str, connections: int = 6) -> "DeliveryStore":
        """Connect as the login that `url` names."""
        pool = await asyncpg.create_pool(url, min_size=1, max_size=connections, server_settings=_SETTINGS)
        return cls(pool)

    async def close(self) -> None:
        """Hang up; locks go with their connections."""
        await self.pool.close()

    async def claim(self, connection: asyncpg.Connection, tenants: Iterable[TenantId]) -> set[TenantId]:
        """Those of `tenants` for which this session delivers from now on, because nobody else does.

        Raises one of `infra.postgres.away.LOST` when the connection is gone, and its locks with it.
        """
        rows = await connection.fetch(
            "select tenant from unnest($1::text[]) as tenant"
            " where pg_try_advisory_lock(hashtextextended('handschlag/webhooks/' || tenant, 0))",
            sorted(set(tenants)),
            timeout=_PROBE,
        )
        return {TenantId(row[0]) for row in rows}

    async def due(self, at: datetime) -> list[tuple[TenantId, str]]:
        """The endpoints for which there is something to send at `at`."""
        return [(TenantId(row[0]), str(row[1])) for row in await self.pool.fetch(_DUE, at)]

    async def load(self, tenant: TenantId, id_: str, at: datetime) -> Loaded | None:
        """The endpoint of that id, as of one moment; None when it is gone."""
        async with self.pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            row = await connection.fetchrow(f"{ENDPOINT} and e.id = $2", tenant, id_)
            if row is None:
                return None
            secrets = await connection.fetch(_SECRETS, tenant, id_, at)
            errands = await connection.fetch(_ERRANDS, tenant, id_)
        return Loaded(endpoint_of(row), secrets, [errand_of(row) for row in errands])

    async def taken(self, endpoint: Endpoint, was: int, to: int, made: Try) -> int | None:
        """Move the cursor on over a delivery that was taken; answers the endpoint's version.

        None when the cursor isn't at `was` any more, or the endpoint is gone: then look again.
        """
        version: int | None = await self.pool.fetchval(
            _TAKEN, endpoint.tenant, endpoint.id, *made.columns(), was, to
        )  # fmt: skip
        return version

    async def passed(self, endpoint: Endpoint, was: int, to: int) -> bool:
        """Move the cursor on over records that the endpoint doesn't want."""
        status: str = await self.pool.execute(
            "update streams.cursors set position = $4 where tenant = $1 and endpoint = $2 and position = $3",
            endpoint.tenant, endpoint.id, was, to,
        )  # fmt: skip
        return status == "UPDATE 1"

    async def redelivered(self, endpoint: Endpoint, errand: Errand, to: int, made: Try | None) -> int | None:
        """Note that a redelivery has come to `to`, and what was sent for it; done, it is taken off the list."""
        async with self.pool.acquire() as connection, connection.transaction():
            version: int | None = endpoint.version
            if made is not None:
                version = await connection.fetchval(
                    _TAKEN, endpoint.tenant, endpoint.id, *made.columns(), None, None
                )  # fmt: skip
            moved: str = await connection.execute(
                "update streams.errands set done = $4 where tenant = $1 and endpoint = $2 and id = $3",
                endpoint.tenant, endpoint.id, errand.id, to,
            )  # fmt: skip
            if to >= (errand.last or 0):
                await self._drop(connection, endpoint, errand)
        return version if moved == "UPDATE 1" else None

    async def tested(self, endpoint: Endpoint, errand: Errand, made: Try) -> None:
        """Note what became of a test; it isn't tried again and says nothing of the deliveries."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(_COUNTED, endpoint.tenant, endpoint.id, *made.columns())
            await self._drop(connection, endpoint, errand)

    async def failed(self, endpoint: Endpoint, made: Try, notice: str | None) -> None:
        """Note a delivery that wasn't taken: it is tried again at its `retry_at`, or (`notice`) never by itself."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(_FAILED, endpoint.tenant, endpoint.id, *made.columns())
            if notice is not None:
                await self._disable(connection, endpoint, notice, made.at)

    async def disable(self, endpoint: Endpoint, notice: str, at: datetime) -> None:
        """Send nothing more, and say why."""
        async with self.pool.acquire() as connection:
            await self._disable(connection, endpoint, notice, at)

    async def sweep(self, at: datetime) -> int:
        """Forget old attempts, secrets that are over and old idempotency keys; answers how many attempts."""
        status: str = await self.pool.execute(
            "delete from streams.attempts a using streams.cursors c where c.tenant = a.tenant"
            " and c.endpoint = a.endpoint and (a.number <= c.attempts - $1 or a.at < $2)",
            KEPT_ATTEMPTS, at - KEPT_FOR,
        )  # fmt: skip
        await self.pool.execute("delete from streams.secrets where expires_at < $1", at - KEYS_KEPT_FOR)
        await self.pool.execute("delete from streams.requests where at < $1", at - KEYS_KEPT_FOR)
        return int(status.removeprefix("DELETE "))

    async def _drop(self, connection: asyncpg.Connection, endpoint: Endpoint, errand: Errand) -> None:
        await connection.execute(
            "delete from streams.errands where tenant = $1 and endpoint = $2 and id = $3",
            endpoint.tenant, endpoint.id, errand.id,
        )  # fmt: skip

    async def _disable(self, connection: asyncpg.Connection, endpoint: Endpoint, notice: str, at: datetime) -> None:
        await connection.execute(
            "update streams.endpoints set version = version + 1, state = 'disabled', notice = $3, noticed_at = $4"
            " where tenant = $1 and id = $2 and state = 'active'",
            endpoint.tenant, endpoint.id, notice, at,
        )  # fmt: skip
