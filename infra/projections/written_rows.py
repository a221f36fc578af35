"""The rows that a batch writes, as `views.tell` takes them (telling.sql).

As JSON, each struct's members being a table's columns; contracts, whose documents are large, column by column.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct, json

from domain.directory.fold import Entry
from domain.identity import MarketplaceId, StreamId
from domain.ledger.row import LedgerRow
from domain.results.statement import Statement
from domain.results.tally import Tally
from infra.projections.batch import Batch, Life, Lives, Parking, TrailRow, season_of
from infra.projections.pages import BREATH

Rows: TypeAlias = Sequence[Any]
"""Everything that a batch ends and begins, in the order of `views.tell`; None where there is nothing."""

_write = json.Encoder(order="deterministic").encode
"""Sets are sorted: equal values, equal text."""


class _Ended(Struct):
    id: str
    valid_from: int
    valid_until: int


class _Tally(Struct):
    marketplace: str
    valid_from: int
    valid_until: int | None
    doc: Any


class _Said(Struct):
    id: str
    valid_from: int
    valid_until: int | None
    marketplace: str
    said_at: datetime
    doc: Any


class _Step(Struct):
    case_id: str
    position: int
    nth: int
    event: str
    stream: str
    type: str
    at: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    rehearsal: bool
    marketplace: str | None
    details: Any


class _Parked(Struct):
    stream: str
    first: int
    last: int
    type: str
    error: str
    things: Collection[str]


class _Entry(Struct):
    id: str
    kind: str
    version: int
    first: int
    position: int
    marketplace: str | None
    state: str
    rehearsal: bool
    season: int | None
    doc: Any


async def of(batch: Batch) -> Rows:
    """The rows of `batch`; of a large one they are written with breaths in between, as others share the event loop."""
    rows = []
    for column in _columns(batch):
        rows.append(column)
        if len(batch.trail) > BREATH:
            await asyncio.sleep(0)
    return rows


def _columns(batch: Batch) -> Iterator[Any]:
    yield _ended(batch.ledger)
    yield from _contracts(batch.ledger)
    yield _ended(batch.tallies)
    yield _tallies(batch.tallies)
    yield _ended(batch.statements)
    yield _statements(batch.statements)
    yield _text(_step(row) for row in batch.trail)
    yield _text(_entry(first, entry) for first, entry in batch.directory.values())
    yield _text(_parked(parking) for parking in batch.parked.values())


def _ended(lives: Lives[Any, Any]) -> str | None:
    """The rows from before the batch that no longer stand."""
    return _text(_Ended(*life) for life in lives.ended)


def _contracts(lives: Lives[StreamId, LedgerRow]) -> Sequence[Sequence[Any] | None]:
    """The columns of the ledger rows that begin in the batch; rows that end in it too have both ends."""
    columns = zip(*(_contract(life) for life in lives.begun), strict=True)
    return tuple(columns) or (None,) * 8


def _contract(life: Life[StreamId, LedgerRow]) -> Sequence[Any]:
    row = life.value
    return (
        life.key,
        life.valid_from,
        life.valid_until,
        row.lineage[0],
        row.marketplace,
        row.state,
        row.rehearsal,
        _write(row).decode(),
    )


def _tallies(lives: Lives[MarketplaceId, Tally]) -> str | None:
    return _text(_Tally(life.key, life.valid_from, life.valid_until, life.value) for life in lives.begun)


def _statements(lives: Lives[StreamId, tuple[Statement, datetime]]) -> str | None:
    """The statements that begin in the batch, and when they were said."""
    return _text(
        _Said(life.key, life.valid_from, life.valid_until, statement.marketplace, said_at, statement)
        for life in lives.begun
        for statement, said_at in (life.value,)
    )


def _entry(first: int, entry: Entry) -> _Entry:
    """A changed entry of the directory as it stands after the batch."""
    return _Entry(
        entry.id,
        entry.kind,
        entry.version,
        first,
        entry.position,
        entry.marketplace,
        type(entry.state).__name__,
        entry.rehearsal,
        season_of(entry),
        entry.state,
    )


def _parked(parking: Parking) -> _Parked:
    return _Parked(parking.stream, parking.first, parking.last, parking.type, parking.error, sorted(parking.things))


def _step(row: TrailRow) -> _Step:
    step, actor = row.step, row.step.actor
    return _Step(
        step.case,
        step.position,
        row.nth,
        step.event,
        step.stream,
        step.type,
        row.at,
        actor.id,
        actor.role,
        actor.on_behalf_of,
        step.rehearsal,
        row.marketplace,
        step.details,
    )


def _text(rows: Iterable[Struct]) -> str | None:
    told = list(rows)
    return _write(told).decode() if told else None
