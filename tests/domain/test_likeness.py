"""Which organisations look alike, and which only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organisation.likeness import COMMON, Face, Likeness, likely_pairs
from domain.organisation.spelling import spelt, within


def faces(*names: str | None) -> list[Face]:
    return [Face(id=str(place), name=name, rehearsal=False) for place, name in enumerate(names)]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Bäckerei Groß", "BAECKEREI GROSS GmbH", Likeness.SAME_NAME),
        ("Tafel Essen e.V.", "Tafel Essen e. V.", Likeness.SAME_NAME),
        ("Tafel Essen", "Tafel Essen eV", Likeness.SAME_NAME),
        ("Müller & Söhne GmbH & Co. KG", "Mueller und Soehne", Likeness.SAME_NAME),
        ("Café Zoë", "Cafe Zoe", Likeness.SAME_NAME),
        ("Kinderschutz-Bund", "Kinderschutzbund gGmbH", Likeness.SAME_NAME),
        ("Stadtwerke AG", "Stadtwerke", Likeness.SAME_NAME),
        ("Tafel Essen", "Essen Tafel", Likeness.SAME_WORDS),
        ("Caritas Essen", "Caritas Essen Mitte", Likeness.SAME_WORDS),
        ("Bäckerei", "Backerei", Likeness.NEAR_NAME),
        ("Bäckerei Schmitt", "Bäckerei Schmid", Likeness.NEAR_NAME),
        ("Werkstatt", "Werkstat", Likeness.NEAR_NAME),
    ],
)
def test_names_that_look_alike_are_paired_with_the_reason(one: str, other: str, reason: Likeness) -> None:
    """Given two spellings of one name, when pairs are looked for, then they are one, for this reason."""
    (pair,) = likely_pairs(faces(one, other))
    assert (pair.one, pair.other, pair.reasons) == ("0", "1", (reason,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Grundschule 1 Essen", "Grundschule 2 Essen"),
        ("Caritas", "Caritas Essen"),
        ("Post", "Rost"),
        ("GmbH", "e.V."),
        ("Tafel", None),
        ("!!!", "???"),
    ],
)
def test_names_that_only_seem_alike_are_not_paired(one: str, other: str | None) -> None:
    """Given two that differ in a figure, a place or a short word, when pairs are looked for, then there is none."""
    assert likely_pairs(faces(one, other)) == []


def test_one_representative_of_two_is_a_reason_too_and_the_likeliest_come_first() -> None:
    """Given pairs of several kinds, when they are ranked, then the same name is first, a shared person alone last."""
    anna = {"anna"}
    known = [
        Face(id="garage", name="Werkstatt Nord", rehearsal=False, representatives=anna),
        Face(id="choir", name="Chor am Markt", rehearsal=False, representatives=anna),
        Face(id="bakery", name="Bäckerei", rehearsal=False),
        Face(id="double", name="Bäckerei GmbH", rehearsal=False),
        Face(id="garage too", name="Werkstat Nord", rehearsal=False, representatives=anna),
    ]
    assert [(pair.one, pair.other, pair.reasons) for pair in likely_pairs(known)] == [
        ("bakery", "double", (Likeness.SAME_NAME,)),
        ("garage", "garage too", (Likeness.NEAR_NAME, Likeness.SAME_REPRESENTATIVE)),
        ("garage", "choir", (Likeness.SAME_REPRESENTATIVE,)),
        ("choir", "garage too", (Likeness.SAME_REPRESENTATIVE,)),
    ]


def test_rehearsal_and_real_and_those_told_apart_are_no_pairs() -> None:
    """Given the same name in a rehearsal, or a pair judged different from either side, then it isn't shown."""
    bakery = Face(id="a", name="Bäckerei", rehearsal=False)
    assert likely_pairs([bakery, Face(id="b", name="Bäckerei", rehearsal=True)]) == []
    assert likely_pairs([bakery, Face(id="b", name="Bäckerei", rehearsal=False, told_apart={"a"})]) == []
    told = Face(id="b", name="Bäckerei", rehearsal=False, told_apart={"c"})
    assert [pair.other for pair in likely_pairs([bakery, told])] == ["b"]


def test_a_crowd_of_one_name_stays_readable() -> None:
    """Given a word or a name that many share, when pairs are looked for, then there are no more than organisations."""
    many = 2 * COMMON
    assert len(likely_pairs(faces(*["Tafel Essen"] * many))) == many - 1
    assert likely_pairs(faces(*[f"Verein {chr(ord('a') + n) * 9}" for n in range(COMMON + 1)])) == []


@given(st.lists(st.text(max_size=30) | st.sampled_from(["Tafel", "Tafel Essen", "e.V."]), max_size=8))
def test_whatever_the_names_each_pair_is_told_once_and_never_with_itself(names: list[str]) -> None:
    """Given names in any script, when pairs are looked for, then each is of two and stands once."""
    pairs = [(pair.one, pair.other) for pair in likely_pairs(faces(*names))]
    assert len(pairs) == len(set(pairs))
    assert all(int(one) < int(other) for one, other in pairs)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_nearness_is_mutual_and_bounded(one: str, other: str) -> None:
    """Given two words, when they are within a distance, then from either end, and within every larger one."""
    assert within(one, other, 0) == (one == other)
    for most in range(3):
        assert within(one, other, most) == within(other, one, most)
        assert within(one, other, most + 1) or not within(one, other, most)


def test_spelling_keeps_something_of_every_name() -> None:
    """Given a name that is a legal form alone, then it is compared as it is; links and forms go elsewhere."""
    assert spelt("AG") == ("ag",)
    assert spelt("Haus & Hof UG (haftungsbeschränkt)") == ("haus", "hof")
    assert spelt("Löwe e.K.") == ("loewe",)
