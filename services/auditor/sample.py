"""Auditing by sample: contracts drawn by a seed, so that everybody who names it draws the same."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from domain.codec import parse
from domain.frozen import dataclass
from domain.ledger.digest import row_line
from domain.ledger.row import LedgerRow
from domain.transparency import bundle as members
from domain.transparency.merkle import leaf_hash, root_of
from domain.transparency.paths import inclusion
from domain.transparency.proof import Proof
from domain.transparency.replay import Replay
from services.auditor.bundle import Bundle, Unreadable
from services.auditor.printable import printable
from services.auditor.reconcile import Reconciled, announced, reconciled


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was drawn: the contracts' rows, the records that made each, and a receipt for every record."""

    seed: str
    rows: tuple[LedgerRow, ...]
    records: dict[int, bytes]
    receipts: dict[int, bytes]
    announced: tuple[Reconciled, ...]


def drawn(rows: Sequence[LedgerRow], seed: str, count: int) -> list[LedgerRow]:
    """The first `count` of these contracts in the order that the seed gives: SHA-256 over seed and contract."""
    return sorted(rows, key=lambda row: sha256(f"{seed}/{row.id}".encode()).digest())[:count]


def sample(bundle: Bundle, seed: str, count: int) -> Sample:
    """Draw contracts that bear a number. Raises `Unreadable` for a bundle that can't be read or isn't whole.

    Verify the bundle first: a sample shows what it holds, not that it is genuine.
    """
    origin = str(bundle.manifest().get("origin"))
    replay = Replay(origin)
    for raw in bundle.entries():
        for finding in replay.take(raw):
            raise Unreadable(members.ENTRIES, f"record {finding.position}: {finding.sentence} Verify the bundle first")
    numbered = [row for row in replay.rows.values() if row.number is not None]
    chosen = drawn(numbered, seed, count)
    wanted = {position for row in chosen for position in row.lineage}
    records = {place: raw for place, raw in enumerate(bundle.entries(), 1) if place in wanted}
    leaves = list(bundle.hashes())
    checkpoint = bundle.small(members.CHECKPOINT)
    receipts = {
        position: Proof(
            position - 1,
            tuple(root_of(leaves[start:end]) for start, end in inclusion(position - 1, len(leaves))),
            checkpoint,
            raw,
        ).text()
        for position, raw in records.items()
    }
    return Sample(
        seed=seed, rows=tuple(chosen), records=records, receipts=receipts, announced=tuple(reconciled(replay))
    )


def words(found: Sample) -> Iterator[str]:
    """The sample in lines: each contract's form, its trail, and where its receipts are."""
    return map(printable, _words(found))


def _words(found: Sample) -> Iterator[str]:
    for row in found.rows:
        yield f"Contract number {row.number}, {row.state.value}, from {row.source.value} ({row.id})"
        if row.form_number:
            yield f"  form     {row.form_number}"
        for place, pledge in enumerate(row.pledges):
            value = row.values[place]
            worth = "not valued" if value is None else f"{value.minor / 100:,.2f} {value.currency}"
            yield f"  pledge   {pledge.quantity} {pledge.unit}: {pledge.title} ({worth})"
        for position in row.lineage:
            entry = parse(found.records[position])
            hashed = leaf_hash(found.records[position]).hex()[:16]
            yield f"  record   {position:>8,}  {entry['time']}  {entry['type']}  {entry['actor']['role']}  {hashed}"
        yield ""
    for one in found.announced:
        yield announced(one)


def told(found: Sample) -> str:
    """The sample as JSON, in ASCII."""
    return json.dumps(
        {
            "seed": found.seed,
            "contracts": [json.loads(row_line(row)) for row in found.rows],
            "records": {position: json.loads(raw) for position, raw in found.records.items()},
            "announced": [
                {name: getattr(one, name) for name in Reconciled.__dataclass_fields__} for one in found.announced
            ],
        },
        indent=2,
    )


def write_receipts(found: Sample, folder: Path) -> int:
    """Write a receipt for every record into `folder`, which can be kept and held against any later bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    for position, receipt in found.receipts.items():
        (folder / f"{position}.tlog-proof").write_bytes(receipt)
    return len(found.receipts)
