"""What follows from the records of streams: their states, the ledger's rows, the numbers that registers gave.

Each stream is followed by itself. What goes across streams (an edition's count, whether a contract's number is its
register's) is told of all that were followed, so that halves of a history can be followed apart and put together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.aggregates import CONTRACT, REGISTER, STATEMENT, aggregate_of
from domain.codec import Malformed, NameUnknown
from domain.contract.events import ContractCertified
from domain.envelope import Envelope, Recorded
from domain.identity import ContractId, MarketplaceId, StreamId
from domain.ledger.fold import evolve as ledger_evolve
from domain.ledger.row import LedgerRow
from domain.names import CLASSES
from domain.outlines import EntryReader
from domain.refusal import LogDamaged
from domain.register import ContractNumbered
from domain.results.changes import change
from domain.results.statement import Statement


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that isn't as it has to be: its lasting `kind`, where it is, and a sentence for a person."""

    kind: str
    position: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Counted:
    """From `position` on an edition's ledger counts so many contracts, worth so many cents."""

    position: int
    contracts: int
    minor: int


@dataclass(slots=True)
class Across:
    """What records of several streams say together.

    `moves` are the steps of an edition's count: position, contracts, cents; `said` a statement's words at their
    positions. `certified` tells of a contract where and under which number, `numbered` where its register gave which.
    """

    types: set[str] = field(default_factory=set)
    moves: dict[MarketplaceId, list[tuple[int, int, int]]] = field(default_factory=dict)
    said: dict[StreamId, list[tuple[int, Statement]]] = field(default_factory=dict)
    certified: dict[StreamId, tuple[int, int]] = field(default_factory=dict)
    numbered: dict[StreamId, tuple[int, int]] = field(default_factory=dict)

    def add(self, other: "Across") -> None:
        """Take in what others say, of other streams of the same history; of two numbers for one contract the later."""
        self.types |= other.types
        for marketplace, moves in other.moves.items():
            self.moves.setdefault(marketplace, []).extend(moves)
        self.said |= other.said
        self.certified |= other.certified
        for contract, given in other.numbered.items():
            self.numbered[contract] = max(given, self.numbered.get(contract, given))

    def counted(self, marketplace: MarketplaceId, at: int) -> Counted:
        """What the ledger counted of an edition as of position `at`."""
        moves = [move for move in self.moves.get(marketplace, ()) if move[0] <= at]
        return Counted(
            position=max((position for position, _, _ in moves), default=0),
            contracts=sum(contracts for _, contracts, _ in moves),
            minor=sum(minor for _, _, minor in moves),
        )

    def numbers(self) -> Iterator[Finding]:
        """After the last entry: every certified contract has the register's number, and no number goes elsewhere."""
        for contract, (position, number) in self.certified.items():
            given = self.numbered.get(contract)
            if given is None:
                yield Finding("number-not-given", position, f"Number {number} stands in no register.")
            elif given[1] != number:
                said = f"The register gave number {given[1]}, the contract says {number}."
                yield Finding("number-differs", position, said)
        for contract, (position, number) in self.numbered.items():
            if contract not in self.certified:
                yield Finding("number-without-contract", position, f"Number {number} went to no certified contract.")


class Streams:
    """Takes records of one log in their order, all or those of some of its streams, and tells what is wrong with each.

    After a damaged stream it goes on with the others, so that one fault is told once and hides no other.
    """

    def __init__(self, origin: str, classes: Mapping[str, type] = CLASSES) -> None:
        self.rows: dict[StreamId, LedgerRow] = {}
        self.across = Across()
        self._origin = origin
        self._reader = EntryReader(classes)
        self._versions: dict[StreamId, int] = {}
        self._states: dict[StreamId, Any] = {}
        self._damaged: set[StreamId] = set()

    def judge(self, position: int, raw: bytes) -> Sequence[Finding]:
        """Take the entry at a position; what is wrong with it."""
        try:
            envelope = self._reader.read(raw)
        except NameUnknown as error:
            return (Finding("type-unknown", position, f"This verifier is older than the record: {error}."),)
        except Malformed as error:
            said = f"The record's bytes aren't an entry of this format: {error}."
            return (Finding("entry-malformed", position, said),)
        self.across.types.add(envelope.type)
        if envelope.origin != self._origin:
            said = f"The record says that it belongs to {envelope.origin!r}."
            return (Finding("origin-differs", position, said), *self._follow(position, envelope))
        return self._follow(position, envelope)

    def _follow(self, position: int, envelope: Envelope) -> Sequence[Finding]:
        findings: Sequence[Finding] = ()
        stream = envelope.stream
        expected = self._versions.get(stream, 0) + 1
        self._versions[stream] = envelope.version
        if envelope.version != expected:
            said = f"Version {expected} of its stream is missing: the record says {envelope.version}."
            findings = (Finding("version-out-of-order", position, said),)
            self._damaged.add(stream)
        if stream in self._damaged:
            return findings
        try:
            self._fold(position, envelope)
        except (LogDamaged, KeyError, IndexError, ValueError, TypeError) as error:
            self._damaged.add(stream)
            return (Finding("cannot-follow", position, f"What it tells can't have happened then: {_shortly(error)}."),)
        return findings

    def _fold(self, position: int, envelope: Envelope) -> None:
        kind = aggregate_of(envelope.type)
        if kind is None:
            raise ValueError(f"no kind of stream has records of type {envelope.type}")
        stream, fact = envelope.stream, envelope.data
        self._states[stream] = kind.evolve(self._states.get(stream, kind.nothing), fact)
        if kind is CONTRACT:
            before = self.rows.get(stream)
            self._count(before, ledger_evolve(before, Recorded(position, envelope)))
            if isinstance(fact, ContractCertified):
                self.across.certified[stream] = (position, fact.number)
        elif kind is STATEMENT:
            self.across.said.setdefault(stream, []).append((position, self._states[stream]))
        elif kind is REGISTER and isinstance(fact, ContractNumbered):
            self.across.numbered[StreamId(ContractId(fact.contract))] = (position, envelope.version)

    def _count(self, before: LedgerRow | None, after: LedgerRow) -> None:
        self.rows[StreamId(after.id)] = after
        moved = change(before, after)
        if moved is not None:
            self.across.moves.setdefault(after.marketplace, []).append(
                (after.position, moved.contracts, moved.value_minor)
            )


def _shortly(error: Exception) -> str:
    """What went wrong, without pages of state."""
    text = str(error)
    return text if len(text) <= 200 else f"{text[:200]} …"
