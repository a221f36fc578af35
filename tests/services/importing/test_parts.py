"""Workbooks made to do harm: small files that would grow in memory, however they go about it."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from services.application.importing.parts import MAX_HANDED_OUT, MAX_PARTS, MAX_UNPACKED
from services.application.importing.workbook import read_workbook
from tests.services.importing.test_files import GOOD, SPREADSHEET, cells, code, saved, with_part

PADDING = 64 * 1024 * 1024
"""Bytes that a part holds beyond those it states."""
MOST = 24 * 1024 * 1024
"""Bytes that reading a workbook may take."""
SHEET = "xl/worksheets/sheet1.xml"


def taken(read: Callable[[], object]) -> int:
    """The most bytes that are held at once while something is read."""
    read_workbook(GOOD)  # what is loaded for the first workbook stays
    tracemalloc.start()
    try:
        read()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def understating(name: str, method: int) -> bytes:
    """A workbook of which a part is packed by a method, holds countless spaces, and states its length without them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            raw = old.read(one)
            if one == name:
                new.writestr(one, raw + b" " * PADDING, method)
                honest, stated = (len(raw) + PADDING).to_bytes(4, "little"), len(raw).to_bytes(4, "little")
            else:
                new.writestr(one, raw)
    return out.getvalue().replace(honest, stated)


@pytest.mark.parametrize("name", [SHEET, "[Content_Types].xml", "xl/styles.xml"])
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_understates_its_length_isn_t_unpacked(name: str, method: int) -> None:
    """Given 64 MiB in a part that states some hundred bytes, when it is read, then they are never in memory."""
    content = understating(name, method)
    assert code(read_workbook(content)) == "file-not-a-workbook"
    assert taken(lambda: read_workbook(content)) < MOST


CROWDS = {
    "cells in a row": (SHEET, "<worksheet %s><sheetData><row>#</row></sheetData></worksheet>", "<c/>"),
    "pieces of a word": (SHEET, '<worksheet %s><sheetData><row><c t="inlineStr"><is>#</is></c></row>', "<r/>"),
    "names of a cell": (SHEET, "<worksheet %s><sheetData><row><c #/></row></sheetData></worksheet>", 'a~="" '),
    "styles": ("xl/styles.xml", "<styleSheet %s><cellXfs>#</cellXfs></styleSheet>", "<xf/>"),
    "types of parts": ("[Content_Types].xml", "<Types>#</Types>", '<Default Extension="a"/>'),
}


@pytest.mark.parametrize(("name", "around", "unit"), CROWDS.values(), ids=CROWDS.keys())
def test_signs_of_xml_are_counted_before_anything_is_made_of_them(name: str, around: str, unit: str) -> None:
    """Given half a million cells, styles or names in a small file, when it is read, then nothing is made of them."""
    units = "".join(unit.replace("~", str(number)) for number in range(MAX_UNPACKED // 32))
    part = around.replace("%s", f'xmlns="{SPREADSHEET}"').replace("#", units).encode()
    assert len(part) < MAX_UNPACKED
    content = with_part(GOOD, name, part)
    assert code(read_workbook(content)) == "file-unpacks-too-large"
    assert taken(lambda: read_workbook(content)) < 2 * MAX_UNPACKED


def test_a_part_that_is_named_as_a_sheet_again_and_again_is_handed_out_a_few_times() -> None:
    """Given hundreds of sheets that are all the same part of ten million spaces, then that is too much."""
    many = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 500))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{office}"><sheets>{many}</sheets></workbook>'
    sheet = f'<worksheet xmlns="{SPREADSHEET}">{" " * (MAX_HANDED_OUT // 5)}<sheetData/></worksheet>'
    content = with_part(with_part(GOOD, SHEET, sheet.encode()), "xl/workbook.xml", book.encode())
    assert code(read_workbook(content)) == "file-unpacks-too-large"


def test_a_full_sheet_isn_t_taken_for_a_bomb() -> None:
    """Given two thousand rows of ten filled columns, when a workbook is read, then they are all there."""
    rows = [tuple(f"Wort {row} {column}" for column in range(10)) for row in range(2_001)]
    assert cells(read_workbook(saved(*rows))) == rows


def test_a_workbook_that_unpacks_to_far_more_is_refused_unread() -> None:
    """Given a small archive of zeros, or one of countless parts, when it is read, then nothing of it is unpacked."""
    bomb = with_part(saved(("Name",)), "xl/sharedStrings.xml", b"\x00" * (MAX_UNPACKED + 1))
    assert len(bomb) < 100_000
    assert code(read_workbook(bomb)) == "file-unpacks-too-large"
    crowd = io.BytesIO()
    with zipfile.ZipFile(crowd, "w") as packed:
        for part in range(MAX_PARTS + 1):
            packed.writestr(str(part), b"")
    assert code(read_workbook(crowd.getvalue())) == "file-unpacks-too-large"


def test_an_archive_that_lies_about_its_size_gives_no_more_than_it_said() -> None:
    """Given a part whose stated size is a fraction of its own, when it is read, then the file is called damaged."""
    honest = with_part(saved(("Name",)), SHEET, b" " * 1_000_000)
    lying = honest.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    assert code(read_workbook(lying)) == "file-not-a-workbook"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding: str) -> None:
    """Given XML that declares entities or attributes of its own, when it is read, then the file is called damaged."""
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    for declared in (f'<!ENTITY a0 "aaaaaaaaaa">{entities}', '<!ATTLIST c x CDATA "y">'):
        sheet = f'''<!DOCTYPE x [{declared}]><worksheet xmlns="{SPREADSHEET}"><sheetData>
        <row r="1"><c r="A1" t="str"><v>Name</v></c></row><row r="2"><c r="A2" t="str"><v>x</v></c></row>
        </sheetData></worksheet>'''
        content = with_part(saved(("Name",)), SHEET, sheet.encode(encoding))
        assert code(read_workbook(content)) == "file-not-a-workbook"
