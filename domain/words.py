"""What people write and count: bounded, so that whatever is decided fits an entry; plain, so that it can be stored."""

import unicodedata

from domain.refusal import Refusal

MAX_TITLE = 200
"""Characters of a title, a name, a noun or a place."""
MAX_LABEL = 64
"""Characters of a unit, the id of an area, the number on a paper form."""
MAX_NOTE = 1_000
"""Characters of a note or a source."""
MAX_QUANTITY = 1_000_000


class WordsMissing(Refusal):
    """Something that has to be named is left empty. Fill in the title, the name or the unit."""


class TooManyWords(Refusal):
    """A text is too long. Keep titles and names to 200 characters, units and short names to 64, notes to 1,000."""


class NotPlainText(Refusal):
    """A text holds characters that can't be stored. Type it again by hand instead of pasting it."""


class QuantityOutOfRange(Refusal):
    """A quantity is a whole number from one to a million. Correct the quantity."""


def must_be_words(text: str, limit: int) -> None:
    """Something is written, in at most `limit` characters: in Unicode NFC, without control characters."""
    if not text.strip():
        raise WordsMissing
    if len(text) > limit:
        raise TooManyWords
    if not unicodedata.is_normalized("NFC", text) or not _is_plain(text):
        raise NotPlainText


def _is_plain(text: str) -> bool:
    """Whether no sign is a control character or half a pair; what can be printed holds neither."""
    return text.isprintable() or not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


def must_be_words_if_any(text: str | None, limit: int) -> None:
    """Nothing is written, or words are."""
    if text is not None:
        must_be_words(text, limit)


def must_be_a_quantity(quantity: int) -> None:
    """Something is given: at least one, and no more than a marketplace can hold."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange
