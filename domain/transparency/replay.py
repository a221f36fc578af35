"""Replaying a history from its raw entries: what an auditor checks with nothing but the bytes (DESIGN §2, journey 3).

Bytes are hashed before they are parsed. Each entry must be canonical, of this log, the next of its stream, and able to
follow what came before; the ledger is folded from them as the service folds it, so that rows can be compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from domain.transparency.merkle import Edge, leaf_hash
from domain.transparency.tiles import Tile
from domain.transparency.tiling import Tiling


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


class Replay:
    """Takes the entries of one log in their order and tells what is wrong with each.

    It keeps the state of every stream, the ledger's rows and the tree; after a damaged stream it goes on with
    the others, so that one fault is told once and hides no other.
    """

    def __init__(self, origin: str, classes: Mapping[str, type] = CLASSES) -> None:
        self.size = 0
        self.tree = Tiling()
        """Over the entries' leaf hashes."""
        self.filled: Sequence[tuple[Tile, bytes]] = ()
        """The tiles that the last entry filled."""
        self.rows: dict[StreamId, LedgerRow] = {}
        self.counts: dict[MarketplaceId, list[Counted]] = {}
        self.said: dict[StreamId, list[tuple[int, Statement]]] = {}
        self.certified: dict[StreamId, tuple[int, int]] = {}
        self.numbered: dict[StreamId, tuple[int, int]] = {}
        self.types: set[str] = set()
        self._origin = origin
        self._reader = EntryReader(classes)
        self._versions: dict[StreamId, int] = {}
        self._states: dict[StreamId, Any] = {}
        self._damaged: set[StreamId] = set()

    def take(self, raw: bytes) -> Sequence[Finding]:
        """Take the entry at the next position; what is wrong with it."""
        self.filled = self.tree.add(leaf_hash(raw))
        self.size += 1
        position = self.size
        try:
            envelope = self._reader.read(raw)
        except NameUnknown as error:
            return (Finding("type-unknown", position, f"This verifier is older than the record: {error}."),)
        except Malformed as error:
            said = f"The record's bytes aren't an entry of this format: {error}."
            return (Finding("entry-malformed", position, said),)
        self.types.add(envelope.type)
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
                self.certified[stream] = (position, fact.number)
        elif kind is STATEMENT:
            self.said.setdefault(stream, []).append((position, self._states[stream]))
        elif kind is REGISTER and isinstance(fact, ContractNumbered):
            self.numbered[StreamId(ContractId(fact.contract))] = (position, envelope.version)

    def _count(self, before: LedgerRow | None, after: LedgerRow) -> None:
        self.rows[StreamId(after.id)] = after
        moved = change(before, after)
        if moved is not None:
            told = self.counts.setdefault(after.marketplace, [Counted(0, 0, 0)])
            last = told[-1]
            told.append(Counted(after.position, last.contracts + moved.contracts, last.minor + moved.value_minor))

    @property
    def edge(self) -> Edge:
        """The right edge of the tree over the entries that were taken."""
        return self.tree.edge

    def counted(self, marketplace: MarketplaceId, at: int) -> Counted:
        """What the ledger counted of an edition as of position `at`."""
        told = self.counts.get(marketplace, [Counted(0, 0, 0)])
        return max((one for one in told if one.position <= at), key=lambda one: one.position)

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


def _shortly(error: Exception) -> str:
    """What went wrong, without pages of state."""
    text = str(error)
    return text if len(text) <= 200 else f"{text[:200]} …"
