"""The ledger for spreadsheets, as bundles hold it: ids, numbers, states and sums; no text that could be a formula."""

import csv
import io

from domain.ledger.row import LedgerRow

_COLUMNS = (
    "number",
    "state",
    "source",
    "form_number",
    "certified_at",
    "value_minor",
    "currency",
    "unvalued",
    "one_sided",
    "parties",
    "contract",
    "marketplace",
    "terms_hash",
    "position",
)


def csv_row(row: LedgerRow) -> bytes:
    """The row as a line of CSV (RFC 4180)."""
    return _line(
        (
            "" if row.number is None else row.number,
            row.state.value,
            row.source.value,
            row.form_number or "",
            row.certified_at or "",
            row.value.minor,
            row.value.currency,
            row.value.unvalued,
            int(row.one_sided),
            " ".join(party.organisation for party in row.parties),
            row.id,
            row.marketplace,
            row.terms_hash,
            row.position,
        )
    )


def _line(cells: tuple[object, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


CSV_HEADER = _line(_COLUMNS)
"""The first line."""
