"""Endpoints of webhooks as they are configured, each tenant's under its own name; deliveries are another's business."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.streams.keeping import KeptSecret
from infra.vault.vault import named

MOST_ENDPOINTS = 20
"""Endpoints of a tenant. Each is sent one message at a time, so this bounds a tenant's deliveries under way too."""

MOST_SECRETS = 4
"""Secrets that sign for an endpoint at the same time."""

MOST_ERRANDS = 20
"""Tests and redeliveries that wait for an endpoint."""

ENDPOINT = """
select e.tenant, e.id, e.version, e.url, e.description, e.member, e.role, e.marketplace, e.wanted, e.thin, e.rate,
       e.state, e.notice, e.noticed_at, e.created_at, c.position, c.failures, c.failing_since,
       nullif(c.next_at, '-infinity') as next_at, c.delivered_at
  from streams.endpoints e join streams.cursors c on c.tenant = e.tenant and c.endpoint = e.id
 where e.tenant = $1
"""

_SECRETS = """
select number, scheme, public, created_at, expires_at from streams.secrets
where tenant = $1 and endpoint = $2 and (expires_at is null or expires_at > $3) order by number desc
"""

_ATTEMPTS = """
select number, at, kind, message, position, type, taken, status, trouble, ms, retry_at from streams.attempts
where tenant = $1 and endpoint = $2 and number < $3 and (not $4 or not taken) order by number desc limit $5
"""

_CHANGE = """
update streams.endpoints set version = version + 1, url = $4, description = $5, wanted = $6, thin = $7, rate = $8
where tenant = $1 and id = $2 and version = $3
"""

_LOCK = "select pg_advisory_xact_lock(hashtextextended('handschlag/webhooks/endpoints/' || $1, 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records an endpoint gets: of `types` (stored names; none: of all), as `audience` sees them."""

    types: tuple[str, ...] = ()
    marketplace: str | None = None
    contract: str | None = None
    audience: str = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint and how far it has come. `position`: everything up to it was taken, or isn't wanted there."""

    tenant: TenantId
    id: str
    version: int
    url: str
    description: str
    member: str
    role: str
    marketplace: str | None
    wanted: Wanted
    thin: bool
    rate: int
    state: str
    notice: str | None
    noticed_at: datetime | None
    created_at: datetime
    position: int
    failures: int
    failing_since: datetime | None
    next_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: what was sent (`position` None for a test), and its status, or why there was none (`trouble`)."""

    number: int
    at: datetime
    kind: str
    message: str
    position: int | None
    type: str
    taken: bool
    status: int | None
    trouble: str | None
    ms: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be sent besides: a test, or the records from `first` to `last` again (they are done up to `done`)."""

    id: str
    kind: str
    first: int | None
    last: int | None
    done: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What an idempotency key was used for: the request's SHA-256, the endpoint, and what came of it."""

    request: bytes
    endpoint: str
    thing: str


class Endpoints:
    """Reads and writes endpoints in transactions that have named their tenant. The pool is the caller's."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def changing(self, tenant: TenantId) -> AsyncIterator["Book"]:
        """One tenant's endpoints for a transaction in which nobody else changes them."""
        async with named(self._pool, tenant, readonly=False) as connection:
            await connection.execute(_LOCK, tenant)
            yield Book(connection, tenant)

    @asynccontextmanager
    async def reading(self, tenant: TenantId) -> AsyncIterator["Book"]:
        """One tenant's endpoints as they are."""
        async with named(self._pool, tenant, readonly=True) as connection:
            yield Book(connection, tenant)


class Book:
    """A tenant's endpoints within one transaction."""

    def __init__(self, connection: asyncpg.Connection, tenant: TenantId) -> None:
        self._on = connection
        self._tenant = tenant

    async def all(self) -> list[Endpoint]:
        """Every endpoint, the oldest first."""
        return [endpoint_of(row) for row in await self._on.fetch(f"{ENDPOINT} order by created_at, id", self._tenant)]

    async def one(self, id_: str) -> Endpoint | None:
        """The endpoint of that id."""
        row = await self._on.fetchrow(f"{ENDPOINT} and e.id = $2", self._tenant, id_)
        return None if row is None else endpoint_of(row)

    async def add(self, endpoint: Endpoint) -> None:
        """A new endpoint, to be sent what comes after its `position`."""
        await self._on.execute(
            "insert into streams.endpoints"
            " (tenant, id, url, description, member, role, marketplace, wanted, thin, rate)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            self._tenant, endpoint.id, endpoint.url, endpoint.description, endpoint.member, endpoint.role,
            endpoint.marketplace, _told(endpoint.wanted), endpoint.thin, endpoint.rate,
        )  # fmt: skip
        await self._on.execute(
            "insert into streams.cursors (tenant, endpoint, position) values ($1, $2, $3)",
            self._tenant, endpoint.id, endpoint.position,
        )  # fmt: skip

    async def change(self, endpoint: Endpoint) -> Endpoint | None:
        """Keep what is configured anew, if the version is still `endpoint`'s; answers what stands there now."""
        status: str = await self._on.execute(
            _CHANGE, self._tenant, endpoint.id, endpoint.version, endpoint.url, endpoint.description,
            _told(endpoint.wanted), endpoint.thin, endpoint.rate,
        )  # fmt: skip
        return replace(endpoint, version=endpoint.version + 1) if status == "UPDATE 1" else None

    async def remove(self, id_: str) -> None:
        """Forget an endpoint, its secrets, attempts and errands."""
        await self._on.execute("delete from streams.endpoints where tenant = $1 and id = $2", self._tenant, id_)

    async def pause(self, id_: str) -> None:
        """Send nothing until it is resumed; what is under way may still arrive."""
        await self._on.execute(
            "update streams.endpoints set version = version + 1, state = 'paused', notice = null, noticed_at = null"
            " where tenant = $1 and id = $2",
            self._tenant, id_,
        )  # fmt: skip

    async def resume(self, id_: str, after: int | None) -> None:
        """Send again, at once, whatever failed before: after position `after`, or (None) where it stopped."""
        await self._on.execute(
            "update streams.endpoints set version = version + 1, state = 'active', notice = null, noticed_at = null"
            " where tenant = $1 and id = $2",
            self._tenant, id_,
        )  # fmt: skip
        await self._on.execute(
            "update streams.cursors set failures = 0, failing_since = null, next_at = '-infinity',"
            " position = coalesce($3, position) where tenant = $1 and endpoint = $2",
            self._tenant, id_, after,
        )  # fmt: skip

    async def secrets(self, id_: str, at: datetime) -> list[KeptSecret]:
        """What signs for an endpoint, the newest first."""
        return [KeptSecret(**dict(row)) for row in await self._on.fetch(_SECRETS, self._tenant, id_, at)]

    async def sealed(self, id_: str, number: int) -> Mapping[str, Any] | None:
        """One secret's row, with `number` and `sealed`."""
        return await self._on.fetchrow(  # type: ignore[no-any-return]
            "select number, sealed from streams.secrets where tenant = $1 and endpoint = $2 and number = $3",
            self._tenant, id_, number,
        )  # fmt: skip

    async def last_secret(self, id_: str) -> int:
        """The largest number that a secret of an endpoint has."""
        number: int = await self._on.fetchval(
            "select coalesce(max(number), 0) from streams.secrets where tenant = $1 and endpoint = $2",
            self._tenant, id_,
        )  # fmt: skip
        return number

    async def add_secret(self, id_: str, number: int, scheme: str, sealed: bytes, public: str | None) -> None:
        """Another secret, which signs from now on."""
        await self._on.execute(
            "insert into streams.secrets (tenant, endpoint, number, scheme, sealed, public)"
            " values ($1, $2, $3, $4, $5, $6)",
            self._tenant, id_, number, scheme, sealed, public,
        )  # fmt: skip

    async def expire_secrets(self, id_: str, before: int, at: datetime) -> None:
        """Let the secrets with smaller numbers than `before` sign until `at` at the latest."""
        await self._on.execute(
            "update streams.secrets set expires_at = least(expires_at, $4)"
            " where tenant = $1 and endpoint = $2 and number < $3",
            self._tenant, id_, before, at,
        )  # fmt: skip
        await self._on.execute(
            "update streams.endpoints set version = version + 1 where tenant = $1 and id = $2", self._tenant, id_
        )

    async def errands(self, id_: str) -> list[Errand]:
        """What waits to be sent besides, in the order in which it was asked for."""
        rows = await self._on.fetch(
            "select id, kind, first, last, done, created_at from streams.errands"
            " where tenant = $1 and endpoint = $2 order by created_at, id",
            self._tenant, id_,
        )  # fmt: skip
        return [errand_of(row) for row in rows]

    async def add_errand(self, id_: str, errand: str, between: tuple[int, int] | None) -> None:
        """A test (None), or records `between` two positions, both included, once more."""
        first, last = between or (None, None)
        await self._on.execute(
            "insert into streams.errands (tenant, endpoint, id, kind, first, last, done)"
            " values ($1, $2, $3, $4, $5, $6, $7)",
            self._tenant, id_, errand, "test" if between is None else "redelivery",
            first, last, None if first is None else first - 1,
        )  # fmt: skip

    async def drop_errands(self, id_: str) -> None:
        """Give up all that was to be redelivered."""
        await self._on.execute(
            "delete from streams.errands where tenant = $1 and endpoint = $2 and kind = 'redelivery'",
            self._tenant, id_,
        )  # fmt: skip

    async def attempts(self, id_: str, before: int, limit: int, *, failed: bool) -> list[Attempt]:
        """Attempts with smaller numbers than `before`, the newest first; only those that `failed`, if asked."""
        rows = await self._on.fetch(_ATTEMPTS, self._tenant, id_, before, failed, limit)
        return [Attempt(**dict(row)) for row in rows]

    async def asked(self, key: str) -> Asked | None:
        """What an idempotency key was used for."""
        row = await self._on.fetchrow(
            "select request, endpoint, thing from streams.requests where tenant = $1 and key = $2", self._tenant, key
        )
        return None if row is None else Asked(row["request"], str(row["endpoint"]), row["thing"])

    async def note(self, key: str, asked: Asked) -> None:
        """Keep what an idempotency key was used for."""
        await self._on.execute(
            "insert into streams.requests (tenant, key, request, endpoint, thing) values ($1, $2, $3, $4, $5)",
            self._tenant, key, asked.request, asked.endpoint, asked.thing,
        )  # fmt: skip


def endpoint_of(row: Mapping[str, Any]) -> Endpoint:
    """A row of `ENDPOINT`."""
    told = dict(row)
    wanted = msgspec.json.decode(told.pop("wanted"), type=Wanted)
    edition = told.pop("marketplace")
    id_ = str(told.pop("id"))
    return Endpoint(**told, id=id_, marketplace=None if edition is None else str(edition), wanted=wanted)


def errand_of(row: Mapping[str, Any]) -> Errand:
    """A row of errands."""
    return Errand(**(dict(row) | {"id": str(row["id"])}))


def _told(wanted: Wanted) -> str:
    return msgspec.json.encode(asdict(wanted)).decode()
