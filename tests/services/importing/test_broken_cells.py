"""What a spreadsheet shows in the place of a value, and bytes that were damaged, never become somebody's name."""

import pytest

from services.application.importing.asked import Import
from services.application.importing.bad import Bad
from services.application.importing.columns import Kind
from services.application.importing.encoding import Encoding, Text, decoded
from services.application.importing.table import Form
from tests.services.importing.test_files import SPREADSHEET, saved, with_part


def asked(content: bytes, form: Form) -> Import:
    """A file of organisations."""
    return Import(Kind.ORGANISATIONS, None, form, content)


def workbook(name: str) -> bytes:
    """A workbook of two organisations, the first of which has this cell for its name."""
    sheet = f'''<worksheet xmlns="{SPREADSHEET}"><sheetData>
    <row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Seite</v></c></row>
    <row r="2">{name}<c r="B2" t="str"><v>Verein</v></c></row>
    <row r="3"><c r="A3" t="str"><v>Tafel</v></c><c r="B3" t="str"><v>Verein</v></c></row>
    </sheetData></worksheet>'''
    return with_part(saved(("Name",)), "xl/worksheets/sheet1.xml", sheet.encode())


def told(file: Import) -> tuple[list[int], list[tuple[int | None, str | None, str]]]:
    """The rows that can be used, and the places of what is wrong."""
    rows, troubles = file.read()
    return [row.row for row in rows], [(bad.row, bad.column, bad.code) for bad in troubles]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2" t="e"><v>#REF!</v></c>',
        '<c r="A2" t="e"><v>#SOMETHING-NEW!</v></c>',
        '<c r="A2" t="e"><f>B9/0</f><v>#DIV/0!</v></c>',
        '<c r="A2"><v>1e999</v></c>',
        '<c r="A2"><v>-1E999</v></c>',
        '<c r="A2" t="str"><v>#BEZUG!</v></c>',
    ],
)
def test_an_error_or_an_endless_number_in_a_workbook_is_a_bad_cell(cell: str) -> None:
    """Given such a cell, when the file is read, then its row and column are named, and the other row can be used."""
    assert told(asked(workbook(cell), Form.XLSX)) == ([3], [(2, "Name", "cell-error")])


@pytest.mark.parametrize("error", ["#REF!", "#NAME?", "#N/A", "#NV", "#WERT!", "#ZAHL!"])
def test_an_error_that_was_saved_as_csv_is_a_bad_cell(error: str) -> None:
    """Given what a spreadsheet writes into CSV for an error, then its row and column are named."""
    content = f"Name;Seite\nTafel;Verein\n{error};Verein\n".encode()
    assert told(asked(content, Form.CSV)) == ([2], [(3, "Name", "cell-error")])


def test_names_that_only_look_alike_are_taken() -> None:
    """Given names with such signs in them, then they are names."""
    content = b"Name;Seite\n#Ehrenamt!;Verein\nVerein #REF!;Verein\ninf;Verein\n"
    assert told(asked(content, Form.CSV)) == ([2, 3, 4], [])


BROKEN = "Name;Seite\nCafé Grün;Verein\nBäckerei;Unternehmen\n".encode()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (BROKEN.replace("ä".encode(), b"\xc3"), 3),
        (BROKEN.replace("ü".encode(), b"\xfc"), 2),
        (b"\xef\xbb\xbfName;Seite\nCaf\xe9;Verein\n", 2),
        (b"\xef\xbb\xbfName\xa0;Seite\nCafe;Verein\n", 1),
        (BROKEN + BROKEN.replace("ä".encode(), b"\xed\xa0\x80"), 6),
    ],
)
def test_damaged_utf_8_is_told_and_not_read_as_something_else(content: bytes, line: int) -> None:
    """Given bytes that aren't UTF-8 in a file that is, by its mark or by its other letters, then their line is told."""
    found = decoded(content)
    assert isinstance(found, Bad)
    assert (found.row, found.code) == (None, "file-text-broken")
    assert f"line {line} " in found.detail
    assert told(asked(content, Form.CSV)) == ([], [(None, None, "file-text-broken")])
    assert asked(content, Form.CSV).encoding() is None


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (BROKEN, Encoding.UTF_8),
        (b"\xef\xbb\xbf" + BROKEN, Encoding.UTF_8),
        (b"Name;Seite\nTafel;Verein\n", Encoding.UTF_8),
        (BROKEN.decode().encode("cp1252"), Encoding.WINDOWS_1252),
        (b"Name;Seite\nK\xf6nig \x80 \x84Gro\xdf\x93;Verein\n", Encoding.WINDOWS_1252),
        ("Name;Seite\nGÄ€ÖÜß \u201eÀÉ\u201c;Verein\n".encode("cp1252"), Encoding.WINDOWS_1252),
    ],
)
def test_how_a_file_was_read_is_told(content: bytes, encoding: Encoding) -> None:
    """Given UTF-8 or Windows-1252, then the words are right, and a preview says which it was."""
    found = decoded(content)
    assert isinstance(found, Text)
    assert found.encoding is encoding
    assert found.text.startswith("Name;Seite")
    assert asked(content, Form.CSV).encoding() is encoding
    assert asked(workbook('<c r="A2" t="str"><v>x</v></c>'), Form.XLSX).encoding() is None
