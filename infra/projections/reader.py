"""Reading one tenant's views at one moment. Values come as the folds made them; names are joined by the caller."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import asyncpg
import msgspec

from domain.directory.fold import Entry, Kind
from domain.envelope import Actor
from domain.frozen import dataclass
from domain.identity import ContractId, EventId, MarketplaceId, ParticipationId, StatementId, StreamId, TenantId
from domain.instant import instant
from domain.ledger.row import COUNTS, NUMBERED, LedgerRow, LedgerState
from domain.results.statement import Statement
from domain.results.tally import Tally
from domain.trail.step import TrailStep
from infra.projections import docs
from infra.projections.question import Question
from infra.projections.store import CONTRACTS, ENTRIES, entry_of

ENTRY = (
    "directory.id, kind, version, directory.marketplace, directory.rehearsal, directory.position, state, directory.doc"
)
"""The columns of the directory of which `entry_of` makes an entry, in its order."""

LISTED = f"first, {ENTRY}"
"""Those of which `listed_of` makes one in a list."""

STEP = "case_id, trail.position, event, stream, type, at, actor, role, on_behalf_of, trail.rehearsal, details"
"""The columns of the trail of which `step_of` makes a step."""

_NUMBERED, _COUNTED = (", ".join(sorted(f"'{state.value}'" for state in states)) for states in (NUMBERED, COUNTS))
_CERTIFIED_OR_REHEARSED = f"(ledger.rehearsal or ledger.state in ({_NUMBERED}))"


_BEFORE_AND_STEP = """
left join lateral (
  select b.id, b.valid_until, b.state, b.doc from views.ledger b
   where b.tenant = ledger.tenant and b.generation = ledger.generation
     and (b.id, b.valid_from) < (ledger.id, ledger.valid_from)
   order by b.id desc, b.valid_from desc limit 1) before
  on before.id = ledger.id and before.valid_until = ledger.valid_from
join lateral (
  select * from views.trail t
   where t.tenant = ledger.tenant and t.generation = ledger.generation
     and (t.case_id, t.position) >= (ledger.id, ledger.valid_from)
   order by t.case_id, t.position limit 1) trail
  on trail.case_id = ledger.id and trail.position = ledger.valid_from
"""
"""The row that a contract had before, if any, and the step that made the one it has: looked up as in by_key.sql."""


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
    """The views, for a login that sees the tenant it names. The pool is the caller's."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def snapshot(self, tenant: TenantId) -> AsyncIterator["Snapshot"]:
        """The tenant's views as they stand now; they don't change while the snapshot is open."""
        async with self._pool.acquire() as connection, connection.transaction():
            found = await connection.fetchrow("select generation, position from views.opened($1)", tenant)
            generation, position = found or (1, 0)
            yield Snapshot(connection, tenant, generation, position)


class Snapshot:
    """One tenant's live `generation` as it stands at `position`."""

    def __init__(self, connection: asyncpg.Connection, tenant: TenantId, generation: int, position: int) -> None:
        self.tenant = tenant
        self.generation = generation
        self.position = position
        self._connection = connection

    def about(self, columns: str, table: str, joined: str = "") -> Question:
        """A question about one of the views' tables, of this tenant's live generation; conditions may be added.

        `joined` are other tables, joined to it.
        """
        return Question(
            f"select {columns} from views.{table} {joined} where {table}.tenant = %s and {table}.generation = %s",  # noqa: S608 - names of ours
            self.tenant,
            self.generation,
        )

    async def answer(self, question: Question) -> list[asyncpg.Record]:
        """The rows that answer a question."""
        rows: list[asyncpg.Record] = await self._connection.fetch(question.text, *question.values)
        return rows

    async def held_back(self, things: Collection[StreamId]) -> bool:
        """Whether records of one of these cases are held back behind a record that can't be told."""
        return bool(await self.answer(self.about("1", "parked").go_on("and things && %s", list(things))))

    async def held_back_at(self, position: int) -> bool:
        """Whether the record at `position` is held back."""
        same = "join log.entries on entries.tenant = parked.tenant and entries.stream = parked.stream"
        question = self.about("1", "parked", same).go_on("and entries.position = %s", position)
        return bool(await self.answer(question.go_on("and parked.first <= %s", position)))

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
        question = _standing(self.about("doc", "ledger"), at)
        if at is not None:
            question.go_on("and drafted <= %s", at)  # says nothing new, but where in the index to begin
        if marketplace is not None:
            question.go_on("and marketplace = %s", marketplace)
        if states is not None:
            question.go_on("and state = any(%s)", [state.value for state in states])
        if certified_only:
            question.go_on(f"and {_CERTIFIED_OR_REHEARSED}")
        if after is not None:
            question.go_on("and drafted < %s" if newest else "and drafted > %s", after)
        question.go_on("order by drafted desc limit %s" if newest else "order by drafted limit %s", limit)
        return [docs.ledger_row(doc) for (doc,) in await self.answer(question)]

    async def moved(
        self, marketplace: MarketplaceId, since: int, until: int, *, limit: int, after: int = 0
    ) -> list[Moved]:
        """Up to `limit` steps of an edition's rows in (`since`, `until`] that moved count or value, after `after`.

        A row that begins where another ended is that contract's next; the trail's step there is what was recorded.
        """
        question = self.about(f"before.doc as was, ledger.doc as became, {STEP}", "ledger", _BEFORE_AND_STEP)
        question.go_on("and ledger.marketplace = %s", marketplace)
        question.go_on("and ledger.valid_from > %s and ledger.valid_from <= %s", max(since, after), until)
        question.go_on(f"and {_worth('ledger')} is distinct from {_worth('before')}")
        rows = await self.answer(question.go_on("order by ledger.valid_from limit %s", limit))
        return [_moved(row) for row in rows]

    async def turned(
        self, since: int, until: int, *, marketplace: MarketplaceId | None = None, limit: int, after: int = 0
    ) -> list[LedgerRow]:
        """Up to `limit` rows that stand as of `until` and began in (`since`, `until`], after `after`, as they began."""
        question = _standing(self.about("doc", "ledger"), until).go_on("and valid_from > %s", max(since, after))
        if marketplace is not None:
            question.go_on("and marketplace = %s", marketplace)
        rows = await self.answer(question.go_on("order by valid_from limit %s", limit))
        return [docs.ledger_row(doc) for (doc,) in rows]

    async def contracts(self, ids: Collection[ContractId], at: int | None = None) -> dict[ContractId, LedgerRow]:
        """These contracts' rows, as far as they exist."""
        found = await self._by_key(CONTRACTS, ids, at)
        rows = [docs.ledger_row(doc) for (doc,) in found]
        return {row.id: row for row in rows}

    async def tally(self, marketplace: MarketplaceId, at: int | None = None) -> Tally:
        """What the board showed; before the first form all is nothing."""
        question = self.about("doc", "tallies").go_on("and marketplace = %s", marketplace)
        if at is not None:
            question.go_on("and valid_from <= %s", at)
        rows = await self.answer(question.go_on("order by valid_from desc limit 1"))
        return docs.tally(rows[0][0]) if rows else Tally(marketplace=marketplace)

    async def tally_stops(self, marketplace: MarketplaceId, at: int) -> tuple[int | None, int | None, int | None]:
        """The positions at which the board changed: the last but one up to `at`, the last, and the next after it."""

        async def begun(condition: str) -> list[int]:
            question = self.about("valid_from", "tallies").go_on("and marketplace = %s", marketplace)
            return [position for (position,) in await self.answer(question.go_on(condition, at))]

        last = await begun("and valid_from <= %s order by valid_from desc limit 2")
        following = await begun("and valid_from > %s order by valid_from limit 1")
        earlier, since, later = (*last[1:], None), (*last, None), (*following, None)
        return earlier[0], since[0], later[0]

    async def statements(self, marketplace: MarketplaceId, at: int | None = None) -> list[Said]:
        """Every word of the edition's statements up to `at`, oldest first; what belongs to a word is told with it."""
        question = self.about("id, valid_from, valid_until, said_at, doc", "statements")
        question.go_on("and marketplace = %s", marketplace)
        if at is not None:
            question.go_on("and valid_from <= %s", at)
        words: dict[tuple[str, int], Said] = {}
        for id_, begun, until, when, doc in await self.answer(question.go_on("order by valid_from")):
            statement = docs.statement(doc)
            stands = until is None or (at is not None and until > at)
            word = (str(id_), statement.corrections)
            first = words.get(word)
            words[word] = (
                Said(StatementId(StreamId(str(id_))), begun, stands, when, statement)
                if first is None
                else replace(first, stands=stands, statement=statement)
            )
        return list(words.values())

    async def trail(self, case: StreamId, *, limit: int, after: int = 0) -> list[TrailStep]:
        """Up to `limit` steps of a case, in order, after position `after`."""
        question = self.about(STEP, "trail").go_on("and case_id = %s and position > %s", case, after)
        return await self._steps(question, limit)

    async def trail_of_marketplace(
        self, marketplace: MarketplaceId, *, limit: int, after: int = 0, public: bool = False
    ) -> list[TrailStep]:
        """Up to `limit` steps of whatever happened at an edition, in order, each once.

        `public` leaves out what isn't of the edition itself, of a certified contract, or of a rehearsal.
        """
        question = self.about(STEP, "trail").go_on("and marketplace = %s and nth = 0", marketplace)
        question.go_on("and position > %s", after)
        if public:
            question.go_on(
                "and (rehearsal or case_id = %s or starts_with(type, 'results.') or case_id in ("  # noqa: S608 - states of ours
                f"select id from views.ledger where {_CERTIFIED_OR_REHEARSED} and valid_until is null"
                " and tenant = %s and generation = %s and marketplace = %s))",
                marketplace,
                self.tenant,
                self.generation,
                marketplace,
            )
        return await self._steps(question, limit)

    async def steps_of_marketplace(
        self, marketplace: MarketplaceId, kinds: Collection[str], at: int, *, limit: int, after: int = 0
    ) -> list[TrailStep]:
        """Up to `limit` steps of an edition up to position `at`, each once, whose types begin with one of `kinds`."""
        question = self.about(STEP, "trail").go_on("and marketplace = %s and nth = 0", marketplace)
        question.go_on("and position > %s and position <= %s", after, at)
        question.go_on("and exists (select from unnest(%s::text[]) kind where starts_with(type, kind))", list(kinds))
        return await self._steps(question, limit)

    async def _steps(self, question: Question, limit: int) -> list[TrailStep]:
        return [step_of(row) for row in await self.answer(question.go_on("order by position limit %s", limit))]

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
        question = self.about(LISTED, "directory").go_on("and kind = %s and first > %s", kind.value, after)
        if marketplace is not None:
            question.go_on("and marketplace = %s", marketplace)
        if states is not None:
            question.go_on("and state = any(%s)", list(states))
        if endings is not None:
            question.go_on("and doc ->> 'ending' = any(%s)", list(endings))
        return [listed_of(row) for row in await self.answer(question.go_on("order by first limit %s", limit))]

    async def entries(self, ids: Collection[StreamId]) -> dict[StreamId, Entry]:
        """These things as they stand, as far as the directory knows them."""
        found = [entry_of(row) for row in await self._by_key(ENTRIES, ids)]
        return {entry.id: entry for entry in found}

    async def _by_key(self, statement: str, ids: Collection[StreamId], *more: int | None) -> list[asyncpg.Record]:
        if not ids:
            return []
        found: list[asyncpg.Record] = await self._connection.fetch(
            statement, self.tenant, self.generation, list(ids), *more
        )
        return found


def _standing(question: Question, at: int | None) -> Question:
    """Rows that stand now, or that stood at position `at`."""
    if at is None:
        return question.go_on("and valid_until is null")
    return question.go_on("and valid_from <= %s and (valid_until is null or valid_until > %s)", at, at)


def _worth(ledger: str) -> str:
    """What a row's contract adds to the board: its value as the fold tells it, or null while it doesn't count."""
    return f"(case when {ledger}.state in ({_COUNTED}) then ({ledger}.doc -> 'value')::jsonb end)"


def listed_of(row: asyncpg.Record) -> Listed:
    """The thing that a row of `LISTED` holds."""
    first, *entry = row
    return Listed(first, entry_of(entry))


def _moved(row: asyncpg.Record) -> Moved:
    was = row["was"]
    return Moved(None if was is None else docs.ledger_row(was), docs.ledger_row(row["became"]), step_of(row))


def step_of(row: asyncpg.Record) -> TrailStep:
    """The step that a row of `STEP` holds."""
    behalf = row["on_behalf_of"]
    return TrailStep(
        case=StreamId(str(row["case_id"])),
        position=row["position"],
        event=EventId(str(row["event"])),
        stream=StreamId(str(row["stream"])),
        type=row["type"],
        at=instant(row["at"]),
        actor=Actor(
            id=row["actor"],
            role=row["role"],
            on_behalf_of=None if behalf is None else ParticipationId(StreamId(str(behalf))),
        ),
        rehearsal=row["rehearsal"],
        details=msgspec.json.decode(row["details"]),
    )
