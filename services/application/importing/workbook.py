"""Rows of an XLSX workbook's first sheet. Cells are taken as they were last shown; no formula is ever evaluated."""

import io
import warnings
from datetime import datetime
from math import isfinite
from typing import Any

from services.application.importing.bad import Bad, bad
from services.application.importing.parts import Parts, TooMuch
from services.application.importing.table import MAX_ROWS, Gathering, Table

_DEEPEST = 10 * MAX_ROWS
"""Rows that are looked at, empty ones among them."""


def read_workbook(content: bytes) -> Table | Bad:
    """The rows of the first sheet."""
    try:
        parts = Parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a workbook holds besides rows is none of ours
            return _rows(content, parts)
    except TooMuch:
        return bad("file-unpacks-too-large")
    except Exception:  # openpyxl raises whatever a damaged file makes it stumble over
        return bad("file-not-a-workbook")


def _rows(content: bytes, parts: Parts) -> Table | Bad:
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415 - large, and wanted once in a season

    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.archive = parts  # the directory is all that it has read by itself
    reader.read()
    workbook, gathering = reader.wb, Gathering()
    try:
        rows = workbook.worksheets[0].iter_rows(max_row=_DEEPEST + 1)
        for number, row in enumerate(rows, start=1):
            if number > _DEEPEST:
                return bad("too-many-rows")
            cells = _without_end(row)
            broken = {place for place, cell in enumerate(cells) if _is_broken(cell)}
            if not gathering.take(number, [_text(cell.value) for cell in cells], broken):
                break
    finally:
        workbook.close()
    return gathering.table()


def _without_end(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row without the empty cells at its end: sheets are often coloured to their last column."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1].value is not None), 0)
    return cells[:last]


def _is_broken(cell: Any) -> bool:
    """Whether a cell shows an error, or a number that is none."""
    return cell.data_type == "e" or (isinstance(cell.value, float) and not isfinite(cell.value))


def _text(value: Any) -> str:
    """A cell's value as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ")
        case _:
            return str(value)
