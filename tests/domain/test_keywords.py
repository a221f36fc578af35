"""What of a title can bring an offer and a need together, in two languages."""

import pytest

from domain.listing.keywords import folded, keywords, stem, unit_of
from domain.listing.vocabulary import MEANINGS, SILENT, UNITS


def written(title: str) -> list[str]:
    return [word.written for word in keywords(title)]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Wir suchen Hilfe beim Malern im Gemeindehaus", ["Malern", "Gemeindehaus"]),
        ("We need help with our garden", ["garden"]),
        ("3 Stunden IT-Unterstützung", ["IT"]),
        ("Is it possible?", ["possible"]),
        ("Haus, Häuser, HAUS", ["Haus"]),
        ("Für den Verein", []),
        ("¿?! 100 %", []),
        ("Donaudampfschifffahrtsgesellschaft " + "x" * 61, ["Donaudampfschifffahrtsgesellschaft"]),
        ("", []),
    ],
)
def test_small_words_say_nothing(title: str, words: list[str]) -> None:
    """Given a title, when it is read, then what everybody writes is passed over, and each word is told once."""
    assert written(title) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gärten", "Garten"),
        ("Gaerten", "Garten"),
        ("Plakate", "plakaten"),
        ("painting", "Painters"),
        ("Fußball", "Fussball"),
        ("Übersetzungen", "Uebersetzungen"),
        ("Tafeln", "Tafel"),
        ("parties", "party"),
        ("Kinderbücher", "Kinderbuch"),
        ("Frauen", "Frauen"),
    ],
)
def test_endings_umlauts_and_their_spellings_are_one(one: str, other: str) -> None:
    """Given a word in two forms, when both are read, then they have one stem."""
    assert stem(folded(one)) == stem(folded(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Recht", "Rest"), ("Feuer", "Ferien"), ("Bus", "Busch"), ("Rasen", "Reisen"), ("Messe", "Essen")],
)
def test_words_that_look_alike_stay_two(one: str, other: str) -> None:
    """Given two words, when both are read, then they have two stems."""
    assert stem(folded(one)) != stem(folded(other))


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Gartenarbeit", "gardening"),
        ("Malern", "painting"),
        ("Rechnerschulung", "computers"),
        ("Webseite", "website"),
        ("Umzug", "moving"),
        ("Steuerberatung", "taxes"),
        ("Rechtsfragen", "legal"),
        ("Lieferwagen", "van"),
        ("Reisebus", "vehicle"),
        ("Seminarraum", "room"),
        ("Fotografieren", "photos"),
        ("Übersetzer", "translation"),
        ("Sommerfest", "event"),
    ],
)
def test_a_german_word_means_what_an_english_one_does(german: str, english: str) -> None:
    """Given a word in each language, when both are read, then they share a meaning."""
    (one,), (other,) = keywords(german), keywords(english)
    assert one.meanings & other.meanings


@pytest.mark.parametrize("word", ["Interessen", "Adressen", "Autorin", "Gerichte", "Handel", "Rauch"])
def test_a_word_within_a_word_isn_t_always_meant(word: str) -> None:
    """Given a word that happens to hold `essen`, `auto` or `recht`, when it is read, then it means none of them."""
    (read,) = keywords(word)
    assert not read.meanings


@pytest.mark.parametrize(
    ("one", "other"),
    [("Stunden", "hours"), ("Std.", "Stunde"), ("Tage", "day"), ("Stück", "pieces"), ("Sack", "sack")],
)
def test_units_are_the_same_in_both_languages(one: str, other: str) -> None:
    """Given a unit in two spellings, when they are compared, then they are the same."""
    assert unit_of(one) == unit_of(other)
    assert unit_of(one) != unit_of("Paletten")


def test_the_vocabulary_means_what_it_says() -> None:
    """Given our words, then each means one thing, in all its forms, and none is silent."""
    seen: dict[str, str] = {}
    for meaning, words in MEANINGS.items():
        for word in (folded(told.removeprefix("=")) for told in words.split()):
            assert word not in SILENT
            assert seen.setdefault(word, meaning) == meaning, word
            assert seen.setdefault(stem(word), meaning) == meaning, word
    units = [folded(word) for words in UNITS.values() for word in words.split()]
    assert len(units) == len(set(units))
    assert all(word == folded(word) for word in SILENT)
