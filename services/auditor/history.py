"""Walking a bundle's entries once: tree, streams, ledger, and the roots that older evidence names."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.transparency.merkle import root
from domain.transparency.replay import Finding, Replay
from services.auditor.bundle import Bundle
from services.auditor.disclosures import Openings
from services.auditor.forest import TileCheck
from services.auditor.tables import Written, written

Progress = Callable[[int, int], None]
"""Told how many entries were read, of how many."""

Note = Callable[[Finding], None]
"""Takes a finding down."""

EVERY = 2_000
"""Entries between two words of progress."""

MOST = 200
"""Findings that are told one by one; the rest is counted."""


@dataclass(slots=True)
class Walked:
    """What a walk came to: the replay, the root at every size asked about, and the entries kept for receipts."""

    replay: Replay
    roots: dict[int, bytes] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    changed: int | None = None
    """The first position whose entry isn't the one whose hash the bundle has."""
    opened: int = 0
    """How many disclosed values are what their records committed to."""
    contracts: int = 0


class Team(Protocol):
    """Who judges the records: this process by itself, or with others."""

    def take(self, replay: Replay, raw: bytes) -> Sequence[Finding]:
        """Put the next entry into the tree, and judge it or leave that to others; what is wrong with it."""

    def join(self, replay: Replay) -> int:
        """After the last entry: take in what others found out; how many contracts these have."""

    def rows(self, replay: Replay) -> Iterator[Written]:
        """The ledger's rows in its order, once."""


class Alone:
    """One process judges all records."""

    def take(self, replay: Replay, raw: bytes) -> Sequence[Finding]:
        """Take the next entry."""
        return replay.take(raw)

    def join(self, _replay: Replay) -> int:
        """There are no others."""
        return 0

    def rows(self, replay: Replay) -> Iterator[Written]:
        """The replay's rows."""
        return written(replay.rows.values())


def walk(
    bundle: Bundle,
    origin: str,
    size: int,
    *,
    sizes: frozenset[int],
    keep: frozenset[int],
    openings: Sequence[Openings],
    note: Note,
    progress: Progress,
    team: Team,
) -> Walked:
    """Read every entry, hash it before it is parsed, and replay it; tiles and disclosures are compared along the way.

    `sizes` are those at which the root is wanted, `keep` the positions whose bytes are, `openings` what was disclosed;
    `team` judges the records. Raises `Unreadable` for a member that is damaged.
    """
    walked = Walked(Replay(origin), roots={0: root(())})
    forest = TileCheck(bundle)
    replay, telling = walked.replay, [disclosed for disclosed in openings if disclosed.waiting]
    for raw in bundle.entries():
        for finding in team.take(replay, raw):
            note(finding)
        if replay.filled:
            forest.compare(replay.filled)
        for disclosed in telling:
            for finding in disclosed.at(replay.size, raw):
                note(finding)
        if replay.size in sizes:
            walked.roots[replay.size] = root(replay.edge)
        if replay.size in keep:
            walked.kept[replay.size] = raw
        if replay.size % EVERY == 0:
            progress(replay.size, size)
    walked.contracts = team.join(replay) + len(replay.rows)
    _note(note, replay.numbers())
    forest.compare(replay.tree.rest())
    for findings in (forest.end(), *(disclosed.end() for disclosed in openings)):
        _note(note, findings)
    progress(replay.size, size)
    walked.changed, walked.opened = forest.changed, sum(disclosed.opened for disclosed in openings)
    return walked


def _note(note: Note, findings: Iterable[Finding]) -> None:
    for finding in findings:
        note(finding)
