"""From cells to what they mean, one kind of row each. Pure: whether the host knows the organisation is asked later."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from domain.frozen import dataclass
from domain.listing.events import ListingKind
from domain.organisation.events import Mandate, Side
from domain.organisation.spelling import spelt
from domain.words import MAX_QUANTITY, MAX_TITLE
from services.application.importing.bad import Bad
from services.application.importing.columns import Cells, Kind, plain

MAX_UNIT = 40
Word = TypeVar("Word")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """An organisation to be known to the host; a sole trader's name is a person's."""

    row: int
    name: str
    side: Side
    sole_trader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A representative of an organisation; `contact` is what there is of e-mail and telephone."""

    row: int
    column: str
    organisation: str
    name: str
    contact: str | None
    mandate: Mandate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """An offer or a need of an organisation; `area` is a name or a short name."""

    row: int
    column: str
    area_column: str
    organisation: str
    kind: ListingKind
    area: str
    title: str
    quantity: int
    unit: str


Told = OrganisationRow | ContactRow | ListingRow

_SIDES: Mapping[str, Side] = MappingProxyType(
    dict.fromkeys(("unternehmen", "firma", "betrieb", "wirtschaft", "company", "business"), Side.COMPANY)
    | dict.fromkeys(
        ("gemeinnuetzig", "gemeinnuetzigeorganisation", "gemeinnuetzige", "verein", "nonprofit", "npo", "ngo"),
        Side.NONPROFIT,
    )
)
_KINDS: Mapping[str, ListingKind] = MappingProxyType(
    dict.fromkeys(("angebot", "biete", "offer"), ListingKind.OFFER)
    | dict.fromkeys(("gesuch", "suche", "bedarf", "need"), ListingKind.NEED)
)
_YES_OR_NO: Mapping[str, bool] = MappingProxyType(
    dict.fromkeys(("ja", "j", "x", "yes", "y", "wahr", "true", "1"), True)
    | dict.fromkeys(("", "nein", "n", "no", "falsch", "false", "0"), False)
)
_MANDATES: Mapping[str, Mandate | None] = MappingProxyType(
    {"": None}
    | dict.fromkeys(("kraftamtes", "amt", "byoffice"), Mandate.BY_OFFICE)
    | dict.fromkeys(("schriftlich", "inwriting"), Mandate.IN_WRITING)
    | dict.fromkeys(("muendlich", "byword"), Mandate.BY_WORD)
)
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_PHONE = re.compile(r"[+0-9][0-9 ()/.+-]{2,}")
_WHOLE = re.compile(r"[0-9]{1,7}")


class _Reading:
    """One row's cells, and what was found wrong with them."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.troubles: list[Bad] = []

    def text(self, key: str, longest: int = MAX_TITLE) -> str:
        told = self.cells.told.get(key, "")
        if len(told) > longest:
            self.troubles.append(self.cells.bad("cell-too-long", key))
        return told

    def one_of(self, key: str, words: Mapping[str, Word], code: str, otherwise: Word) -> Word:
        told = plain(self.cells.told.get(key, ""))
        if told in words:
            return words[told]
        self.troubles.append(self.cells.bad(code, key))
        return otherwise

    def fits(self, key: str, pattern: re.Pattern[str], code: str) -> str:
        told = self.text(key)
        if told and not pattern.fullmatch(told):
            self.troubles.append(self.cells.bad(code, key))
        return told

    def quantity(self) -> int:
        told = self.cells.told["quantity"]
        if _WHOLE.fullmatch(told) and told.isascii() and 1 <= int(told) <= MAX_QUANTITY:
            return int(told)
        self.troubles.append(self.cells.bad("not-a-quantity", "quantity"))
        return 1


def understood(kind: Kind, rows: Iterable[Cells]) -> tuple[list[Told], list[Bad]]:
    """What the rows mean, and what is wrong with the others; of two that say the same the second is wrong."""
    told: list[Told] = []
    troubles: list[Bad] = []
    seen: dict[object, int] = {}
    for cells in rows:
        reading = _Reading(cells)
        one = _READERS[kind](reading)
        first = cells.row if reading.troubles else seen.setdefault(_same(one), cells.row)
        if first != cells.row:
            reading.troubles.append(cells.bad("row-twice", "", other=first))
        troubles += reading.troubles
        if not reading.troubles:
            told.append(one)
    return told, troubles


def _organisation(reading: _Reading) -> Told:
    return OrganisationRow(
        row=reading.cells.row,
        name=reading.text("name"),
        side=reading.one_of("side", _SIDES, "not-a-side", Side.COMPANY),
        sole_trader=reading.one_of("sole_trader", _YES_OR_NO, "not-yes-or-no", False),
    )


def _contact(reading: _Reading) -> Told:
    email = reading.fits("email", _EMAIL, "not-an-email")
    phone = reading.fits("phone", _PHONE, "not-a-phone")
    contact = ", ".join(part for part in (email, phone) if part)
    if len(contact) > MAX_TITLE and not reading.troubles:
        reading.troubles.append(reading.cells.bad("cell-too-long", "email"))
    return ContactRow(
        row=reading.cells.row,
        column=reading.cells.names["organisation"],
        organisation=reading.text("organisation"),
        name=reading.text("representative"),
        contact=contact or None,
        mandate=reading.one_of("mandate", _MANDATES, "not-a-mandate", None),
    )


def _listing(reading: _Reading) -> Told:
    return ListingRow(
        row=reading.cells.row,
        column=reading.cells.names["organisation"],
        area_column=reading.cells.names["area"],
        organisation=reading.text("organisation"),
        kind=reading.one_of("kind", _KINDS, "not-a-kind", ListingKind.OFFER),
        area=reading.text("area"),
        title=reading.text("title"),
        quantity=reading.quantity(),
        unit=reading.text("unit", MAX_UNIT),
    )


_READERS: Mapping[Kind, Callable[[_Reading], Told]] = MappingProxyType(
    {Kind.ORGANISATIONS: _organisation, Kind.CONTACTS: _contact, Kind.LISTINGS: _listing}
)


def _same(one: Told) -> object:
    """What makes two rows say the same."""
    match one:
        case OrganisationRow(name=name, side=side):
            return spelt(name) or name, side
        case ContactRow(organisation=organisation, name=name):
            return spelt(organisation) or organisation, name.casefold()
        case ListingRow(organisation=organisation, kind=kind, area=area, title=title, unit=unit):
            return spelt(organisation) or organisation, kind, plain(area), title.casefold(), unit.casefold()
