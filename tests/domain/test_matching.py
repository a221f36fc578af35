"""Suggestions: which offers and needs are brought together, how well, and why."""

from dataclasses import replace

import pytest

from domain.identity import AreaId, ListingId, OrganisationId
from domain.listing import matching
from domain.listing.events import ListingKind
from domain.listing.keywords import keywords
from domain.listing.matching import WEIGHTS, Candidate, Match, Reason, ReasonKind, match, matches, matches_of
from domain.organisation.events import Side
from tests.domain.people import bakers, food_bankers, mechanics, stream


def listing(name: str, kind: ListingKind, by: OrganisationId, title: str, area: str = "hands") -> Candidate:
    return Candidate(
        id=ListingId(stream(name)),
        organisation=by,
        side=Side.NONPROFIT if by == food_bankers else Side.COMPANY,
        contracted=False,
        kind=kind,
        area=AreaId(area),
        title=title,
        unit="Stunden",
        left=4,
    )


def offer(title: str, name: str = "offer", area: str = "hands") -> Candidate:
    return listing(name, ListingKind.OFFER, bakers, title, area)


def need(title: str, name: str = "need", area: str = "hands") -> Candidate:
    return listing(name, ListingKind.NEED, food_bankers, title, area)


def found(one: Candidate, other: Candidate) -> Match:
    pair = match(one, other)
    assert pair is not None
    return pair


def kinds(pair: Match) -> list[ReasonKind]:
    return [reason.kind for reason in pair.reasons]


def test_a_german_need_meets_an_english_offer_and_every_reason_is_told() -> None:
    """Given help in a garden is needed and gardening offered, when they are compared, then it adds up."""
    pair = found(offer("Gardening with our team"), need("Hilfe im Garten"))
    assert pair.reasons == (
        Reason(ReasonKind.SAME_AREA, 20, ("hands",)),
        Reason(ReasonKind.SAME_MEANING, 16, ("Gardening", "Garten")),
        Reason(ReasonKind.SAME_UNIT, 4, ("Stunden", "Stunden")),
        Reason(ReasonKind.COVERS, 8, ("4", "4")),
        Reason(ReasonKind.OFFERER_WITHOUT_CONTRACT, 10, ()),
        Reason(ReasonKind.SEEKER_WITHOUT_CONTRACT, 10, ()),
        Reason(ReasonKind.ACROSS_SIDES, 6, ()),
    )
    assert pair.score == 74 == sum(reason.weight for reason in pair.reasons)


@pytest.mark.parametrize(
    ("offered", "needed", "kind"),
    [
        ("Klavierkonzerte", "Klavierkonzert im Heim", ReasonKind.SAME_WORD),
        ("Legal advice", "Rechtsberatung", ReasonKind.SAME_MEANING),
        ("Hüpfburg", "Hüpfburgverleih", ReasonKind.PART_OF_WORD),
        ("Hüpfburgverleih", "Hüpfburgen", ReasonKind.PART_OF_WORD),
    ],
)
def test_words_meet_by_stem_meaning_or_part(offered: str, needed: str, kind: ReasonKind) -> None:
    """Given two titles in other areas, when they share a word, a meaning or a part, then that brings them together."""
    assert kinds(found(offer(offered, area="know-how"), need(needed)))[0] is kind


def test_words_count_three_times_at_most_and_each_in_one_tie() -> None:
    """Given long titles with four words in common, when they are compared, then the three strongest count."""
    title = "Klavier, Hüpfburg, Trampolin und Zauberer"
    pair = found(offer(title), need(title))
    assert kinds(pair).count(ReasonKind.SAME_WORD) == 3
    twice = found(offer("Gartenarbeit"), need("Gartenarbeit im Garten"))
    (_, of_words, *_) = twice.reasons
    assert of_words.words == ("Gartenarbeit", "Gartenarbeit")
    assert kinds(twice).count(ReasonKind.SAME_WORD) + kinds(twice).count(ReasonKind.SAME_MEANING) == 1


def test_quantities_count_in_the_same_unit_alone() -> None:
    """Given four hours offered, when six are needed, part is covered; when three days are, nothing is said of it."""
    four = offer("Gartenarbeit")
    assert ReasonKind.COVERS in kinds(found(four, replace(need("Garten"), unit="hours")))
    short = kinds(found(four, replace(need("Garten"), left=6)))
    assert ReasonKind.COVERS_PART in short
    assert ReasonKind.COVERS not in short
    days = kinds(found(four, replace(need("Garten"), unit="Tage", left=3)))
    assert not {ReasonKind.SAME_UNIT, ReasonKind.COVERS, ReasonKind.COVERS_PART} & set(days)


def test_who_has_no_contract_yet_comes_first() -> None:
    """Given two offers alike, when one's company has a contract already, then the other leads by its gap."""
    had = replace(offer("Gartenarbeit"), contracted=True)
    waits = replace(offer("Gartenarbeit", "later"), organisation=mechanics)
    best = matches((had, waits, need("Garten")), 10)
    assert [pair.offer for pair in best] == [waits.id, had.id]
    assert best[0].score - best[1].score == WEIGHTS[ReasonKind.OFFERER_WITHOUT_CONTRACT]


def test_non_profits_help_each_other_and_both_sides_are_preferred() -> None:
    """Given a company and a non-profit offer the same, when a non-profit needs it, both are suggested, across first."""
    own_side = replace(offer("Gartenarbeit", "own side"), organisation=mechanics, side=Side.NONPROFIT)
    across = offer("Gartenarbeit")
    assert [pair.offer for pair in matches((own_side, across, need("Garten")), 10)] == [across.id, own_side.id]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (offer("Klavier"), need("Garten", area="know-how")),
        (offer("Hilfe für den Verein"), need("Hilfe für den Verein", area="know-how")),
        (offer("Garten"), replace(need("Garten"), organisation=bakers)),
        (offer("Garten"), replace(need("Garten"), left=0)),
        (offer("Garten"), offer("Garten", "another")),
    ],
)
def test_what_has_nothing_to_say_to_each_other_isn_t_suggested(one: Candidate, other: Candidate) -> None:
    """Given nothing in common, one organisation, nothing left, or two offers, when compared, then nothing is said."""
    assert match(one, other) is None


def test_one_listing_s_matches_are_those_of_the_edition() -> None:
    """Given several needs, when one offer asks for itself, then it hears what the edition's list says of it."""
    needs = [need(title, title) for title in ("Gartenarbeit", "Garten", "Klavier", "Umzug")]
    mine, other = offer("Gartenarbeit"), replace(offer("Umzugswagen", "other"), organisation=mechanics)
    everything = matches((mine, other, *needs), 100)
    assert matches_of(mine, (other, *needs), 100) == [pair for pair in everything if pair.offer == mine.id]
    assert matches((mine, other, *needs), 2) == everything[:2]


def test_no_title_is_taken_apart_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given 300 offers and 300 needs in three areas, when all are compared, then each title was read once."""
    subjects = ("Garten", "Umzug", "Website", "Steuer", "Plakate", "Klavier", "Lieferwagen", "Catering", "Hüpfburg")
    many = [
        replace(
            (offer, need)[number % 2](f"{subjects[number % 9]} und {subjects[number % 7]}", f"listing {number}"),
            area=AreaId(f"area {number % 3}"),
        )
        for number in range(600)
    ]
    read: list[str] = []

    def noted(title: str) -> object:
        read.append(title)
        return keywords(title)

    monkeypatch.setattr(matching, "keywords", noted)
    assert len(matches(many, 50)) == 50
    assert sorted(read) == sorted(listing.title for listing in many)
