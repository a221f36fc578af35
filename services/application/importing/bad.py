"""What can be wrong with a file or a row of it: a lasting code, and words that say what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from domain.refusal import Refusal


class Bad(Struct, kw_only=True, frozen=True):
    """A row that can't be used, and why. `row` counts from 1 as a spreadsheet does; None means the whole file."""

    row: int | None
    column: str | None
    code: str
    detail: str


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "file-empty": "The file holds no rows. Put a header into the first row, and what is to be taken over below.",
        "file-not-text": "The file isn't CSV as text in UTF-8 or Windows-1252. Save it as CSV (UTF-8) or as XLSX.",
        "file-text-broken": "A byte in line {line} isn't UTF-8, as the others are. Save it as CSV (UTF-8) or XLSX.",
        "file-not-a-workbook": "The file isn't an XLSX workbook, or it is damaged. Save it anew as XLSX or as CSV.",
        "file-unpacks-too-large": "The workbook holds far more than its rows. Copy the rows into a new workbook.",
        "quotes-unclosed": "Quotation marks don't match from here on. Close them, or save the file as XLSX.",
        "cell-endless": "A cell here has more than 131,072 characters. Shorten it, or close its quotation marks.",
        "too-many-rows": "A file holds at most 2,000 rows. Split it.",
        "too-many-columns": "A file holds at most 60 columns. Leave out those that aren't needed.",
        "column-unknown": "Nothing is known by this column's name. Rename it, or take it out: {known}.",
        "column-nameless": "This column holds something and has no name. Name it in the first row, or take it out.",
        "column-twice": "This column is there twice. Take one of the two out.",
        "column-missing": "This column is missing, or named otherwise. Add it to the first row.",
        "cell-missing": "This cell is empty, and has to say something. Fill it in.",
        "cell-too-long": "This cell says too much. Keep names, titles and contacts to 200 characters, units to 40.",
        "cell-error": "This cell shows an error or an endless number. Mend its formula, or write what it should say.",
        "cell-surplus": "This row has more cells than the first row has columns. Take the surplus out.",
        "not-a-side": "This isn't a side of the hall. Write Unternehmen (company) or gemeinnützig (nonprofit).",
        "not-a-kind": "This is neither an offer nor a need. Write Angebot (offer) or Gesuch (need).",
        "not-yes-or-no": "Only yes or no are understood here. Write ja (yes) or nein (no).",
        "not-a-mandate": "This is no mandate. Write kraft Amtes (by office), schriftlich (in writing) or mündlich.",
        "not-a-quantity": "This isn't a whole number from 1 to 1,000,000. Write it in digits alone.",
        "not-an-email": "This isn't an e-mail address. Write it like name@example.org.",
        "not-a-phone": "This isn't a telephone number. Write digits, spaces and + - / ( ) alone.",
        "row-twice": "This row says the same as row {other}. Take one of the two out.",
        "organisation-unknown": "No organisation goes by this name. Correct it, or take over the organisation first.",
        "organisation-ambiguous": "Several organisations go by this name. Write the id of the one that is meant.",
        "not-taking-part": "This organisation hasn't asked to take part in the marketplace. Let it ask, and admit it.",
        "area-unknown": "The marketplace has no such area. Write the name or the short name of one that it has.",
    }
)


def bad(code: str, row: int | None = None, column: str | None = None, **told: object) -> Bad:
    """What is wrong, by its code."""
    return Bad(row=row, column=column, code=code, detail=WORDS[code].format(**told))


def refused(said_no: Refusal, row: int, column: str | None = None) -> Bad:
    """A row that a rule of the marketplace forbids: its code is the refusal's lasting name."""
    return Bad(row=row, column=column, code=said_no.type_name(), detail=said_no.sentence)
