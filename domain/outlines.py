"""Reading entries by their outline: a record that differs from earlier ones in its values alone is cut, not parsed.

An outline is a record's text without its values: its members' names and everything between them. Canonical bytes leave
nothing to choose there, and where no text needs an escape, quotation marks stand round texts and nowhere else. So when
a record's pieces between quotation marks are those of one that the strict reader took, but for texts and whole numbers
that are spelt as they have to be, then it is canonical and in shape as well, and its values stand at the same places.

Whatever differs or is in doubt is read by `domain.codec.read_entry`, which says what is wrong. A law holds both
together.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from domain.codec import is_composed, parse, read_entry
from domain.envelope import MAX_ENTRY_BYTES, Envelope
from domain.making import Unfit, maker_of

OFTEN = 2
"""Of so many records alike that are read strictly, one gives its outline: making its function takes as long as five."""
MOST_OUTLINES = 1_000
"""Functions that are written at most, whoever made the bundle."""
MOST_ALIKE = 24
"""Of these, for records of one type with equally many texts: they are tried one after the other."""
_MOST_COUNTED = 4_096

_ESCAPED = bytes(range(32)) + b"\\"
"""What stands in a canonical text only behind a backslash, and the backslash."""
_DIGITS = dict.fromkeys(map(ord, "0123456789"))
_TYPE = -6
"""The piece that is a record's type: behind it come `,` `v` `:1,` `version` `:2}`."""


class _Outline(NamedTuple):
    """Which pieces are `fixed`, what they are, and what makes an envelope of the others."""

    fixed: Callable[[Sequence[str]], tuple[str, ...]]
    told: tuple[str, ...]
    make: Callable[[Sequence[str]], Envelope]


class EntryReader:
    """Reads entries whose types are in `classes`; remembers the outlines that it meets often."""

    def __init__(self, classes: Mapping[str, type]) -> None:
        self._classes = classes
        self._known: dict[tuple[str, int], list[_Outline]] = {}
        self._written = 0
        self._met: dict[str, int] = {}

    def read(self, raw: bytes) -> Envelope:
        """As `domain.codec.read_entry`, with its errors."""
        pieces = _pieces(raw)
        if pieces is None:
            return read_entry(raw, self._classes)
        for outline in self._known.get((pieces[_TYPE], len(pieces)), ()):
            if outline.fixed(pieces) == outline.told:
                try:
                    return outline.make(pieces)
                except (KeyError, ValueError):  # a word that is none, no number or one spelt otherwise, no such day
                    continue
        envelope = read_entry(raw, self._classes)
        self._meet(raw, pieces, envelope)
        return envelope

    def _meet(self, raw: bytes, pieces: Sequence[str], envelope: Envelope) -> None:
        """Count records alike, by everything but names and values, and make a function for what comes often."""
        alike_in = '"'.join([envelope.type, *pieces[::2]]).translate(_DIGITS)
        times = self._met.get(alike_in, 0) + 1
        if len(self._met) >= _MOST_COUNTED:
            self._met.clear()
        self._met[alike_in] = times
        if times % OFTEN == 0 and self._written < MOST_OUTLINES:
            self._learn(raw, pieces, envelope)

    def _learn(self, raw: bytes, pieces: Sequence[str], envelope: Envelope) -> None:
        known = self._known.setdefault((envelope.type, len(pieces)), [])
        if len(known) < MOST_ALIKE:
            self._written += 1
            outline = _outline(raw, pieces, self._classes[envelope.type])
            if outline is not None and outline.make(pieces) == envelope:
                known.append(outline)


def _pieces(raw: bytes) -> list[str] | None:
    """A record's text, cut at its quotation marks; None where these, or its letters, want a closer look."""
    if len(raw) > MAX_ENTRY_BYTES or raw.translate(None, _ESCAPED) != raw:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    if not is_composed(text):
        return None
    pieces = text.split('"')
    return pieces if len(pieces) > -_TYPE else None


def _outline(raw: bytes, pieces: Sequence[str], fact: type) -> _Outline | None:
    """The outline of a record that was read strictly; None where a function can't be written for it."""
    try:
        make, free = maker_of(parse(raw), pieces, fact)
    except Unfit:
        return None
    places = [place for place in range(len(pieces)) if place not in free]
    fixed: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*places)
    return _Outline(fixed, fixed(pieces), make)
