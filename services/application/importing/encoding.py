"""From a CSV file's bytes to text: in UTF-8 or Windows-1252, and never in the one what was meant in the other."""

from enum import StrEnum

from domain.frozen import dataclass
from services.application.importing.bad import Bad, bad

_MARK = b"\xef\xbb\xbf"
"""What spreadsheets put before UTF-8."""


class Encoding(StrEnum):
    """How a file's bytes were read as text."""

    UTF_8 = "UTF-8"
    WINDOWS_1252 = "Windows-1252"


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text, without a byte order mark, and how it was read."""

    text: str
    encoding: Encoding


def decoded(content: bytes) -> Text | Bad:
    """The text of a file.

    Bytes that are no UTF-8 make it Windows-1252, where every letter beyond ASCII is such a byte, unless the file has a
    byte order mark or at least as many letters that are UTF-8: then it is UTF-8 that was damaged, and told as that.
    """
    if b"\x00" in content:
        return bad("file-not-text")
    body = content.removeprefix(_MARK)
    text = body.decode("utf-8", "surrogateescape")
    broken = [place for place, letter in enumerate(text) if "\udc80" <= letter <= "\udcff"]
    if not broken:
        return Text(text, Encoding.UTF_8)
    whole = sum(letter > "\x7f" for letter in text) - len(broken)
    if body != content or whole >= len(broken):
        return bad("file-text-broken", line=len(text[: broken[0] + 1].splitlines()))
    try:
        return Text(body.decode("cp1252"), Encoding.WINDOWS_1252)
    except UnicodeDecodeError:
        return bad("file-not-text")
