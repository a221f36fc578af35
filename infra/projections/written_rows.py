"""The rows that a batch writes, as `writing.sql` takes them.

As JSON, each struct's members being a table's columns; contracts, whose documents are large, column by column.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, json

from infra.projections.batch import Batch, Lives, TrailRow, season_of

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


def ended(lives: Lives[Any, Any]) -> str:
    """The rows from before the batch that no longer stand."""
    return _text(_Ended(*life) for life in lives.ended)


def contracts(batch: Batch) -> Sequence[Sequence[Any]]:
    """The columns of the ledger rows that begin in the batch; rows that end in it too have both ends."""
    return tuple(
        zip(
            *(
                (
                    life.key,
                    life.valid_from,
                    life.valid_until,
                    life.value.lineage[0],
                    life.value.marketplace,
                    life.value.state,
                    life.value.rehearsal,
                    _write(life.value).decode(),
                )
                for life in batch.ledger.begun
            ),
            strict=True,
        )
    )


def tallies(batch: Batch) -> str:
    """The tallies that begin in the batch."""
    return _text(_Tally(life.key, life.valid_from, life.valid_until, life.value) for life in batch.tallies.begun)


def statements(batch: Batch) -> str:
    """The statements that begin in the batch, and when they were said."""
    return _text(
        _Said(life.key, life.valid_from, life.valid_until, statement.marketplace, said_at, statement)
        for life in batch.statements.begun
        for statement, said_at in (life.value,)
    )


def trail(batch: Batch) -> str:
    """The steps of the batch."""
    return _text(_step(row) for row in batch.trail)


def directory(batch: Batch) -> str:
    """The directory's entries that changed in the batch, as they stand after it."""
    return _text(
        _Entry(
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
        for first, entry in batch.directory.values()
    )


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


def _text(rows: Iterable[Struct]) -> str:
    return _write(list(rows)).decode()
