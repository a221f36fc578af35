"""Which columns a file may have, by their German and English names."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.frozen import dataclass
from services.application.importing.bad import Bad, bad
from services.application.importing.table import Row, Table


class Kind(StrEnum):
    """What a file is about."""

    ORGANISATIONS = "organisations"
    CONTACTS = "contacts"
    LISTINGS = "listings"


_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what we call it, and the names it may have in a file; the first is the one we tell people."""

    key: str
    names: tuple[str, ...]
    required: bool = True


_ORGANISATION = Column("organisation", ("Organisation", "organization", "Unternehmen/Organisation"))

COLUMNS: Mapping[Kind, tuple[Column, ...]] = MappingProxyType(
    {
        Kind.ORGANISATIONS: (
            Column("name", ("Name", *_ORGANISATION.names)),
            Column("side", ("Seite", "side", "Typ", "type")),
            Column("sole_trader", ("Einzelperson", "sole trader", "Einzelunternehmer"), required=False),
        ),
        Kind.CONTACTS: (
            _ORGANISATION,
            Column(
                "representative",
                ("Vertretung", "representative", "Ansprechperson", "Ansprechpartner", "Kontakt", "contact", "Name"),
            ),
            Column("email", ("E-Mail", "email", "Mail"), required=False),
            Column("phone", ("Telefon", "phone", "telephone", "Tel", "Mobil"), required=False),
            Column("mandate", ("Vollmacht", "mandate"), required=False),
        ),
        Kind.LISTINGS: (
            _ORGANISATION,
            Column("kind", ("Art", "kind", "Angebot/Gesuch")),
            Column("area", ("Bereich", "area", "Handelsecke")),
            Column("title", ("Titel", "title", "Bezeichnung")),
            Column("quantity", ("Menge", "quantity", "Anzahl")),
            Column("unit", ("Einheit", "unit")),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Cells:
    """A row's cells by their columns' keys, and the columns' names as the file has them."""

    row: int
    told: Mapping[str, str]
    names: Mapping[str, str]

    def bad(self, code: str, key: str, **told: object) -> Bad:
        """What is wrong with one of them."""
        return bad(code, self.row, self.names.get(key), **told)


def by_column(kind: Kind, table: Table) -> tuple[list[Cells], list[Bad]]:
    """The rows by column, and what is wrong with columns and with cells that are missing or surplus.

    While a column is missing, no row is looked at.
    """
    places, troubles = _places(kind, table)
    names = {key: table.header.cells[place] for key, place in places.items()}
    required = [column.key for column in COLUMNS[kind] if column.required]
    if not places.keys() >= set(required):
        return [], troubles
    rows: list[Cells] = []
    for row in table.rows:
        told = {key: row.cells[place] if place < len(row.cells) else "" for key, place in places.items()}
        cells = Cells(row.number, told, names)
        missing = [cells.bad("cell-missing", key) for key in required if not told[key]]
        if len(row.cells) > len(table.header.cells):
            missing.append(bad("cell-surplus", row.number))
        wrong = [*missing, *(bad("cell-error", row.number, _name(table.header, place)) for place in row.broken)]
        troubles += wrong
        if not wrong:
            rows.append(cells)
    return rows, troubles


def _name(header: Row, place: int) -> str | None:
    """The name of the column at a place, if it has one."""
    return header.cells[place] or None if place < len(header.cells) else None


def _places(kind: Kind, table: Table) -> tuple[dict[str, int], list[Bad]]:
    header = table.header
    by_name = {plain(name): column.key for column in COLUMNS[kind] for name in column.names}
    known = ", ".join(column.names[0] for column in COLUMNS[kind])
    places: dict[str, int] = {}
    troubles: list[Bad] = []
    for place, name in enumerate(header.cells):
        key = by_name.get(plain(name))
        if not name:
            if _holds_something(table.rows, place):
                troubles.append(bad("column-nameless", header.number))
        elif key is None:
            troubles.append(bad("column-unknown", header.number, name, known=known))
        elif key in places:
            troubles.append(bad("column-twice", header.number, name))
        else:
            places[key] = place
    missing = [column.names[0] for column in COLUMNS[kind] if column.required and column.key not in places]
    return places, [*troubles, *(bad("column-missing", header.number, name) for name in missing)]


def _holds_something(rows: tuple[Row, ...], place: int) -> bool:
    return any(place < len(row.cells) and row.cells[place] for row in rows)


def plain(word: str) -> str:
    """A word without case, accents and signs, ü as ue: `E-Mail` and `email`, `Mündlich` and `muendlich` are one."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", word.casefold()).translate(_GERMAN))
    return re.sub(r"[\W_]+", "", "".join(sign for sign in bare if not unicodedata.combining(sign)))
