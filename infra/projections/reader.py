"""Reading one tenant's views at one moment. Values come as the folds made them; names are joined by the caller."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    cast,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.directory.fold import Entry, Kind
from domain.envelope import Actor
from domain.frozen import dataclass
from domain.identity import ContractId, EventId, MarketplaceId, ParticipationId, StatementId, StreamId, TenantId
from domain.instant import instant
from domain.ledger.row import COUNTS, NUMBERED, LedgerRow, LedgerState
from domain.results.statement import Statement
from domain.results.tally import Tally
from domain.trail.step import TrailStep
from infra.projections import asked, docs, tables
from infra.projections.store import entry_of

ENTRY = tuple(
    tables.directory.c[name]
    for name in ("id", "kind", "version", "marketplace", "rehearsal", "position", "state", "doc")
)
"""The columns of which `entry_of` makes an entry, in its order."""

_NAME_TENANT = text("select set_config('app.tenant', :tenant, true)")

FIRST_CASE: ColumnElement[int] = literal_column("0")
"""Written out, so that every plan can use the partial index."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A directory entry in a list; `first` is the position of its first record, by which lists are ordered."""

    first: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement said from `valid_from` on; `stands` until it was corrected."""

    id: StatementId
    valid_from: int
    stands: bool
    said_at: datetime
    statement: Statement


@dataclass(frozen=True, slots=True)
class Moved:
    """A step of a contract's row that moved the board: the row before it, the row after it, and what was recorded."""

    before: LedgerRow | None
    after: LedgerRow
    step: TrailStep


class Views:
    """The views, for a login that sees the tenant it names. The engine is the caller's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def snapshot(self, tenant: TenantId) -> AsyncIterator["Snapshot"]:
        """The tenant's views as they stand now; they don't change while the snapshot is open."""
        async with self._engine.connect() as connection:
            await connection.execute(_NAME_TENANT, {"tenant": tenant})  # which begins the transaction
            driver: Any = (await connection.get_raw_connection()).driver_connection
            generation, position = await driver.fetchrow(asked.LIVE, tenant) or (1, 0)
            yield Snapshot(connection, driver, tenant, generation, position)


class Snapshot:
    """One tenant's live `generation` as it stands at `position`.

    What is asked most goes to the `driver` that is below the `connection`, in the same transaction.
    """

    def __init__(
        self, connection: AsyncConnection, driver: asyncpg.Connection, tenant: TenantId, generation: int, position: int
    ) -> None:
        self.tenant = tenant
        self.generation = generation
        self.position = position
        self._connection = connection
        self._driver = driver

    async def held_back(self, things: Collection[StreamId]) -> bool:
        """Whether records of one of these cases are held back behind a record that can't be told."""
        return bool(await self._driver.fetchval(asked.HELD_BACK, self.tenant, self.generation, list(things)))

    async def held_back_at(self, position: int) -> bool:
        """Whether the record at `position` is held back."""
        parked, entries = tables.parked, tables.entries
        query = self._of(select(parked.c.stream), parked).join(
            entries, and_(entries.c.tenant == parked.c.tenant, entries.c.stream == parked.c.stream)
        )
        return bool(await self._all(query.where(entries.c.position == position, parked.c.first <= position)))

    async def ledger(
        self,
        *,
        limit: int,
        at: int | None = None,
        marketplace: MarketplaceId | None = None,
        states: Collection[LedgerState] | None = None,
        certified_only: bool = False,
        newest: bool = False,
        after: int | None = None,
    ) -> list[LedgerRow]:
        """Up to `limit` contracts in the order in which they were drafted, or `newest` first.

        `at` is the position as of which they are read (None: now); `after` the position at which the last one of
        the page before was drafted. `certified_only` leaves rehearsals alone.
        """
        statement, values = asked.ledger_page(
            self.tenant,
            self.generation,
            limit=limit,
            at=at,
            marketplace=marketplace,
            states=states,
            certified_only=certified_only,
            newest=newest,
            after=after,
        )
        return [docs.ledger_row(doc) for (doc,) in await self._driver.fetch(statement, *values)]

    async def moved(
        self, marketplace: MarketplaceId, since: int, until: int, *, limit: int, after: int = 0
    ) -> list[Moved]:
        """Up to `limit` steps of an edition's rows in (`since`, `until`] that moved count or value, after `after`.

        A row that begins where another ended is that contract's next; the trail's step there is what was recorded.
        """
        row, trail = tables.ledger, tables.trail
        before = row.alias("before")
        same = (before.c.tenant == row.c.tenant, before.c.generation == row.c.generation, before.c.id == row.c.id)
        query = (
            self._of(select(before.c.doc.label("was"), row.c.doc, *trail.c), row)
            .outerjoin(before, and_(*same, before.c.valid_until == row.c.valid_from))
            .join(
                trail,
                and_(
                    trail.c.tenant == row.c.tenant,
                    trail.c.generation == row.c.generation,
                    trail.c.case_id == row.c.id,
                    trail.c.position == row.c.valid_from,
                ),
            )
            .where(row.c.marketplace == marketplace, row.c.valid_from > max(since, after), row.c.valid_from <= until)
            .where(_worth(row).is_distinct_from(_worth(before)))
            .order_by(row.c.valid_from)
            .limit(limit)
        )
        return [
            Moved(None if found.was is None else docs.ledger_row(found.was), docs.ledger_row(found.doc), step_of(found))
            for found in await self._all(query)
        ]

    async def turned(
        self, since: int, until: int, *, marketplace: MarketplaceId | None = None, limit: int, after: int = 0
    ) -> list[LedgerRow]:
        """Up to `limit` rows that stand as of `until` and began in (`since`, `until`], after `after`, as they began."""
        ledger = tables.ledger
        query = self._of(select(ledger.c.doc), ledger).where(
            ledger.c.valid_from > max(since, after),
            ledger.c.valid_from <= until,
            or_(ledger.c.valid_until.is_(None), ledger.c.valid_until > until),
        )
        if marketplace is not None:
            query = query.where(ledger.c.marketplace == marketplace)
        rows = await self._all(query.order_by(ledger.c.valid_from).limit(limit))
        return [docs.ledger_row(doc) for (doc,) in rows]

    async def contracts(self, ids: Collection[ContractId], at: int | None = None) -> dict[ContractId, LedgerRow]:
        """These contracts' rows, as far as they exist."""
        ledger = tables.ledger
        query = self._of(select(ledger.c.doc), ledger).where(ledger.c.id.in_(ids), _holds(ledger, at))
        rows = [docs.ledger_row(doc) for (doc,) in await self._all(query)] if ids else []
        return {row.id: row for row in rows}

    async def tally(self, marketplace: MarketplaceId, at: int | None = None) -> Tally:
        """What the board showed; before the first form all is nothing."""
        tallies = tables.tallies
        query = self._of(select(tallies.c.doc), tallies).where(tallies.c.marketplace == marketplace)
        if at is not None:
            query = query.where(tallies.c.valid_from <= at)
        rows = await self._all(query.order_by(tallies.c.valid_from.desc()).limit(1))
        return docs.tally(rows[0][0]) if rows else Tally(marketplace=marketplace)

    async def tally_stops(self, marketplace: MarketplaceId, at: int) -> tuple[int | None, int | None, int | None]:
        """The positions at which the board changed: the last but one up to `at`, the last, and the next after it."""
        begun = tables.tallies.c.valid_from
        query = self._of(select(begun), tables.tallies).where(tables.tallies.c.marketplace == marketplace)
        last = [row[0] for row in await self._all(query.where(begun <= at).order_by(begun.desc()).limit(2))]
        following = [row[0] for row in await self._all(query.where(begun > at).order_by(begun).limit(1))]
        earlier, since, later = (*last[1:], None), (*last, None), (*following, None)
        return earlier[0], since[0], later[0]

    async def statements(self, marketplace: MarketplaceId, at: int | None = None) -> list[Said]:
        """Every word of the edition's statements up to `at`, oldest first; what belongs to a word is told with it."""
        said = tables.statements
        query = self._of(
            select(said.c.id, said.c.valid_from, said.c.valid_until, said.c.said_at, said.c.doc), said
        ).where(said.c.marketplace == marketplace)
        if at is not None:
            query = query.where(said.c.valid_from <= at)
        words: dict[tuple[str, int], Said] = {}
        for id_, begun, until, when, doc in await self._all(query.order_by(said.c.valid_from)):
            statement = docs.statement(doc)
            stands = until is None or (at is not None and until > at)
            word = (id_, statement.corrections)
            first = words.get(word)
            words[word] = (
                Said(StatementId(StreamId(id_)), begun, stands, when, statement)
                if first is None
                else replace(first, stands=stands, statement=statement)
            )
        return list(words.values())

    async def trail(self, case: StreamId, *, limit: int, after: int = 0) -> list[TrailStep]:
        """Up to `limit` steps of a case, in order, after position `after`."""
        trail = tables.trail
        query = self._of(select(trail), trail).where(trail.c.case_id == case, trail.c.position > after)
        return [step_of(row) for row in await self._all(query.order_by(trail.c.position).limit(limit))]

    async def trail_of_marketplace(
        self, marketplace: MarketplaceId, *, limit: int, after: int = 0, public: bool = False
    ) -> list[TrailStep]:
        """Up to `limit` steps of whatever happened at an edition, in order, each once.

        `public` leaves out what isn't of the edition itself, of a certified contract, or of a rehearsal.
        """
        trail, ledger = tables.trail, tables.ledger
        query = self._of(select(trail), trail).where(
            trail.c.marketplace == marketplace, trail.c.nth == FIRST_CASE, trail.c.position > after
        )
        if public:
            shown = self._of(select(ledger.c.id), ledger).where(
                ledger.c.marketplace == marketplace, ledger.c.valid_until.is_(None), _certified_or_rehearsed()
            )
            own = or_(trail.c.case_id == marketplace, trail.c.type.startswith("results.", autoescape=True))
            query = query.where(or_(trail.c.rehearsal, own, trail.c.case_id.in_(shown)))
        return [step_of(row) for row in await self._all(query.order_by(trail.c.position).limit(limit))]

    async def steps_of_marketplace(
        self, marketplace: MarketplaceId, kinds: Collection[str], at: int, *, limit: int, after: int = 0
    ) -> list[TrailStep]:
        """Up to `limit` steps of an edition up to position `at`, each once, whose types begin with one of `kinds`."""
        trail = tables.trail
        query = self._of(select(trail), trail).where(
            trail.c.marketplace == marketplace,
            trail.c.nth == FIRST_CASE,
            trail.c.position > after,
            trail.c.position <= at,
            or_(*(trail.c.type.startswith(kind, autoescape=True) for kind in kinds)),
        )
        return [step_of(row) for row in await self._all(query.order_by(trail.c.position).limit(limit))]

    async def things(
        self,
        kind: Kind,
        *,
        limit: int,
        marketplace: MarketplaceId | None = None,
        states: Collection[str] | None = None,
        endings: Collection[str] | None = None,
        after: int = 0,
    ) -> list[Listed]:
        """Up to `limit` things of a kind, in the order in which they were first recorded.

        `states` are the names of their states' classes; `endings` narrow ended negotiations.
        """
        directory = tables.directory
        query = self._of(select(directory.c.first, *ENTRY), directory).where(
            directory.c.kind == kind.value, directory.c.first > after
        )
        if marketplace is not None:
            query = query.where(directory.c.marketplace == marketplace)
        if states is not None:
            query = query.where(directory.c.state.in_(states))
        if endings is not None:
            query = query.where(cast(directory.c.doc, JSONB)["ending"].astext.in_(endings))
        rows = await self._all(query.order_by(directory.c.first).limit(limit))
        return [Listed(first, entry_of(entry)) for first, *entry in rows]

    async def entries(self, ids: Collection[StreamId]) -> dict[StreamId, Entry]:
        """These things as they stand, as far as the directory knows them."""
        if not ids:
            return {}
        rows = await self._driver.fetch(asked.ENTRIES, self.tenant, self.generation, list(ids))
        found = [entry_of(row) for row in rows]
        return {entry.id: entry for entry in found}

    async def rows_of(self, query: Select[Any], table: Table) -> Sequence[Any]:
        """The rows of `query` over one of the views' tables, of this tenant's live generation."""
        return await self._all(self._of(query, table))

    def _of(self, query: Select[Any], table: Table) -> Select[Any]:
        return query.where(table.c.tenant == self.tenant, table.c.generation == self.generation)

    async def _all(self, query: Select[Any]) -> Sequence[Any]:
        rows: Sequence[Any] = (await self._connection.execute(query)).all()
        return rows


def _holds(table: Table, at: int | None) -> ColumnElement[bool]:
    """The rows that stand now, or that stood at position `at`."""
    if at is None:
        return table.c.valid_until.is_(None)
    return and_(table.c.valid_from <= at, or_(table.c.valid_until.is_(None), table.c.valid_until > at))


def _worth(ledger: FromClause) -> ColumnElement[Any]:
    """What a row's contract adds to the board: its value as the fold tells it, or null while it doesn't count."""
    value = cast(cast(ledger.c.doc, JSON)["value"], JSONB)
    return case((ledger.c.state.in_(sorted(state.value for state in COUNTS)), value))


def _certified_or_rehearsed() -> ColumnElement[bool]:
    return or_(tables.ledger.c.rehearsal, tables.ledger.c.state.in_(sorted(state.value for state in NUMBERED)))


def step_of(row: Any) -> TrailStep:
    """The step that a row of the trail holds."""
    return TrailStep(
        case=StreamId(row.case_id),
        position=row.position,
        event=EventId(row.event),
        stream=StreamId(row.stream),
        type=row.type,
        at=instant(row.at),
        actor=Actor(
            id=row.actor,
            role=row.role,
            on_behalf_of=None if row.on_behalf_of is None else ParticipationId(StreamId(row.on_behalf_of)),
        ),
        rehearsal=row.rehearsal,
        details=msgspec.json.decode(row.details),
    )
