"""The words of a title that can bring an offer and a need together, whichever of two languages they are in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from domain.frozen import dataclass
from domain.listing.vocabulary import MEANINGS, SILENT, UNITS

LEAST_PART = 5
"""Letters of a word that counts as a part of a longer one: `garten` in `gartenarbeit`."""
LEAST_STEM = 4
LEAST_WORD = 3
LONGEST_WORD = 60
"""What is longer is no word: the longest of trades and associations have some forty letters."""

_WORD = re.compile(r"[^\W_]+")
_TYPED_UMLAUT = re.compile(r"ae|oe|(?<![aeq])ue")
_COMPUTING = {"IT": "edv"}
"""In capitals it is no pronoun."""
_ENDINGS = ("innen", "ings", "ing", "ern", "ers", "ens", "en", "er", "es", "em", "ed", "e", "s")
"""Of both languages: nobody tells in which a title is."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word as it is written in a title, what is compared of it, and what it means (`MEANINGS`)."""

    written: str
    folded: str
    stem: str
    meanings: frozenset[str]


def keywords(title: str) -> tuple[Keyword, ...]:
    """The words of a title that say what it is about, each once, in their order."""
    found: dict[str, Keyword] = {}
    for written in _WORD.findall(unicodedata.normalize("NFC", title)):
        word = _COMPUTING.get(written) or folded(written)
        if _says_something(word):
            root = stem(word)
            found.setdefault(root, Keyword(written, word, root, frozenset(_meanings(word, root))))
    return tuple(found.values())


def _says_something(word: str) -> bool:
    if word in _WHOLE:
        return True
    return LEAST_WORD <= len(word) <= LONGEST_WORD and not word.isdigit() and word not in SILENT


def folded(text: str) -> str:
    """Lower case, umlauts and accents without their marks, also when they are typed as `ae`, `oe`, `ue`."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return _TYPED_UMLAUT.sub(lambda found: found.group()[0], bare)


def stem(word: str) -> str:
    """What is left of a folded word when German and English endings are taken off: roughly, and alike for both."""
    shorter = next(_shorter(word), None)
    while shorter is not None:
        word = shorter
        shorter = next(_shorter(word), None)
    return word


def _shorter(word: str) -> Iterator[str]:
    if word.endswith("ies") and len(word) > LEAST_STEM + 1:
        yield word[:-3] + "y"
    if word.endswith("eln"):
        yield word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM and not word.endswith("ss"):
            yield word[: -len(ending)]


def parts(word: str) -> Iterable[str]:
    """The runs of letters in a folded word that are long enough to be a part of it."""
    length = len(word)
    return (
        word[start:end] for start in range(length - LEAST_PART + 1) for end in range(start + LEAST_PART, length + 1)
    )


def unit_of(unit: str) -> str:
    """What a unit means, by which units are compared: `Stunden`, `Std.` and `hours` are the same."""
    word = "".join(_WORD.findall(folded(unit)))
    return _UNITS.get(word, stem(word))


def _read(groups: Mapping[str, str], *, alone: bool) -> Mapping[str, str]:
    """Meaning by word: of words that stand `alone` too, or only of those that count as parts."""
    return MappingProxyType(
        {
            folded(word.removeprefix("=")): meaning
            for meaning, words in groups.items()
            for word in words.split()
            if alone or (not word.startswith("=") and len(word) >= LEAST_PART)
        }
    )


_WHOLE, _PARTS, _UNITS = _read(MEANINGS, alone=True), _read(MEANINGS, alone=False), _read(UNITS, alone=True)
_STEMS = MappingProxyType({stem(word): meaning for word, meaning in _WHOLE.items()})


def _meanings(word: str, root: str) -> Iterator[str]:
    whole = _WHOLE.get(word) or _STEMS.get(root)
    if whole is not None:
        yield whole
    for part in parts(word):
        if part in _PARTS:
            yield _PARTS[part]
