"""What columns and cells mean, in German and English."""

from typing import Any

import pytest

from domain.listing.events import ListingKind
from domain.organisation.events import Mandate, Side
from services.application.importing.asked import Import
from services.application.importing.bad import Bad
from services.application.importing.columns import Kind
from services.application.importing.rows import ContactRow, ListingRow, OrganisationRow
from services.application.importing.table import Form


def read(kind: Kind, *lines: str) -> tuple[list[Any], list[tuple[int | None, str | None, str]]]:
    """A CSV file's rows, and the troubles' rows, columns and codes."""
    told, troubles = Import(kind, None, Form.CSV, "\n".join(lines).encode()).read()
    return list(told), [(bad.row, bad.column, bad.code) for bad in troubles]


@pytest.mark.parametrize("header", ["Name;Seite;Einzelperson", "NAME;side;Sole Trader", " name ;Typ;Einzelunternehmer"])
@pytest.mark.parametrize("side", ["gemeinnützig", "Gemeinnuetzig", "Verein", "NONPROFIT", "non-profit", "NPO"])
def test_organisations_by_either_language(header: str, side: str) -> None:
    """Given German or English names of columns and sides, when a file is read, then they mean the same."""
    expected = OrganisationRow(row=2, name="Tafel", side=Side.NONPROFIT, sole_trader=True)
    assert read(Kind.ORGANISATIONS, header, f"Tafel;{side};Ja") == ([expected], [])


def test_contacts_say_who_how_and_with_what_mandate() -> None:
    """Given e-mail, telephone and mandate, when a file is read, then they are one contact; each may be left out."""
    told, troubles = read(
        Kind.CONTACTS,
        "Organisation,Representative,E-Mail,Phone,Mandate",
        "Tafel,Alba Muster,alba@example.org,+49 201 (0) 12-34,mündlich",
        "Chor,Ben Beispiel",
        "Hort,Carla Muster,carla@,12,später",
    )
    assert told == [
        ContactRow(
            row=2,
            column="Organisation",
            organisation="Tafel",
            name="Alba Muster",
            contact="alba@example.org, +49 201 (0) 12-34",
            mandate=Mandate.BY_WORD,
        ),
        ContactRow(row=3, column="Organisation", organisation="Chor", name="Ben Beispiel", contact=None, mandate=None),
    ]
    assert troubles == [(4, "E-Mail", "not-an-email"), (4, "Phone", "not-a-phone"), (4, "Mandate", "not-a-mandate")]


@pytest.mark.parametrize("quantity", ["0", "-1", "1.000", "1,5", "1000001", "zehn", "١٢", "1e3", "=1"])
def test_a_quantity_is_a_whole_number_in_digits(quantity: str) -> None:
    """Given anything but 1 to a million in plain digits, when a listing is read, then its cell is named."""
    header = "Organisation;Art;Bereich;Titel;Menge;Einheit"
    assert read(Kind.LISTINGS, header, f'Tafel;Angebot;Wissen;Brot;"{quantity}";Körbe')[1] == [
        (2, "Menge", "not-a-quantity")
    ]
    (told,), _ = read(Kind.LISTINGS, header, "Tafel;need;Wissen;Brot;1000000;Körbe")
    assert isinstance(told, ListingRow)
    assert (told.kind, told.quantity) == (ListingKind.NEED, 1_000_000)


def test_columns_that_are_unknown_twice_nameless_or_missing_are_named() -> None:
    """Given a header with all that can be wrong, when a file is read, then each column is named once, in row 1."""
    assert read(Kind.CONTACTS, "Organisation;Kontakt;Name;;Fax;", "a;b;c;d;e;")[1] == [
        (1, "Name", "column-twice"),
        (1, None, "column-nameless"),
        (1, "Fax", "column-unknown"),
    ]
    assert read(Kind.CONTACTS, "Organisation", "a")[1] == [(1, "Vertretung", "column-missing")]


def test_cells_that_are_missing_surplus_or_too_long_are_named() -> None:
    """Given rows with such cells, when a file is read, then they are named and the others are understood."""
    lines = ("Name;Seite", "Tafel", "Chor;Verein;?", f"{'x' * 201};Verein", "Hort;Verein", "HORT e.V.;npo")
    told, troubles = read(Kind.ORGANISATIONS, *lines)
    assert [one.name for one in told] == ["Hort"]
    assert troubles == [
        (2, "Seite", "cell-missing"),
        (3, None, "cell-surplus"),
        (4, "Name", "cell-too-long"),
        (6, None, "row-twice"),
    ]


def test_the_digest_is_of_the_file_its_kind_and_its_edition() -> None:
    """Given one file for two purposes, when their digests are taken, then they differ; for one purpose they don't."""
    files = [Import(kind, None, form, content) for kind in Kind for form in Form for content in (b"a", b"b")]
    assert len({file.digest for file in files}) == len(files)
    assert files[0].digest == Import(Kind.ORGANISATIONS, None, Form.CSV, b"a").digest


def test_trouble_has_its_place_in_words() -> None:
    """Given a duplicate row, when it is named, then the words say of which."""
    _, troubles = Import(Kind.ORGANISATIONS, None, Form.CSV, b"Name;Seite\nHort;npo\nHort;npo").read()
    assert troubles == [
        Bad(row=3, column=None, code="row-twice", detail="This row says the same as row 2. Take one of the two out.")
    ]
