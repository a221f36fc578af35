"""The ledger as bytes that can be compared: one canonical line a row, and one digest over all of them.

Lines cover rows before names are joined, so that erasing a person changes neither line nor digest.
"""

from collections.abc import Iterable
from hashlib import sha256

from domain.ledger.row import LedgerRow
from domain.writers import spelt


def row_line(row: LedgerRow) -> bytes:
    """The row as RFC 8785 JSON, without a line end."""
    return spelt(row)


def in_order(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """Rows in the ledger's order: that in which the forms were drafted."""
    return sorted(rows, key=lambda row: row.lineage[0])


def digest(lines: Iterable[bytes]) -> str:
    """SHA-256 (lower-case hex) over `lines` in the ledger's order, each ended by a line feed."""
    hashed = sha256()
    for line in lines:
        hashed.update(line)
        hashed.update(b"\n")
    return hashed.hexdigest()
