"""Tables that are harmless in whatever opens them, and have a word for everything in both languages."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contract.fulfilment import NonFulfilmentReason, PledgeStatus
from domain.contract.reasons import AnnulmentReason, RevocationReason
from domain.ledger.row import LedgerState, Source
from domain.marketplace.plan import Counted
from domain.money import Basis
from domain.negotiation.events import RejectionReason
from domain.negotiation.state import Ending
from domain.negotiation.terms import PledgeKind
from domain.organisation.events import Side
from domain.results.report import Denominator, Shape
from infra.documents.spreadsheet import Cell, workbook
from services.api.exporting import ledger, report
from services.api.exporting.cells import csv_line, csv_text, harmless, money
from services.api.exporting.words import LANGUAGES, say

HOSTILE = [
    "=1+1",
    "+49 201 12345",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    '"=1+1',
    "' =HYPERLINK(1)",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "„=1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    """Whatever stands before the sign: blanks, quotes, signs that nobody sees."""
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Brot", "3 = 3", "Müller & Söhne", '"Zitat"', "1-2", "a@b", "   "])
def test_other_text_stays_as_it_is(text: str) -> None:
    """Signs in the middle are harmless."""
    assert harmless(text) == text


@given(st.lists(st.text() | st.sampled_from(HOSTILE), min_size=1, max_size=5))
def test_a_record_is_read_as_it_was_written(cells: list[str]) -> None:
    """RFC 4180: commas, quotes and line ends come back; no cell begins like a formula."""
    line = csv_line(cells, "de")
    assert line.endswith("\r\n")
    (read,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    assert read == [harmless(cell) for cell in cells]
    assert not any(cell.lstrip(" \t\r\n\"'")[:1] in tuple("=+-@") and not cell.startswith("'") for cell in read if cell)


def test_money_and_days_are_the_language_s() -> None:
    """A comma in German, quoted, since it parts cells too; no trailing digits are lost."""
    cells: list[Cell] = [money(123_450), date(2026, 11, 23), None, 3, money(-5)]
    assert csv_line(cells, "de") == '"1234,50",2026-11-23,,3,"-0,05"\r\n'
    assert csv_line(cells, "en") == "1234.50,2026-11-23,,3,-0.05\r\n"
    assert money(None) is None


async def test_a_long_table_comes_in_parts() -> None:
    """With the byte order mark once, at its beginning, and every record whole."""

    async def rows() -> AsyncIterator[list[Cell]]:
        for number in range(5_000):
            yield [number, "Größe"]

    parts = [part async for part in csv_text(["Nummer", "Wort"], rows(), "de")]
    assert len(parts) > 3
    whole = b"".join(parts)
    assert whole.startswith(b"\xef\xbb\xbfNummer,Wort\r\n")
    assert whole.count(b"\xef\xbb\xbf") == 1
    assert whole.count(b"\r\n") == 5_001


async def test_a_workbook_holds_text_as_text() -> None:
    """No formula, no link: a program that opens it has nothing to run or to follow."""

    async def rows() -> AsyncIterator[tuple[str, list[Cell]]]:
        for text in (*HOSTILE, "https://example.org/", "mailto:a@b", "x" * 40_000):
            yield "One", [text, Decimal("12.50"), date(2026, 1, 2), 7, None]

    made = await workbook({"One": ["Text", "Euro"], "Two": ["Nothing"]}, rows())
    with ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert sheet.count('t="inlineStr"') == len(HOSTILE) + 3 + 2
        assert "12.5" in sheet
        assert not [name for name in book.namelist() if "externalLink" in name]


async def test_what_ends_the_rows_ends_the_workbook() -> None:
    """Whatever is raised while rows come is what the caller meets."""

    async def rows() -> AsyncIterator[tuple[str, list[Cell]]]:
        yield "One", ["a"]
        raise LookupError

    with pytest.raises(LookupError):
        await workbook({"One": ["Text"]}, rows())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_a_table_is_there(lang: str) -> None:
    """Columns, and every word that an enumeration can say."""
    for columns in (ledger.CONTRACTS, ledger.PLEDGES, report.COLUMNS):
        assert all(ledger.header(columns, lang))
    for family, words in (
        ("state", LedgerState),
        ("source", Source),
        ("counted", Counted),
        ("kind", PledgeKind),
        ("basis", Basis),
        ("side", Side),
        ("shape", Shape),
        ("ending", Ending),
        ("ended", RevocationReason),
        ("ended", AnnulmentReason),
        ("status", PledgeStatus),
        ("unfulfilled", NonFulfilmentReason),
        ("reason", RejectionReason),
        ("of", Denominator),
    ):
        assert all(say(lang, f"{family}.{word}") for word in words)
