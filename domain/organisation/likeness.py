"""Which organisations may be one, entered twice. Suggestions for a person to judge: nothing follows of itself."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations, pairwise

from domain.frozen import dataclass
from domain.organisation.spelling import spelt, within

SHORTEST = 5
"""Letters of a name, without its legal form, from which on a slip of the pen is looked for."""
LONGEST = 60
"""Letters of a name up to which slips of the pen are looked for; longer ones are compared by their words."""
COMMON = 25
"""A word, or a representative, that more than so many organisations share says nothing about two of them."""
ALIKE = 2 / 3
"""The part of both names' words that must be the same."""


class Likeness(StrEnum):
    """Why two organisations may be one, the strongest reason first."""

    SAME_NAME = "same_name"
    """But for case, accents, punctuation and legal form."""
    SAME_WORDS = "same_words"
    """In another order, or with one left out."""
    NEAR_NAME = "near_name"
    """But for one letter, or two where a whole word is the same; figures never differ."""
    SAME_REPRESENTATIVE = "same_representative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What is compared of one organisation; `name` is None where it is erased or isn't to be compared."""

    id: str
    name: str | None
    rehearsal: bool
    representatives: Collection[str] = ()
    told_apart: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two organisations that may be one, the one entered first before the other, and every reason."""

    one: str
    other: str
    reasons: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class _Spelt:
    face: Face
    words: tuple[str, ...]

    @property
    def joined(self) -> str:
        return "".join(self.words)


def likely_pairs(faces: Iterable[Face]) -> list[Pair]:
    """All pairs of `faces` (in the order in which they were entered) that may be one, the likeliest first.

    Rehearsal and real are never paired, nor are two that were told apart. Only those are compared that share a word,
    a spelling but for one letter, or a representative: thousands of organisations take a second or so. Of many with
    the very same name each is paired with the next.
    """
    known = [_Spelt(face, spelt(face.name or "")) for face in faces]
    found = (_pair(known[one], known[other]) for one, other in sorted(_candidates(known)))
    return sorted((pair for pair in found if pair is not None), key=_rank)


def _rank(pair: Pair) -> tuple[int, int]:
    strongest = list(Likeness).index(pair.reasons[0])
    return strongest, -len(pair.reasons)


def _candidates(known: Sequence[_Spelt]) -> set[tuple[int, int]]:
    shared: dict[Hashable, list[int]] = defaultdict(list)
    same: dict[Hashable, list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        kind = one.face.rehearsal
        for key in {("word", word) for word in one.words} | {("person", who) for who in one.face.representatives}:
            shared[(kind, *key)].append(place)
        for spelling in _spellings(one.joined):
            same[(kind, spelling)].append(place)
    few = (places for places in (*shared.values(), *same.values()) if len(places) <= COMMON)
    many = (places for places in same.values() if len(places) > COMMON)
    pairs = {pair for places in few for pair in combinations(places, 2)}
    return pairs | {pair for places in many for pair in pairwise(places)}


def _spellings(joined: str) -> Iterator[str]:
    """The name, and the name with each letter left out: two names one letter apart have one of these in common."""
    if joined:
        yield joined
    if _may_slip(joined):
        yield from {joined[:place] + joined[place + 1 :] for place in range(len(joined))}


def _pair(one: _Spelt, other: _Spelt) -> Pair | None:
    first, second = one.face, other.face
    if first.id in second.told_apart or second.id in first.told_apart:
        return None
    reasons = [*_by_name(one, other)]
    if set(first.representatives) & set(second.representatives):
        reasons.append(Likeness.SAME_REPRESENTATIVE)
    return Pair(one=first.id, other=second.id, reasons=tuple(reasons)) if reasons else None


def _by_name(one: _Spelt, other: _Spelt) -> Iterator[Likeness]:
    if not one.words or not other.words:
        return
    if one.joined == other.joined:
        yield Likeness.SAME_NAME
        return
    if _figures(one) != _figures(other):
        return
    shared = len(set(one.words) & set(other.words))
    if sorted(one.words) == sorted(other.words) or (
        shared > 1 and shared / len(set(one.words) | set(other.words)) >= ALIKE
    ):
        yield Likeness.SAME_WORDS
    elif _may_slip(one.joined) and _may_slip(other.joined) and within(one.joined, other.joined, 2 if shared else 1):
        yield Likeness.NEAR_NAME


def _may_slip(joined: str) -> bool:
    return SHORTEST <= len(joined) <= LONGEST


def _figures(one: _Spelt) -> Counter[str]:
    """Grundschule 1 and Grundschule 2 are two."""
    return Counter(word for word in one.words if any(sign.isdigit() for sign in word))
