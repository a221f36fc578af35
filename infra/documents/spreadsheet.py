"""Workbooks (XLSX). Text is written as text, whatever it looks like: never a formula, a link or a number."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Cell = str | int | Decimal | date | None
"""Text, a count, an amount of money in euro, a day, or nothing."""

LONGEST = 32_767
"""Characters that a cell holds."""

_WIDTH = 18
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Sheet:
    """One sheet of a book, written row after row."""

    def __init__(self, book: Any, name: str, header: Sequence[str]) -> None:
        self._sheet: Any = book.add_worksheet(name)
        self._money: Any = book.add_format({"num_format": "0.00"})
        self._day: Any = book.add_format({"num_format": "yyyy-mm-dd"})
        bold: Any = book.add_format({"bold": True})
        self._row = 0
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(0, len(header) - 1), _WIDTH)
        for column, word in enumerate(header):
            self._sheet.write_string(0, column, word, bold)

    def add(self, cells: Sequence[Cell]) -> None:
        """One more row."""
        self._row += 1
        for column, cell in enumerate(cells):
            match cell:
                case None:
                    pass
                case str():
                    self._sheet.write_string(self._row, column, cell[:LONGEST])
                case Decimal():
                    self._sheet.write_number(self._row, column, float(cell), self._money)
                case date():
                    self._sheet.write_datetime(self._row, column, cell, self._day)
                case int():
                    self._sheet.write_number(self._row, column, cell)


Rows = AsyncIterator[tuple[str, Sequence[Cell]]]
"""Rows of several sheets, each with its sheet's name."""


async def workbook(headers: Mapping[str, Sequence[str]], rows: Rows) -> bytes:
    """The book with these sheets. Rows go to temporary files as they come, and the book is packed aside.

    Whatever `rows` raises ends it; the temporary files are gone then, too.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - large, and wanted once in a season

    with TemporaryDirectory(prefix="handschlag-") as folder:
        path = Path(folder) / "book.xlsx"
        book = Workbook(str(path), {**_PLAIN, "tmpdir": folder})
        sheets = {name: Sheet(book, name, header) for name, header in headers.items()}
        try:
            async for name, cells in rows:
                sheets[name].add(cells)
        finally:
            await asyncio.to_thread(book.close)
        return await asyncio.to_thread(path.read_bytes)
