"""What people write and count: bounded, so that whatever is decided fits an entry; plain, so that it can be stored.

It is judged when it is asked for. What is recorded already is read as it stands, by whoever replays it.
"""

import re
import unicodedata

from domain.refusal import Refusal

MAX_TITLE = 200
"""Characters of a title, a name, a noun or a place."""
MAX_LABEL = 64
"""Characters of a unit, the id of an area, the number on a paper form."""
MAX_NOTE = 1_000
"""Characters of a note or a source."""
MAX_QUANTITY = 1_000_000

_UNPLAIN = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff"  # controls, half pairs
    "\u202a-\u202e\u2066-\u2069"  # overrides, embeddings, isolates of Unicode's annex 9: what is read isn't what stands
    "\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_RIGHT_TO_LEFT_MARK = re.compile("[\u061c\u200f]")
_BLANK = re.compile(
    "[\u115f\u1160\u3164\uffa0"  # fillers of Hangul, letters by their category
    "\u2800\ufffc\U0001d159"  # Braille without dots, the place of an object, a note without a head
    "\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]"  # not assigned, and ignored by default
)
_LATIN = re.compile("[!-~\u00c0-\u024f]")
"""What surely shows, so that nearly every text is done with by its first sign."""
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"))
"""General categories of what shows nothing by itself."""


class WordsMissing(Refusal):
    """What has to be named is left empty or has no sign that can be seen. Fill in the title, the name or the unit."""


class TooManyWords(Refusal):
    """A text is too long. Keep titles and names to 200 characters, units and short names to 64, notes to 1,000."""


class NotPlainText(Refusal):
    """A text has signs that can't be stored, or unseen ones that turn the reading. Type it by hand, don't paste it."""


class QuantityOutOfRange(Refusal):
    """A quantity is a whole number from one to a million. Correct the quantity."""


def must_be_words(text: str, limit: int) -> None:
    """Something that can be seen is written, in at most `limit` characters: in Unicode NFC, read as it is stored."""
    if not text.strip():
        raise WordsMissing
    if len(text) > limit:
        raise TooManyWords
    if not (text.isascii() and text.isprintable()):
        _must_be_plain(text)


def _must_be_plain(text: str) -> None:
    """No control, no half pair, nothing that isn't a character, nothing that turns the reading; something to see."""
    if not unicodedata.is_normalized("NFC", text):
        raise NotPlainText
    if not text.isprintable() and (_UNPLAIN.search(text) or _turns_the_reading(text)):
        raise NotPlainText
    if not (_LATIN.search(text) or any(_can_be_seen(sign) for sign in text)):
        raise WordsMissing


def _turns_the_reading(text: str) -> bool:
    """Whether a right-to-left mark stands where no letter reads so: it would turn numbers and signs round."""
    return _RIGHT_TO_LEFT_MARK.search(text) is not None and not any(
        sign.isalpha() and unicodedata.bidirectional(sign) in ("R", "AL") for sign in text
    )


def _can_be_seen(sign: str) -> bool:
    """Whether a sign shows by itself; one that this Python's Unicode doesn't know yet has the benefit of the doubt."""
    return unicodedata.category(sign) not in _UNSEEN and _BLANK.match(sign) is None


def must_be_words_if_any(text: str | None, limit: int) -> None:
    """Nothing is written, or words are."""
    if text is not None:
        must_be_words(text, limit)


def must_be_a_quantity(quantity: int) -> None:
    """Something is given: at least one, and no more than a marketplace can hold."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange
