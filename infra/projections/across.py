"""Reading across tenants, over the follower's login: the season's page, and what the timekeeper has to do."""

from typing import Any, get_args

from sqlalchemy import CTE, ColumnElement, Select, and_, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.directory.fold import Entry, Kind
from domain.frozen import dataclass
from domain.identity import MarketplaceId, NegotiationId, StreamId, TenantId
from domain.instant import Instant
from domain.marketplace.plan import Plan
from domain.marketplace.rules import CoHost
from domain.marketplace.state import AfterTrading, CalledOff, InPreparation, Registering, Trading
from domain.negotiation.state import Proposed
from domain.results.statement import Statement
from infra.projections import docs, tables
from infra.projections.store import entry_of

_directory = tables.directory
_live = tables.generations
_ENTRY = tuple(
    _directory.c[name] for name in ("id", "kind", "version", "marketplace", "rehearsal", "position", "state", "doc")
)
_TAKES_PLACE = [state.__name__ for state in (InPreparation, Registering, Trading, *get_args(AfterTrading))]
_OVER = [state.__name__ for state in (*get_args(AfterTrading), CalledOff)]


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
    """What is read over all tenants. The engine is the caller's, its login the follower's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def season(self, season: int) -> list[SeasonEdition]:
        """The season's editions in the order of their days, unknown ones last; the newest statement of each."""
        said, tenants = tables.statements, tables.tenants
        query = (
            select(_directory.c.tenant, tenants.c.city, tenants.c.region, *_ENTRY, said.c.doc.label("said"))
            .join(_live, and_(_live.c.tenant == _directory.c.tenant, _live.c.live == _directory.c.generation))
            .join(tenants, tenants.c.tenant == _directory.c.tenant)
            .outerjoin(
                said,
                and_(
                    said.c.tenant == _directory.c.tenant,
                    said.c.generation == _directory.c.generation,
                    said.c.marketplace == _directory.c.marketplace,
                    said.c.valid_until.is_(None),
                ),
            )
            .where(_directory.c.season == season, _directory.c.rehearsal.is_(False))
            .where(_directory.c.state.in_(_TAKES_PLACE))
            .order_by(_directory.c.tenant, _directory.c.first, said.c.valid_from)
        )
        editions: dict[tuple[str, str], SeasonEdition] = {}
        for tenant, city, region, *entry, doc in await self._all(query):
            found = entry_of(entry)
            statement = None if doc is None else docs.statement(doc)
            home, state = MarketplaceId(found.id), found.state
            editions[tenant, home] = SeasonEdition(
                tenant, city, region or None, home, state.plan, statement, state.rules.co_hosts
            )
        return sorted(editions.values(), key=_by_day)

    async def running(self) -> list[RunningEdition]:
        """Every edition whose trading is open."""
        query = self._standing(_directory.c.tenant, *_ENTRY).where(
            _directory.c.kind == _said(Kind.MARKETPLACE.value), _directory.c.state == _said(Trading.__name__)
        )
        return [_running(TenantId(tenant), entry_of(entry)) for tenant, *entry in await self._all(query)]

    async def open_tables(self, limit: int = 500) -> list[OpenTable]:
        """Up to `limit` negotiations with terms on the table at editions whose trading is over or called off."""
        over = self._editions_over()
        query = (
            select(_directory.c.tenant, _directory.c.id, _directory.c.version, _directory.c.marketplace)
            .join(
                over,
                and_(
                    over.c.tenant == _directory.c.tenant,
                    over.c.generation == _directory.c.generation,
                    over.c.id == _directory.c.marketplace,
                ),
            )
            .where(_directory.c.kind == _said(Kind.NEGOTIATION.value), _directory.c.state == _said(Proposed.__name__))
            .order_by(_directory.c.tenant, _directory.c.first)
            .limit(limit)
        )
        return [
            OpenTable(TenantId(tenant), NegotiationId(StreamId(id_)), version, MarketplaceId(StreamId(marketplace)))
            for tenant, id_, version, marketplace in await self._all(query)
        ]

    def _editions_over(self) -> CTE:
        """Found first, and by themselves: they are few, while the tables of a busy hall are many and change always."""
        standing = self._standing(_directory.c.tenant, _directory.c.generation, _directory.c.id)
        over = standing.where(_directory.c.kind == Kind.MARKETPLACE.value, _directory.c.state.in_(_OVER))
        return over.cte("over").prefix_with("MATERIALIZED")

    def _standing(self, *columns: Any) -> Select[Any]:
        """A query over every tenant's live directory."""
        live = and_(_live.c.tenant == _directory.c.tenant, _live.c.live == _directory.c.generation)
        return select(*columns).select_from(_directory).join(_live, live)

    async def _all(self, query: Select[Any]) -> Any:
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).all()


def _said(word: str) -> ColumnElement[str]:
    """A word of our own written into the query, so that every plan can use the partial indexes."""
    return literal(word, literal_execute=True)


def _by_day(edition: SeasonEdition) -> tuple[bool, str, str, str]:
    day = edition.plan.date
    return (day is None, "" if day is None else day.isoformat(), edition.tenant, edition.marketplace)


def _running(tenant: TenantId, entry: Entry) -> RunningEdition:
    state: Trading = entry.state
    grace = state.plan.grace_minutes
    return RunningEdition(tenant, MarketplaceId(entry.id), entry.version, state.announced_end, grace)
