"""Walking a bundle's entries once: tree, streams, ledger, and the roots that older evidence names."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from domain.identity import StreamId
from domain.ledger.digest import digest, in_order, row_line
from domain.transparency import bundle as members
from domain.transparency.merkle import leaf_hash, root
from domain.transparency.replay import Finding, Replay
from services.auditor.bundle import Bundle, told_line

Progress = Callable[[int, int], None]
"""Told how many entries were read, of how many."""

EVERY = 2_000
"""Entries between two words of progress."""

MOST = 200
"""Findings that are told one by one; the rest is counted."""


@dataclass(slots=True)
class Walked:
    """What a walk found: the replay, the root at every size asked about, and the entries kept for receipts."""

    replay: Replay
    findings: list[Finding] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    sealed: dict[tuple[str, str], str] = field(default_factory=dict)
    changed: int | None = None
    """The first position whose entry isn't the one whose hash the bundle has."""


def walk(
    bundle: Bundle, origin: str, size: int, *, sizes: frozenset[int], keep: frozenset[int], progress: Progress
) -> Walked:
    """Read every entry, hash it before it is parsed, and replay it.

    `sizes` are those at which the root is wanted, `keep` the positions whose bytes are. Raises `Unreadable` for a
    member that is damaged.
    """
    walked = Walked(Replay(origin))
    if 0 in sizes:
        walked.roots[0] = root(())
    for raw, said in zip_longest(bundle.entries(), bundle.hashes()):
        if raw is None or said is None:
            _note(walked, Finding("lengths-differ", None, "The bundle has not as many hashes as entries."))
            break
        _take(walked, raw, said, sizes, keep)
        if walked.replay.size % EVERY == 0:
            progress(walked.replay.size, size)
    for finding in walked.replay.numbers():
        _note(walked, finding)
    progress(walked.replay.size, size)
    return walked


def _take(walked: Walked, raw: bytes, said: bytes, sizes: frozenset[int], keep: frozenset[int]) -> None:
    replay = walked.replay
    for finding in replay.take(raw):
        _note(walked, finding)
    if walked.changed is None and leaf_hash(raw) != said:
        walked.changed = replay.size
    if replay.size in sizes:
        walked.roots[replay.size] = root(replay.edge)
    if replay.size in keep:
        walked.kept[replay.size] = raw


def _note(walked: Walked, finding: Finding) -> None:
    walked.findings.append(finding)


def compare_ledger(bundle: Bundle, walked: Walked, said_digest: str) -> Iterator[Finding]:
    """Rebuild the ledger from the records and compare it with the bundle's, row by row."""
    rebuilt: Mapping[StreamId, bytes] = {
        StreamId(row.id): row_line(row) for row in in_order(walked.replay.rows.values())
    }
    told: list[bytes] = []
    seen: set[StreamId] = set()
    for line in bundle.lines(members.LEDGER):
        told.append(line)
        row = told_line(members.LEDGER, line)
        contract = StreamId(str(row.get("id"))) if isinstance(row, dict) else StreamId("")
        seen.add(contract)
        if contract not in rebuilt:
            yield Finding("row-without-records", _last(row), f"The ledger has contract {contract}, the records don't.")
        elif rebuilt[contract] != line:
            said = f"The ledger's row of contract {contract} isn't what its records make."
            yield Finding("row-differs", walked.replay.rows[contract].position, said)
    for contract in rebuilt.keys() - seen:
        said = f"Contract {contract} follows from the records and is missing in the ledger."
        yield Finding("row-missing", walked.replay.rows[contract].position, said)
    if digest(told) != said_digest:
        yield Finding("digest-differs", None, "The ledger's digest isn't that of its rows.")
    if [*rebuilt.values()] != told and {*rebuilt.values()} == {*told}:
        yield Finding("rows-out-of-order", None, "The ledger's rows stand in another order, or twice.")


def _last(row: object) -> int | None:
    position = row.get("position") if isinstance(row, dict) else None
    return position if isinstance(position, int) else None
