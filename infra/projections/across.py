"""Reading across tenants, over the follower's login: the season's page, and what the timekeeper has to do."""

from collections.abc import Collection
from typing import get_args

import asyncpg

from domain.directory.fold import Entry, Kind
from domain.frozen import dataclass
from domain.identity import MarketplaceId, NegotiationId, StreamId, TenantId
from domain.instant import Instant
from domain.marketplace.plan import Plan
from domain.marketplace.rules import CoHost
from domain.marketplace.state import AfterTrading, CalledOff, InPreparation, Registering, Trading
from domain.negotiation.state import Proposed
from domain.results.statement import Statement
from infra.projections import docs
from infra.projections.reader import ENTRY
from infra.projections.store import entry_of

_TAKES_PLACE = [state.__name__ for state in (InPreparation, Registering, Trading, *get_args(AfterTrading))]
_OVER = [state.__name__ for state in (*get_args(AfterTrading), CalledOff)]

_STANDING = (
    "from views.directory join views.generations on generations.tenant = directory.tenant"
    " and generations.live = directory.generation"
)
"""Every tenant's live directory."""

_SEASON = f"""
    select directory.tenant, tenants.city, tenants.region, said.doc, {ENTRY}
    {_STANDING}
    join log.tenants on tenants.tenant = directory.tenant
    left join views.statements said on said.tenant = directory.tenant and said.generation = directory.generation
     and said.marketplace = directory.marketplace and said.valid_until is null
    where season = $1 and not directory.rehearsal and directory.state = any($2)
    order by directory.tenant, directory.first, said.valid_from
"""

# Words of our own are written into the queries, so that every plan can use the partial indexes.

_RUNNING = f"""
    select directory.tenant, {ENTRY} {_STANDING}
    where kind = '{Kind.MARKETPLACE.value}' and state = '{Trading.__name__}'
"""

_OPEN_TABLES = f"""
    with over as materialized (
      select directory.tenant, generation, id {_STANDING}
      where kind = '{Kind.MARKETPLACE.value}' and state = any($2)
    )
    select directory.tenant, directory.id, version, marketplace
    from views.directory
    join over on over.tenant = directory.tenant and over.generation = directory.generation
     and over.id = directory.marketplace
    where kind = '{Kind.NEGOTIATION.value}' and state = '{Proposed.__name__}'
     and not exists (select from unnest($3::text[], $4::uuid[]) as but (tenant, id)
                      where but.tenant = directory.tenant and but.id = directory.id)
    order by directory.tenant, directory.first
    limit $1
"""  # noqa: S608 - as above
"""Editions that are over are found first: they are few, while the tables of a busy hall are many and change always."""


@dataclass(frozen=True, slots=True)
class SeasonEdition:
    """A host's edition of a season that wasn't called off and is no rehearsal; what it announced, if it did."""

    tenant: TenantId
    city: str
    region: str | None
    marketplace: MarketplaceId
    plan: Plan
    statement: Statement | None
    co_hosts: tuple[CoHost, ...] = ()


@dataclass(frozen=True, slots=True)
class RunningEdition:
    """An edition between the gongs; without a closing gong it ends `grace_minutes` after `announced_end`."""

    tenant: TenantId
    marketplace: MarketplaceId
    version: int
    announced_end: Instant
    grace_minutes: int


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A negotiation that is open although its edition's trading is over."""

    tenant: TenantId
    negotiation: NegotiationId
    version: int
    marketplace: MarketplaceId


class Across:
    """What is read over all tenants. The pool is the caller's, its login the follower's."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def season(self, season: int) -> list[SeasonEdition]:
        """The season's editions in the order of their days, unknown ones last; the newest statement of each."""
        editions: dict[tuple[str, str], SeasonEdition] = {}
        for tenant, city, region, doc, *entry in await self._pool.fetch(_SEASON, season, _TAKES_PLACE):
            found = entry_of(entry)
            statement = None if doc is None else docs.statement(doc)
            home, state = MarketplaceId(found.id), found.state
            editions[tenant, home] = SeasonEdition(
                tenant, city, region or None, home, state.plan, statement, state.rules.co_hosts
            )
        return sorted(editions.values(), key=_by_day)

    async def running(self) -> list[RunningEdition]:
        """Every edition whose trading is open."""
        return [_running(TenantId(tenant), entry_of(entry)) for tenant, *entry in await self._pool.fetch(_RUNNING)]

    async def open_tables(self, limit: int = 500, but: Collection[tuple[TenantId, StreamId]] = ()) -> list[OpenTable]:
        """Up to `limit` negotiations with terms on the table at editions whose trading is over or called off.

        Those of `but` aren't told: whoever asks knows them already.
        """
        known = [tenant for tenant, _ in but], [id_ for _, id_ in but]
        return [
            OpenTable(
                TenantId(tenant), NegotiationId(StreamId(str(id_))), version, MarketplaceId(StreamId(str(marketplace)))
            )
            for tenant, id_, version, marketplace in await self._pool.fetch(_OPEN_TABLES, limit, _OVER, *known)
        ]


def _by_day(edition: SeasonEdition) -> tuple[bool, str, str, str]:
    day = edition.plan.date
    return (day is None, "" if day is None else day.isoformat(), edition.tenant, edition.marketplace)


def _running(tenant: TenantId, entry: Entry) -> RunningEdition:
    state: Trading = entry.state
    grace = state.plan.grace_minutes
    return RunningEdition(tenant, MarketplaceId(entry.id), entry.version, state.announced_end, grace)
