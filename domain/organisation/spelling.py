"""Names as people spell them, brought to one form: what is compared, never what is stored or shown."""

import re
import unicodedata

_LEGAL_FORMS = frozenset(
    "ag co ek eg ev gag gbr ggmbh gmbh gug haftungsbeschraenkt kg kgaa mbh ohg partg se ug".split()  # noqa: SIM905 - read as a line
)
"""What a company or an association puts behind its name, as the words of `spelt` would have it."""

_LINKS = frozenset({"and", "und"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "oe", "ł": "l"})
_REGISTERED = re.compile(r"\be[.\s]*([gkv])\b")
"""e.V., e. K., e G: written with and without points and spaces."""


def spelt(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents, punctuation and legal forms; ä is ae, ß is ss.

    A name that is nothing but legal forms keeps them.
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold()).translate(_GERMAN)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    words = re.findall(r"[^\W_]+", _REGISTERED.sub(r"e\1", bare.replace("'", "").replace("’", "")))
    told = tuple(word for word in words if word not in _LEGAL_FORMS and word not in _LINKS)
    return told or tuple(words)


def within(one: str, other: str, most: int) -> bool:
    """Whether `one` becomes `other` by at most `most` letters put in, left out, exchanged or swapped with the next."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row = row, [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and opposite == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
        before = above
    return row[-1] <= most
