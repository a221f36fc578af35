"""Suggested matches: which offer and which need might come together, how well, and why (docs/matching.md).

A suggestion is a sum of reasons, each with its weight, and nothing else. Only pairs that have something in common
are suggested: an area, or a word. Pure and repeatable: the same listings give the same suggestions in the same order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from heapq import nsmallest
from types import MappingProxyType

from domain.frozen import dataclass
from domain.identity import AreaId, ListingId, OrganisationId
from domain.listing.events import ListingKind
from domain.listing.keywords import LEAST_PART, Keyword, keywords, parts, unit_of
from domain.organisation.events import Side


class ReasonKind(StrEnum):
    """Why an offer and a need are suggested to each other."""

    SAME_AREA = "same_area"
    SAME_WORD = "same_word"
    SAME_MEANING = "same_meaning"
    PART_OF_WORD = "part_of_word"
    SAME_UNIT = "same_unit"
    COVERS = "covers"
    COVERS_PART = "covers_part"
    OFFERER_WITHOUT_CONTRACT = "offerer_without_contract"
    SEEKER_WITHOUT_CONTRACT = "seeker_without_contract"
    ACROSS_SIDES = "across_sides"


WEIGHTS = MappingProxyType(
    {
        ReasonKind.SAME_AREA: 20,
        ReasonKind.SAME_WORD: 20,
        ReasonKind.SAME_MEANING: 16,
        ReasonKind.PART_OF_WORD: 12,
        ReasonKind.SAME_UNIT: 4,
        ReasonKind.COVERS: 8,
        ReasonKind.COVERS_PART: 3,
        ReasonKind.OFFERER_WITHOUT_CONTRACT: 10,
        ReasonKind.SEEKER_WITHOUT_CONTRACT: 10,
        ReasonKind.ACROSS_SIDES: 6,
    }
)
MOST_WORDS = 3
"""Words that count for one pair: long titles aren't better ones."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason and what it adds to the score. `words` are what it is about: the offer's first, then the need's."""

    kind: ReasonKind
    weight: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A listing of which `left` can still be promised; `contracted`: its organisation has a contract already."""

    id: ListingId
    organisation: OrganisationId
    side: Side
    contracted: bool
    kind: ListingKind
    area: AreaId
    title: str
    unit: str
    left: int


@dataclass(frozen=True, slots=True)
class Match:
    """An offer for a need; the `score` is the sum of its reasons' weights."""

    offer: ListingId
    need: ListingId
    score: int
    reasons: tuple[Reason, ...]


def matches(listings: Iterable[Candidate], most: int) -> list[Match]:
    """The best pairs among an edition's listings, at most `most`, best first."""
    open_ones = [listing for listing in listings if listing.left > 0]
    offers = [listing for listing in open_ones if listing.kind is ListingKind.OFFER]
    needs = [listing for listing in open_ones if listing.kind is ListingKind.NEED]
    return nsmallest(most, _pairs(offers, needs), key=lambda pair: (-pair.score, pair.offer, pair.need))


def matches_of(listing: Candidate, others: Iterable[Candidate], most: int) -> list[Match]:
    """The best pairs of one listing with `others`, at most `most`, best first."""
    return matches([listing, *(other for other in others if other.kind is not listing.kind)], most)


def match(one: Candidate, other: Candidate) -> Match | None:
    """The two as a pair, in whichever order they are named; None when nothing brings them together."""
    return next(iter(matches((one, other), 1)), None)


@dataclass(slots=True)
class _Words:
    """Which words of offers and needs belong together, and where they stand: nothing is compared pair by pair."""

    offers: dict[str, list[int]] = field(default_factory=dict)
    by_stem: dict[str, list[str]] = field(default_factory=dict)
    by_meaning: dict[str, list[str]] = field(default_factory=dict)
    by_part: dict[str, list[str]] = field(default_factory=dict)
    _kin: dict[str, Mapping[str, ReasonKind]] = field(default_factory=dict)

    def add(self, number: int, title: str) -> None:
        """Take the words of an offer in."""
        for word in keywords(title):
            places = self.offers.setdefault(word.written, [])
            places.append(number)
            if len(places) == 1:
                self._learn(word)

    def _learn(self, word: Keyword) -> None:
        self.by_stem.setdefault(word.stem, []).append(word.written)
        for meaning in word.meanings:
            self.by_meaning.setdefault(meaning, []).append(word.written)
        for part in {*parts(word.folded)}:
            self.by_part.setdefault(part, []).append(word.written)

    def kin(self, word: Keyword) -> Mapping[str, ReasonKind]:
        """The offers' words that belong to a need's `word`, and how: by the strongest tie."""
        known = self._kin.get(word.written)
        if known is None:
            tied: dict[str, ReasonKind] = {}
            for contained in (part for part in {*parts(word.folded)} if part in self.by_stem):
                tied |= dict.fromkeys(self.by_stem[contained], ReasonKind.PART_OF_WORD)
            if len(word.stem) >= LEAST_PART:
                tied |= dict.fromkeys(self.by_part.get(word.stem, ()), ReasonKind.PART_OF_WORD)
            for meaning in word.meanings:
                tied |= dict.fromkeys(self.by_meaning.get(meaning, ()), ReasonKind.SAME_MEANING)
            tied |= dict.fromkeys(self.by_stem.get(word.stem, ()), ReasonKind.SAME_WORD)
            known = self._kin[word.written] = tied
        return known


def _pairs(offers: list[Candidate], needs: list[Candidate]) -> Iterator[Match]:
    words = _Words()
    in_area: dict[AreaId, list[int]] = {}
    for number, offer in enumerate(offers):
        words.add(number, offer.title)
        in_area.setdefault(offer.area, []).append(number)
    units = {listing.unit: unit_of(listing.unit) for listing in (*offers, *needs)}
    for need in needs:
        shared: dict[int, list[Reason]] = {number: [] for number in in_area.get(need.area, ())}
        for word in keywords(need.title):
            for written, kind in words.kin(word).items():
                reason = Reason(kind, WEIGHTS[kind], (written, word.written))
                for number in words.offers[written]:
                    shared.setdefault(number, []).append(reason)
        for number, of_words in shared.items():
            offer = offers[number]
            if offer.organisation != need.organisation:
                reasons = tuple(_reasons(offer, need, of_words, units))
                yield Match(offer.id, need.id, sum(reason.weight for reason in reasons), reasons)


def _reasons(offer: Candidate, need: Candidate, of_words: list[Reason], units: Mapping[str, str]) -> Iterator[Reason]:
    if offer.area == need.area:
        yield _reason(ReasonKind.SAME_AREA, need.area)
    yield from of_words if len(of_words) < 2 else _best(of_words)
    if units[offer.unit] == units[need.unit]:
        yield _reason(ReasonKind.SAME_UNIT, offer.unit, need.unit)
        enough = ReasonKind.COVERS if offer.left >= need.left else ReasonKind.COVERS_PART
        yield _reason(enough, str(offer.left), str(need.left))
    if not offer.contracted:
        yield _OFFERER_WAITS
    if not need.contracted:
        yield _SEEKER_WAITS
    if offer.side is not need.side:
        yield _ACROSS


def _best(of_words: list[Reason]) -> Iterator[Reason]:
    """The strongest ties, each word in one of them at most; the same ones whoever of the two offers."""
    used: set[tuple[int, str]] = set()
    left = MOST_WORDS
    for reason in sorted(of_words, key=lambda reason: (-reason.weight, sorted(reason.words), reason.words)):
        ends = set(enumerate(reason.words))
        if left and not ends & used:
            used |= ends
            left -= 1
            yield reason


def _reason(kind: ReasonKind, *words: str) -> Reason:
    return Reason(kind, WEIGHTS[kind], words)


_OFFERER_WAITS = _reason(ReasonKind.OFFERER_WITHOUT_CONTRACT)
_SEEKER_WAITS = _reason(ReasonKind.SEEKER_WITHOUT_CONTRACT)
_ACROSS = _reason(ReasonKind.ACROSS_SIDES)
