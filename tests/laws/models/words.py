"""What may be written and counted, as the refusals' sentences say it."""

import re
from collections.abc import Iterable
from fractions import Fraction
from math import floor
from unicodedata import bidirectional, category, normalize

from domain.money import Basis, Value
from domain.negotiation.refusals import OtherCurrency, ValueDoesntAddUp, ValueOutOfRange
from domain.words import NotPlainText, QuantityOutOfRange, TooManyWords, WordsMissing
from tests.laws.models.driving import Objections

TITLE, SHORT, NOTE = 200, 64, 1_000
UNSTORED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]")
NOWHERE = {0xFFFE, 0xFFFF}
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")
THOUSAND_MILLION_EURO = 1_000_000_000 * 100


def against_words(*texts: tuple[str | None, int]) -> Objections:
    """What can be said against texts, each with its limit; None is nothing written, where nothing needs to be."""
    written = [(text, limit) for text, limit in texts if text is not None]
    return {
        WordsMissing: any(not any(map(seen, text)) for text, _ in written),
        TooManyWords: any(len(text) > limit for text, limit in written),
        NotPlainText: any(unstored(text) or normalize("NFC", text) != text for text, _ in written),
    }


def seen(sign: str) -> bool:
    """Whether it shows: letters and figures, punctuation and symbols, what is nobody's or not known yet."""
    return sign not in FILLERS and (category(sign)[0] in "LNPS" or category(sign) in ("Mc", "Co", "Cn"))


def unstored(text: str) -> bool:
    """Whether it has what is no character, or turns the reading."""
    marks, letters = set(text) & {"\u061c", "\u200f"}, [sign for sign in text if category(sign)[0] == "L"]
    return (
        UNSTORED.search(text) is not None
        or any(ord(sign) & 0xFFFF in NOWHERE for sign in text)
        or (bool(marks) and not {"R", "AL"} & {bidirectional(sign) for sign in letters})
    )


def against_quantities(quantities: Iterable[int]) -> Objections:
    """One to a million."""
    return {QuantityOutOfRange: not all(0 < quantity < 1_000_001 for quantity in quantities)}


def against_values(values: Iterable[Value | None]) -> Objections:
    """Euro, within reason, and by the hour the rate times the time; None is a value that nobody knows."""
    known = [value for value in values if value is not None]
    parts = [part for value in known for part in (value.minor, value.rate_minor, value.minutes) if part is not None]
    return {
        OtherCurrency: any(value.currency != "EUR" for value in known),
        ValueOutOfRange: any(part < 0 or part > THOUSAND_MILLION_EURO for part in parts),
        ValueDoesntAddUp: not all(adds_up(value) for value in known),
    }


def adds_up(value: Value) -> bool:
    """By the hour: rate times time, half a cent rounded up; else there is neither rate nor time."""
    if value.basis is not Basis.HOURLY_RATE:
        return value.rate_minor is None and value.minutes is None
    if value.rate_minor is None or value.minutes is None:
        return False
    return value.minor == floor(Fraction(value.rate_minor * value.minutes, 60) + Fraction(1, 2))


def together(*parts: Objections) -> Objections:
    """All of these objections."""
    all_of: dict[type, bool] = {}
    for part in parts:
        for why, so in part.items():
            all_of[why] = all_of.get(why, False) or so
    return all_of
