"""From a file's bytes to rows of text. Whatever the bytes are: rows, or what is wrong with the file."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum

from domain.frozen import dataclass
from services.application.importing.bad import Bad, bad
from services.application.importing.encoding import decoded

MAX_ROWS = 2_000
"""Rows below the header."""
MAX_COLUMNS = 60

ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#BEZUG!", "#NV", "#WERT!", "#ZAHL!"}
)
"""What spreadsheets show in the place of a value, in English and German: no cell means that."""

_ENDLESS = "field larger than field limit"
"""How the standard library begins to say that a cell has more than 131,072 characters."""
_CONTROL = re.compile(r"[\s\x1c-\x1f\x85]+")
_SEPARATOR = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)


class Form(StrEnum):
    """How a file is written, by its media type."""

    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something; `number` counts from 1 as a spreadsheet does, the header and empty rows included.

    `broken` are the places, from 0, of cells that show an error in the place of a value.
    """

    number: int
    cells: tuple[str, ...]
    broken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The first row that holds something, and those below."""

    header: Row
    rows: tuple[Row, ...]


class Gathering:
    """Rows as they are read, up to the limits of a table."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self.trouble: Bad | None = None

    def take(self, number: int, cells: list[str], broken: Collection[int] = ()) -> bool:
        """Take a row up unless it is empty; says whether to go on. `broken` cells are none, whatever they say."""
        told = tuple(tidy(cell) for cell in cells)
        while told and not told[-1]:
            told = told[:-1]
        if len(told) > MAX_COLUMNS:
            self.trouble = bad("too-many-columns", number)
        elif told:
            places = (place for place, cell in enumerate(told) if place in broken or cell in ERRORS)
            self._rows.append(Row(number, told, tuple(places)))
            if len(self._rows) > MAX_ROWS + 1:
                self.trouble = bad("too-many-rows")
        return self.trouble is None

    def table(self) -> Table | Bad:
        """What was gathered."""
        if self.trouble is not None:
            return self.trouble
        if len(self._rows) < 2:
            return bad("file-empty")
        return Table(self._rows[0], tuple(self._rows[1:]))


def tidy(cell: str) -> str:
    """A cell as one line in Unicode NFC: line breaks and runs of spaces become one space."""
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", cell)).strip()


def read_csv(content: bytes) -> Table | Bad:
    """Rows of CSV (RFC 4180, and what spreadsheets make of it).

    UTF-8 with or without a byte order mark, or Windows-1252; divided by whichever of semicolon, comma and tab stands
    most often in the first line, or by what a spreadsheet's own first line `sep=;` says.
    """
    told = decoded(content)
    if isinstance(told, Bad):
        return told
    text = told.text
    separator = _SEPARATOR.match(text)
    body = text[separator.end() :] if separator else text
    divider = separator[1] if separator else _divider(body)
    lines = csv.reader(io.StringIO(body, newline=""), delimiter=divider, strict=True)
    gathering, number = Gathering(), 2 if separator else 1
    try:
        while gathering.take(number, next(lines)):
            number += 1
    except StopIteration:
        return gathering.table()
    except csv.Error as error:
        return bad("cell-endless" if str(error).startswith(_ENDLESS) else "quotes-unclosed", number)
    return gathering.table()


def _divider(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(";,\t", key=bare.count)
