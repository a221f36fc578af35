"""What people write can be seen by whoever reads it, and reads in the order in which it is stored."""

import unicodedata
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codec import parse
from domain.identity import PersonId
from domain.organisation.events import OrganisationRegistered, Side
from domain.organisation.state import evolve
from domain.personal import Personal, must_be_in_words
from domain.refusal import Refusal
from domain.words import MAX_TITLE, NotPlainText, TooManyWords, WordsMissing, must_be_words

FORMATS = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\u2063\ufeff\ufff9\U000e0041"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\ufe0f\ufffc\U0001d159\u0301\u2065\ufff0"
BLANK = st.text(st.sampled_from(FORMATS + FILLERS + " \u00a0\u2003\u3000"), min_size=1, max_size=12)
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
PLANES = range(0, 0x110000, 0x10000)
NOWHERE = st.sampled_from([*range(0xFDD0, 0xFDF0), *(plane + last for plane in PLANES for last in (0xFFFE, 0xFFFF))])
LETTERS = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=FILLERS), min_size=1, max_size=12)
WORDS = LETTERS.map(lambda text: unicodedata.normalize("NFC", text))
HONEST = [
    "Bäckerei Müller & Söhne",
    "\u0646\u0627\u0645\u0647\u200c\u0647\u0627",
    "\u0915\u094d\u200d\u0937",
    "\U0001f469\u200d\u2695\ufe0f Praxis",
    "\u200e+49 201 12345",
    "\u05d0\u05d1 C++\u200f!",
    "\u0639\u0631\u0628\u064a\u061c (2026)",
    "Steuerberatungs\u00adgesellschaft",
    "\u4e2d\U00031350",
    "\u1112\u1161\u11ab",
    "?",
]


def said_of(text: str) -> type[Refusal] | None:
    """Why a text is refused as a title; None: it can be one."""
    try:
        must_be_words(text, MAX_TITLE)
    except Refusal as no:
        return type(no)
    return None


@given(BLANK)
def test_what_nobody_can_see_names_nothing(text: str) -> None:
    """Given format characters, fillers, lone marks and spaces alone, when they name something, then it is refused."""
    assert said_of(unicodedata.normalize("NFC", text)) in (WordsMissing, NotPlainText)


@given(WORDS, BLANK, WORDS)
def test_one_sign_that_can_be_seen_is_a_name(before: str, between: str, after: str) -> None:
    """Given words, when what can't be seen stands between them, then they are a name: honest texts need such signs."""
    kept = "".join(sign for sign in between if sign not in "\u061c\u200f")
    assert said_of(unicodedata.normalize("NFC", before + kept + after)) is None


@given(WORDS, st.sampled_from(TURNING), WORDS)
def test_nothing_turns_the_direction_of_reading(before: str, turning: str, after: str) -> None:
    """Given a control that overrides, embeds or isolates, wherever it stands, then the text is refused."""
    for text in (turning + after, before + turning, before + turning + after):
        assert said_of(unicodedata.normalize("NFC", text)) is NotPlainText


@given(WORDS, NOWHERE.map(chr), WORDS)
def test_what_is_no_character_is_refused(before: str, none: str, after: str) -> None:
    """Given one of Unicode's noncharacters, wherever it stands, then the text is refused."""
    assert said_of(unicodedata.normalize("NFC", before + none + after)) is NotPlainText


@pytest.mark.parametrize("mark", ["\u200f", "\u061c"])
def test_a_right_to_left_mark_needs_right_to_left_letters(mark: str) -> None:
    """Given a mark that would turn "10 - 20" round, then it is refused unless the text is one that reads so anyway."""
    assert said_of(f"{mark}10 - 20") is NotPlainText
    assert said_of(f"Halle {mark}10 - 20") is NotPlainText
    assert said_of(f"\u05d0{mark}10 - 20") is None
    assert said_of(mark) in (WordsMissing, NotPlainText)


@pytest.mark.parametrize("text", HONEST)
def test_honest_texts_are_names(text: str) -> None:
    """Joiners of Persian, Hindi and emoji, marks of mixed directions, soft hyphens, letters newer than this Python."""
    assert said_of(unicodedata.normalize("NFC", text)) is None


@given(st.text(st.characters(exclude_categories=[]), max_size=8))
def test_whatever_is_written_is_judged(text: str) -> None:
    """Given any text at all, then it is a name or refused in words: nothing else comes of it."""
    assert said_of(text) in (None, WordsMissing, NotPlainText, TooManyWords)


@given(BLANK)
def test_what_is_recorded_already_stays_readable(text: str) -> None:
    """Given a record of before with a name that would be refused now, when it is read, then it is what it was."""
    stored = unicodedata.normalize("NFC", text)
    assert parse(f'{{"name":"{stored}"}}'.encode()) == {"name": stored}
    named = OrganisationRegistered(name=stored, side=Side.COMPANY, rehearsal=False)
    assert evolve(None, named).representatives == frozenset()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "\u200b"}, WordsMissing),
        ({"name": "Anna", "contact": "\u2060"}, WordsMissing),
        ({"name": "Adv \u202eevil"}, NotPlainText),
        ({"note": "a\ufffe\uffff"}, NotPlainText),
        ({"name": "A" * 201}, TooManyWords),
        ({"note": "A" * 1_001}, TooManyWords),
        ({"name": "Anna", "note": "A" * 1_000}, None),
        ({}, None),
    ],
)
def test_values_under_seal_are_words(values: dict[str, str], why: type[Refusal] | None) -> None:
    """Names, contacts and notes that go to the vault are judged like those in the open."""
    personal = Personal(person=PersonId("00000000-0000-4000-8000-000000000001"), values=values)
    with pytest.raises(why) if why else nullcontext():
        must_be_in_words(personal)
