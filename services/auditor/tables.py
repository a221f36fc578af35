"""The ledger, rebuilt from the records, against the three of the bundle, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import zip_longest
from typing import NamedTuple

from domain.identity import StreamId
from domain.ledger import document
from domain.ledger.digest import in_order, row_line
from domain.ledger.row import LedgerRow
from domain.ledger.sheet import CSV_HEADER, csv_row
from domain.transparency import bundle as members
from domain.transparency.streams import Finding
from services.auditor.bundle import Bundle, Unreadable, told_line

Line = tuple[LedgerRow | None, bytes]
"""A line that a table has to have, and the row that it tells, if it tells one."""


class Written(NamedTuple):
    """A row as the tables have it: the record that drafted it, by which rows are ordered, its line, its cells."""

    drafted: int
    line: bytes
    cells: bytes


def written(rows: Iterable[LedgerRow]) -> Iterator[Written]:
    """Rows in the ledger's order, as they are written."""
    for row in in_order(rows):
        yield Written(row.lineage[0], row_line(row), csv_row(row))


def follow(bundle: Bundle, rows: Iterable[Written], document_head: bytes, said_digest: str) -> bool:
    """Whether the bundle's three tables are these rows, byte for byte, under the digest that is said of them.

    `document_head` is the line with which the ledger's JSON document has to begin. What isn't so, `Tables` tells.
    """
    try:
        return _follow(bundle, rows, document_head, said_digest)
    except Unreadable:
        return False


def _follow(bundle: Bundle, rows: Iterable[Written], document_head: bytes, said_digest: str) -> bool:
    hashed, whole, length = sha256(), sha256(document_head), len(document_head) + len(document.CLOSING)
    ledger, sheet = bundle.lines(members.LEDGER), bundle.lines(members.LEDGER_CSV)
    if next(sheet, b"") + b"\n" != CSV_HEADER:
        return False
    for place, row in enumerate(rows):
        if next(ledger, None) != row.line or next(sheet, b"") + b"\n" != row.cells:
            return False
        hashed.update(row.line + b"\n")
        in_it = document.row_in_it(row.line, first=place == 0)
        whole.update(in_it)
        length += len(in_it)
    whole.update(document.CLOSING)
    if next(ledger, None) is not None or next(sheet, None) is not None or hashed.hexdigest() != said_digest:
        return False
    return bundle.measured(members.LEDGER_JSON, length) == (length, whole.hexdigest())


class Tables:
    """The rows that the records make, compared with a bundle's tables of them to say what differs.

    `document_head` is the line with which the ledger's JSON document has to begin.
    """

    def __init__(self, bundle: Bundle, rows: Mapping[StreamId, LedgerRow], document_head: bytes) -> None:
        self._bundle = bundle
        self._by_contract = rows
        self._rows = in_order(rows.values())
        self._head = document_head

    def check_ledger(self, said_digest: str) -> Iterator[Finding]:
        """Compare `ledger.ndjson` with the rows that the records make, and its digest with what is said of it."""
        hashed, seen, drafted = sha256(), set[StreamId](), 0
        expected = iter(self._rows)
        for line in self._bundle.lines(members.LEDGER):
            hashed.update(line)
            hashed.update(b"\n")
            row = next(expected, None)
            if row is None or row_line(row) != line:  # only a line that isn't the next one has to be read
                told = told_line(members.LEDGER, line)
                contract = StreamId(str(told.get("id"))) if isinstance(told, dict) else StreamId("")
                row = self._by_contract.get(contract)
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
        for row in self._rows:
            if row.id not in seen:
                said = f"Contract {row.id} follows from the records and is missing in the ledger."
                yield Finding("row-missing", row.position, said)
        if hashed.hexdigest() != said_digest:
            yield Finding("digest-differs", None, "The ledger's digest isn't that of its rows.")

    def check_others(self) -> Iterator[Finding]:
        """Compare `ledger.json` and `ledger.csv` with the rows: the first line that differs is told."""
        made = _document(self._rows, self._head)
        yield from _compare(self._bundle, members.LEDGER_JSON, "row-in-json-differs", made)
        yield from _compare(self._bundle, members.LEDGER_CSV, "row-in-csv-differs", _sheet(self._rows))


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
