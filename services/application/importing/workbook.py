"""Rows of an XLSX workbook's first sheet. Cells are taken as they were last shown; no formula is ever evaluated."""

import io
import warnings
from datetime import datetime
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
        cells = workbook.worksheets[0].iter_rows(max_row=_DEEPEST + 1, values_only=True)
        for number, values in enumerate(cells, start=1):
            if number > _DEEPEST:
                return bad("too-many-rows")
            if not gathering.take(number, [_text(value) for value in _without_end(values)]):
                break
    finally:
        workbook.close()
    return gathering.table()


def _without_end(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row without the empty cells at its end: sheets are often coloured to their last column."""
    last = next((place for place in range(len(values), 0, -1) if values[place - 1] is not None), 0)
    return values[:last]


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
