"""The ledger, rebuilt from the records, against the three of the bundle, row by row."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import zip_longest

from domain.identity import StreamId
from domain.ledger import document
from domain.ledger.digest import in_order, row_line
from domain.ledger.row import LedgerRow
from domain.ledger.sheet import CSV_HEADER, csv_row
from domain.transparency import bundle as members
from domain.transparency.replay import Finding, Replay
from services.auditor.bundle import Bundle, told_line

Line = tuple[LedgerRow | None, bytes]
"""A line that a table has to have, and the row that it tells, if it tells one."""


def compare_ledger(bundle: Bundle, replay: Replay, said_digest: str) -> Iterator[Finding]:
    """Compare `ledger.ndjson` with the rows that the records make, and its digest with what is said of it."""
    hashed, seen, drafted = sha256(), set[StreamId](), 0
    expected = iter(in_order(replay.rows.values()))
    for line in bundle.lines(members.LEDGER):
        hashed.update(line)
        hashed.update(b"\n")
        row = next(expected, None)
        if row is None or row_line(row) != line:  # only a line that isn't the next one has to be read
            told = told_line(members.LEDGER, line)
            contract = StreamId(str(told.get("id"))) if isinstance(told, dict) else StreamId("")
            row = replay.rows.get(contract)
            if row is None:
                said = f"The ledger has contract {contract}, the records don't."
                yield Finding("row-without-records", _last(told), said)
                continue
            if row_line(row) != line:
                said = f"The ledger's row of contract {contract} isn't what its records make."
                yield Finding("row-differs", row.position, said)
        contract = StreamId(row.id)
        if contract in seen or row.lineage[0] < drafted:
            said = f"The ledger's row of contract {contract} stands in another place than its own, or twice."
            yield Finding("row-out-of-order", row.position, said)
        seen.add(contract)
        drafted = max(drafted, row.lineage[0])
    for contract in replay.rows.keys() - seen:
        said = f"Contract {contract} follows from the records and is missing in the ledger."
        yield Finding("row-missing", replay.rows[contract].position, said)
    if hashed.hexdigest() != said_digest:
        yield Finding("digest-differs", None, "The ledger's digest isn't that of its rows.")


def compare_tables(bundle: Bundle, replay: Replay, document_head: bytes) -> Iterator[Finding]:
    """Compare `ledger.json` and `ledger.csv` with the rows that the records make: the first line that differs is told.

    `document_head` is the line with which the JSON document has to begin.
    """
    rows = in_order(replay.rows.values())
    yield from _compare(bundle, members.LEDGER_JSON, "row-in-json-differs", _document(rows, document_head))
    yield from _compare(bundle, members.LEDGER_CSV, "row-in-csv-differs", _sheet(rows))


def _document(rows: Iterable[LedgerRow], head: bytes) -> Iterator[Line]:
    yield None, head
    for place, row in enumerate(rows):
        yield row, document.row_in_it(row_line(row), first=place == 0)
    yield None, document.CLOSING


def _sheet(rows: Iterable[LedgerRow]) -> Iterator[Line]:
    yield None, CSV_HEADER
    for row in rows:
        yield row, csv_row(row)


def _compare(bundle: Bundle, member: str, kind: str, expected: Iterator[Line]) -> Iterator[Finding]:
    for number, (line, told) in enumerate(zip_longest(expected, bundle.lines(member)), 1):
        row, made = line or (None, None)
        if told is None or made is None or told + b"\n" != made:
            said = f"Line {number} of {member} isn't what the records make, or there are more or fewer lines."
            yield Finding(kind, None if row is None else row.position, said)
            return


def _last(row: object) -> int | None:
    position = row.get("position") if isinstance(row, dict) else None
    return position if isinstance(position, int) else None
