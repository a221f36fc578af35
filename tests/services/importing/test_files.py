"""Awkward files: whatever the bytes, there are rows, or words that say what is wrong."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from services.application.importing.asked import Import
from services.application.importing.bad import WORDS, Bad
from services.application.importing.columns import COLUMNS, Kind
from services.application.importing.table import MAX_ROWS, Form, Table, read_csv
from services.application.importing.workbook import read_workbook

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cells(read: Table | Bad) -> list[tuple[str, ...]]:
    """The cells of a table, header first."""
    assert isinstance(read, Table), read
    return [read.header.cells, *(row.cells for row in read.rows)]


def code(read: Table | Bad) -> str:
    """What is wrong with a file."""
    assert isinstance(read, Bad)
    assert read.detail.endswith(".")
    return read.code


def saved(*rows: tuple[Any, ...]) -> bytes:
    """A workbook of these rows."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A workbook with another part of that name."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return changed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_is_read_as_spreadsheets_write_it(encoding: str, divider: str, end: str) -> None:
    """Given umlauts in any usual encoding, divider and line end, when it is read, then the words are right."""
    text = end.join(["Name#Straße", "Bäckerei Groß#Am Ölberg", ""]).replace("#", divider)
    assert cells(read_csv(text.encode(encoding))) == [("Name", "Straße"), ("Bäckerei Groß", "Am Ölberg")]


def test_quotes_hold_dividers_and_line_breaks_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    """Given quoted line breaks and empty lines, when it is read, then cells are one line and rows keep their number."""
    read = read_csv(b'\n"A;B";C\n\n"one\ntwo";"say ""hi"""\n;;\nlast; x \n')
    assert cells(read) == [("A;B", "C"), ("one two", 'say "hi"'), ("last", "x")]
    assert isinstance(read, Table)
    assert [row.number for row in read.rows] == [4, 6]


def test_a_spreadsheet_s_own_divider_is_taken_at_its_word() -> None:
    """Given the line `sep=,` and more semicolons than commas, when it is read, then the comma divides."""
    read = read_csv(b"sep=,\r\nA;A;A,B\r\n1;2,3\r\n")
    assert cells(read) == [("A;A;A", "B"), ("1;2", "3")]
    assert isinstance(read, Table)
    assert (read.header.number, read.rows[0].number) == (2, 3)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "file-empty"),
        (b"\n \n;;\n", "file-empty"),
        (b"Name;Seite\n", "file-empty"),
        (b"\xef\xbb\xbf", "file-empty"),
        (b"Name\n\x81\x8d", "file-not-text"),
        ("Name\nTafel".encode("utf-16"), "file-not-text"),
        (b"Name\nTa\x00fel", "file-not-text"),
        (b'Name\n"Tafel\nChor\n', "quotes-unclosed"),
        (b'Name\n"Ta"fel\n', "quotes-unclosed"),
        (b"Name\n" + b"x" * 200_000, "cell-endless"),
        (b'Name\n"' + b"x" * 200_000 + b'"\n', "cell-endless"),
        (b"Name\n" + b"x\n" * (MAX_ROWS + 1), "too-many-rows"),
        (b"Name\n" + b";" * 60 + b"x", "too-many-columns"),
        (b"PK\x03\x04" + b"\x00" * 10, "file-not-text"),
    ],
)
def test_csv_that_can_t_be_read_says_why(content: bytes, expected: str) -> None:
    """Given an empty, binary, broken or too large file, when it is read, then its trouble is named."""
    assert code(read_csv(content)) == expected


def test_two_thousand_rows_are_taken() -> None:
    """Given exactly as many rows as there may be, when they are read, then they are all there."""
    assert len(cells(read_csv(b"Name\n" + b"x\n" * MAX_ROWS))) == MAX_ROWS + 1
    assert len(cells(read_workbook(saved(("Name",), *[("x",)] * MAX_ROWS)))) == MAX_ROWS + 1
    assert code(read_workbook(saved(("Name",), *[("x",)] * (MAX_ROWS + 1)))) == "too-many-rows"


def test_a_workbook_s_cells_are_taken_as_they_show() -> None:
    """Given numbers, truths, empty cells and rows, when a workbook is read, then they are text as people type it."""
    read = read_workbook(saved(("Name", "Menge", None, "Ja?"), (None,), ("Körbe", 10.0, None, True), ("x", 1.5)))
    assert cells(read) == [("Name", "Menge", "", "Ja?"), ("Körbe", "10", "", "ja"), ("x", "1.5")]
    assert isinstance(read, Table)
    assert [row.number for row in read.rows] == [3, 4]


def test_a_formula_s_last_value_is_taken_and_never_computed() -> None:
    """Given a formula with the value that it last showed, and one without, then that value, and nothing, is read."""
    sheet = f'''<worksheet xmlns="{SPREADSHEET}"><sheetData>
    <row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Menge</v></c></row>
    <row r="2"><c r="A2" t="str"><f>HYPERLINK("http://example.org")</f><v>Tafel</v></c><c r="B2"><f>1+1</f></c></row>
    </sheetData></worksheet>'''
    content = with_part(saved(("Name",)), "xl/worksheets/sheet1.xml", sheet.encode())
    assert cells(read_workbook(content)) == [("Name", "Menge"), ("Tafel",)]
    assert cells(read_csv(b"Name;Menge\n=1+1;-2\n"))[1] == ("=1+1", "-2")


def test_far_off_cells_cost_nothing() -> None:
    """Given a cell in the last row or column that a sheet can have, when it is read, then that is too much."""
    for place, expected in (("A1048576", "too-many-rows"), ("XFD2", "too-many-columns"), ("BI2", "too-many-columns")):
        number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        sheet = f'''<worksheet xmlns="{SPREADSHEET}"><sheetData><row r="1"><c r="A1" t="str"><v>Name</v></c></row>
        <row r="{number}"><c r="{place}" t="str"><v>x</v></c></row></sheetData></worksheet>'''
        content = with_part(saved(("Name",)), "xl/worksheets/sheet1.xml", sheet.encode())
        assert code(read_workbook(content)) == expected


GOOD = saved(("Name", "Seite"), ("Bäckerei", "Unternehmen"), ("Tafel", "Verein"))


@given(st.binary(max_size=400) | st.text("\"';,\t\n\r =Namesitä\x00\x85\u2028", max_size=60).map(str.encode))
def test_any_bytes_give_rows_or_a_clear_trouble(content: bytes) -> None:
    """Given any bytes as either kind of file, about anything, then there are rows and named troubles, nothing else."""
    for form in Form:
        for kind in Kind:
            told, troubles = Import(kind, None, form, content).read()
            assert told or troubles
            assert all(bad.code in WORDS for bad in troubles)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, len(GOOD)))
def test_a_damaged_workbook_gives_rows_or_a_clear_trouble(place: int, value: int, cut: int) -> None:
    """Given a workbook with a byte changed, or cut off, when it is read, then it is a table or a named trouble."""
    for content in (GOOD[:place] + bytes([value]) + GOOD[place + 1 :], GOOD[:cut]):
        read = read_workbook(content)
        assert isinstance(read, Table) or read.code in WORDS


@given(st.sampled_from(Kind), st.lists(st.lists(st.text(max_size=12), max_size=8), min_size=1, max_size=4))
def test_any_cells_under_a_right_header_give_rows_or_named_troubles(kind: Kind, rows: list[list[str]]) -> None:
    """Given the right columns and any text below, when rows are understood, then each is one or its trouble is told."""
    header = ";".join(column.names[0] for column in COLUMNS[kind])
    below = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    content = "\n".join([header, *below]).encode(errors="replace")
    told, troubles = Import(kind, None, Form.CSV, content).read()
    assert all(bad.code in WORDS for bad in troubles)
    assert not {one.row for one in told} & {bad.row for bad in troubles}
