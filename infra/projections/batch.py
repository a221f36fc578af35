"""One batch of records told to the four folds, in memory: which rows end, which begin. No I/O.

A record is told to all folds or to none: what can raise comes first, what is kept comes after.
"""

from collections.abc import Hashable, Iterable
from dataclasses import field
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

from domain.directory import fold as directory
from domain.directory.fold import Entry, Kind
from domain.envelope import Recorded
from domain.frozen import dataclass, replace
from domain.identity import MarketplaceId, NegotiationId, StreamId, contract_of
from domain.ledger import fold as ledger
from domain.ledger.row import LedgerRow
from domain.register import ContractNumbered
from domain.results import tally as results
from domain.results.statement import Statement
from domain.results.tally import Tally
from domain.trail import step as trail
from domain.trail.step import TrailStep

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class Life(Generic[Key, Value]):
    """A row of `key` that holds for the positions [`valid_from`, `valid_until`); None: it stands now."""

    key: Key
    value: Value
    valid_from: int
    valid_until: int | None


@dataclass(slots=True)
class Lives(Generic[Key, Value]):
    """The lives that a batch begins, and those from before that it ends: (key, valid_from, valid_until)."""

    begun: list[Life[Key, Value]] = field(default_factory=list)
    ended: list[tuple[Key, int, int]] = field(default_factory=list)
    _standing: dict[Key, Life[Key, Value]] = field(default_factory=dict)

    def turn(self, key: Key, value: Value, position: int, before: int | None) -> None:
        """From `position` on `value` holds for `key`; `before` is where the row began that held until now, if any."""
        standing = self._standing.get(key)
        if standing is not None:
            standing.valid_until = position
        elif before is not None:
            self.ended.append((key, before, position))
        life = Life(key, value, position, None)
        self._standing[key] = life
        self.begun.append(life)


class TrailRow(Struct, frozen=True):
    """A step with what the trail is searched by; `nth` counts the cases of its record from 0."""

    step: TrailStep
    nth: int
    at: datetime
    marketplace: MarketplaceId | None


@dataclass(frozen=True, slots=True)
class Parking:
    """A stream's records held back: positions `first` to `last`, the cases that miss them, and why."""

    stream: StreamId
    first: int
    last: int
    type: str
    error: str
    things: frozenset[StreamId]


@dataclass(slots=True)
class Carried:
    """Things as they stand at `position`, in hand so that they needn't be read again. None: position unknown."""

    position: int | None = None
    rows: dict[StreamId, LedgerRow] = field(default_factory=dict)
    tallies: dict[MarketplaceId, Tally] = field(default_factory=dict)
    entries: dict[StreamId, Entry] = field(default_factory=dict)
    parked: dict[StreamId, Parking] = field(default_factory=dict)

    def trim(self, most: int) -> None:
        """Let go of what hasn't changed for longest, so that no more than `most` of each kind stay in hand."""
        _trim(self.rows, most)
        _trim(self.tallies, most)
        _trim(self.entries, most)


class Batch:
    """What one batch makes of the `carried` things, which it moves along.

    What it holds itself stays when another batch moves them further.
    """

    def __init__(self, carried: Carried) -> None:
        self.ledger: Lives[StreamId, LedgerRow] = Lives()
        self.tallies: Lives[MarketplaceId, Tally] = Lives()
        self.statements: Lives[StreamId, tuple[Statement, datetime]] = Lives()
        self.trail: list[TrailRow] = []
        self.directory: dict[StreamId, tuple[int, Entry]] = {}
        """The directory's changed entries as they stand after it, each behind its first position in this batch."""
        self.parked: dict[StreamId, Parking] = {}
        self._carried = carried

    def tell(self, recorded: Recorded, at: datetime) -> None:
        """Tell one record, recorded `at`, to every fold; whatever a fold raises, nothing of the record is kept."""
        steps = trail.steps(recorded)
        if directory.kind_of(recorded.envelope.type) is not None:
            marketplace = self._tell_directory(recorded, at)
        elif recorded.envelope.type.startswith(ledger.PREFIX):
            marketplace = self._tell_ledger(recorded)
        else:
            data = recorded.envelope.data
            marketplace = data.marketplace if isinstance(data, ContractNumbered) else None
        self.trail += [TrailRow(step, nth, at, marketplace) for nth, step in enumerate(steps)]

    def park(self, stream: StreamId, position: int, type_name: str, error: str, things: Iterable[StreamId]) -> None:
        """Hold a record back, and note why; `error` and `type_name` of the first one stay."""
        before = self._carried.parked.get(stream) or Parking(stream, position, position, type_name, error, frozenset())
        parking = replace(before, last=position, things=before.things | {stream, *things})
        self._carried.parked[stream] = self.parked[stream] = parking

    def _tell_directory(self, recorded: Recorded, at: datetime) -> MarketplaceId | None:
        entries = self._carried.entries
        before = entries.pop(recorded.envelope.stream, None)
        try:
            entry = directory.evolve(before, recorded)
        except BaseException:
            if before is not None:
                entries[before.id] = before
            raise
        entries[entry.id] = entry
        first, _ = self.directory.get(entry.id, (recorded.position, entry))
        self.directory[entry.id] = (first, entry)
        if entry.kind is Kind.RESULTS:
            began = None if before is None else before.position
            self.statements.turn(entry.id, (entry.state, at), recorded.position, began)
        return entry.marketplace

    def _tell_ledger(self, recorded: Recorded) -> MarketplaceId:
        rows, tallies, stream = self._carried.rows, self._carried.tallies, recorded.envelope.stream
        before = rows.get(stream)
        row = ledger.evolve(before, recorded)
        counted = tallies.get(row.marketplace)
        tally = results.evolve(counted or Tally(marketplace=row.marketplace), before, row)
        rows.pop(stream, None)
        tallies.pop(row.marketplace, None)
        rows[stream], tallies[row.marketplace] = row, tally
        self.ledger.turn(stream, row, recorded.position, None if before is None else before.position)
        began = None if counted is None else counted.position
        self.tallies.turn(row.marketplace, tally, recorded.position, began)
        return row.marketplace


def _trim(things: dict[Key, Value], most: int) -> None:
    if len(things) > most:
        for key in list(things)[: len(things) - most]:
            del things[key]


def things_of(stream: StreamId, type_name: str, data: Any = None) -> set[StreamId]:
    """The cases that miss a record of `stream` when it is held back, as far as its type alone can say."""
    if type_name.startswith("negotiation."):
        return {stream, contract_of(NegotiationId(stream))}
    if isinstance(data, ContractNumbered):
        return {stream, data.contract}
    return {stream}


def season_of(entry: Entry) -> int | None:
    """The season of an edition; None for every other thing."""
    return entry.state.plan.season if entry.kind is Kind.MARKETPLACE else None
