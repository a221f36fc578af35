"""Laws of suggestions: explained, the same from both ends, and independent of the order in which listings come."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import AreaId, ListingId, OrganisationId
from domain.listing.events import ListingKind
from domain.listing.keywords import folded, keywords, stem
from domain.listing.matching import WEIGHTS, Candidate, Match, ReasonKind, match, matches, matches_of
from domain.organisation.events import Side
from tests.domain.people import stream
from tests.laws.making import wild_text

_WORDS = (
    "Garten Gartenarbeit garden gardening Gärten Hüpfburg Hüpfburgen Hüpfburgverleih Steuerberatung tax Beratung "
    "advice Rechtsberatung legal Umzug Umzugswagen Lieferwagen van Hilfe und IT Klavier Klavierkonzert Konzert"
)
WORDS = _WORDS.split()
MIRRORED = {
    ReasonKind.OFFERER_WITHOUT_CONTRACT: ReasonKind.SEEKER_WITHOUT_CONTRACT,
    ReasonKind.SEEKER_WITHOUT_CONTRACT: ReasonKind.OFFERER_WITHOUT_CONTRACT,
}
titles = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | wild_text
candidates = st.builds(
    Candidate,
    id=st.integers(0, 40).map(lambda number: ListingId(stream(f"listing {number}"))),
    organisation=st.integers(0, 3).map(lambda number: OrganisationId(stream(f"organisation {number}"))),
    side=st.sampled_from(Side),
    contracted=st.booleans(),
    kind=st.sampled_from(ListingKind),
    area=st.sampled_from([AreaId("hands"), AreaId("goods"), AreaId("know-how")]),
    title=titles,
    unit=st.sampled_from(["Stunden", "hours", "Tage", "Stück"]),
    left=st.integers(0, 5),
)
editions = st.lists(candidates, max_size=9, unique_by=lambda listing: listing.id)


@given(editions)
def test_every_suggestion_is_explained(listings: list[Candidate]) -> None:
    """The reasons' weights are those of the table and sum to the score; something in common is among them."""
    by_id = {listing.id: listing for listing in listings}
    for pair in matches(listings, 100):
        assert pair.score == sum(reason.weight for reason in pair.reasons)
        assert all(reason.weight == WEIGHTS[reason.kind] for reason in pair.reasons)
        common = [reason for reason in pair.reasons if reason.kind in set(list(ReasonKind)[:4])]
        assert common
        offer, need = by_id[pair.offer], by_id[pair.need]
        assert offer.organisation != need.organisation
        assert min(offer.left, need.left) > 0
        for reason in common:
            if reason.kind is not ReasonKind.SAME_AREA:
                theirs, ours = reason.words
                assert theirs in offer.title
                assert ours in need.title


@given(editions, st.randoms(use_true_random=False), st.integers(1, 10))
def test_order_doesn_t_matter(listings: list[Candidate], random: object, most: int) -> None:
    """However the listings come, the same are suggested, best first; fewer are the first of more."""
    shuffled = list(listings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' Random
    everything = matches(listings, 100)
    assert matches(shuffled, 100) == everything
    assert matches(listings, most) == everything[:most]
    assert [pair.score for pair in everything] == sorted((pair.score for pair in everything), reverse=True)


@given(editions)
def test_the_list_of_all_is_the_list_of_each(listings: list[Candidate]) -> None:
    """Comparing by index finds what comparing each with each finds, and one listing hears its own part of it."""
    everything = matches(listings, 100)
    offers = [listing for listing in listings if listing.kind is ListingKind.OFFER]
    needs = [listing for listing in listings if listing.kind is ListingKind.NEED]
    alone = [pair for one, other in product(offers, needs) if (pair := match(one, other)) is not None]
    assert sorted(alone, key=_order) == everything
    for listing in listings:
        others = [other for other in listings if other.id != listing.id]
        assert matches_of(listing, others, 100) == [
            pair for pair in everything if listing.id in (pair.offer, pair.need)
        ]


@given(candidates, candidates)
def test_a_suggestion_is_the_same_from_both_ends(one: Candidate, other: Candidate) -> None:
    """Whoever is named first; and if the two swap what they offer and need, the score stays and the gaps swap."""
    offer, need = replace(one, kind=ListingKind.OFFER, left=2), replace(other, kind=ListingKind.NEED, left=2)
    pair = match(offer, need)
    assert match(need, offer) == pair
    swapped = match(replace(need, kind=ListingKind.OFFER), replace(offer, kind=ListingKind.NEED))
    assert (pair is None) == (swapped is None)
    if pair is not None and swapped is not None:
        assert pair.score == swapped.score
        mirrored = sorted(MIRRORED.get(reason.kind, reason.kind) for reason in swapped.reasons)
        assert sorted(reason.kind for reason in pair.reasons) == mirrored


@given(wild_text)
def test_any_title_can_be_read(title: str) -> None:
    """Whatever stands in a title, it is read without a fault, each stem once; a stem's stem is itself."""
    words = keywords(title)
    assert len({word.stem for word in words}) == len(words)
    assert all(stem(word.stem) == word.stem for word in words)
    assert all(folded(word.folded) == word.folded for word in words if word.folded.isascii())


def _order(pair: Match) -> tuple[int, str, str]:
    return -pair.score, pair.offer, pair.need
