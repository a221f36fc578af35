"""Cells as CSV (RFC 4180, UTF-8 with a byte order mark), harmless in whatever opens them."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal

from infra.documents.spreadsheet import Cell

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets read UTF-8 as something else."""

_SIGNS = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
"""Signs with which a spreadsheet begins a formula, in every width (OWASP, CSV injection)."""

_BREAKS = frozenset("\t\r\n")
_PASSED_OVER = "\"'`´‘’‚“”„«»‹›＂＇\u200b\u200c\u200d\u2060\ufeff"
"""Quotes and invisible signs that a program may drop before it looks for a formula."""


def harmless(text: str) -> str:
    """`text`, with an apostrophe before it when a spreadsheet might take it for a formula."""
    begun = 0
    while begun < len(text) and (text[begun].isspace() or text[begun] in _PASSED_OVER):
        begun += 1
    looks_like_one = text[begun : begun + 1] in _SIGNS if begun < len(text) else False
    return f"'{text}" if looks_like_one or text[:1] in _BREAKS else text


def money(minor: int | None) -> Decimal | None:
    """Cents as euro."""
    return None if minor is None else Decimal(minor).scaleb(-2)


def csv_cell(cell: Cell, lang: str) -> str:
    """A cell as CSV has it: amounts with the language's decimal point, days as ISO 8601."""
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case Decimal():
            return f"{cell:.2f}".replace(".", "," if lang == "de" else ".")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)


def csv_line(cells: Sequence[Cell], lang: str) -> str:
    """A record, ended by CRLF."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([csv_cell(cell, lang) for cell in cells])
    return line.getvalue()


CHUNK = 16_384
"""Characters that are sent at a time, about."""


async def csv_text(header: Sequence[str], rows: AsyncIterator[Sequence[Cell]], lang: str) -> AsyncIterator[bytes]:
    """A whole table, in constant memory."""
    held = BYTE_ORDER_MARK + csv_line(header, lang)
    async for cells in rows:
        held += csv_line(cells, lang)
        if len(held) >= CHUNK:
            yield held.encode()
            held = ""
    yield held.encode()
