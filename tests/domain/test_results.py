"""What a host announces, and how a season adds up (season-2006.json)."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from domain.refusal import LogDamaged, NotThere, Refusal
from domain.results import statement as why
from domain.results.figures import Figure, Figures, Qualifier, Strength, Subject, add, together
from domain.results.statement import (
    AnnounceResults,
    CorrectionReasonGiven,
    CorrectResults,
    DrawnFromLedger,
    ResultsAnnounced,
    ResultsCorrected,
    announce,
    correct,
    replay,
)
from domain.words import WordsMissing
from tests.domain.people import called_off, over, plan, planned, refused, ruhrdax

SEASON: dict[str, Any] = json.loads((Path(__file__).parent / "season-2006.json").read_text())
unknown = Figure(value=None, qualifier=Qualifier.UNKNOWN)
HEAD = 40
"""How far the log reaches."""
COUNTED_WRONGLY = why.StatementReason.COUNTED_WRONGLY
figures = Figures(
    agreements=Figure(value=97, qualifier=Qualifier.EXACT, noun="Kontrakte", strength=Strength.AGREED),
    value=Figure(value=200_000, qualifier=Qualifier.JUST_UNDER, unit="EUR"),
    business_side=Figure(value=90, qualifier=Qualifier.EXACT, subject=Subject.ORGANISATION),
    nonprofit_side=Figure(value=150, qualifier=Qualifier.ABOUT, subject=Subject.ORGANISATION),
    participants=unknown,
)
say = AnnounceResults(marketplace=ruhrdax, figures=figures, source="press release", notes=())
say_again = CorrectResults(figures=figures, source="press release", notes=("counted again",), reason=COUNTED_WRONGLY)


def figure(told: dict[str, Any]) -> Figure:
    """A figure as the season's file has it."""
    return Figure(
        value=told["value"],
        qualifier=Qualifier(told["qualifier"]),
        unit=told.get("unit"),
        subject=Subject(told["subject"]) if "subject" in told else None,
        noun=told.get("noun"),
        strength=Strength(told["strength"]) if "strength" in told else None,
        derived=told.get("derived"),
    )


def of_season(member: str) -> list[tuple[str, Figure]]:
    return [(edition["host"], figure(edition[member])) for edition in SEASON["marketplaces"]]


def test_the_six_cities_of_2006_add_up_as_their_file_says() -> None:
    """Over 556 agreements, of five nouns, Jena's only initiated; about 680,000 EUR without Jena and Berlin."""
    agreements, value = add(of_season("agreements")), add(of_season("value"))
    told = SEASON["season"]
    assert (agreements.value, agreements.qualifier) == (told["agreements"]["value"], Qualifier.OVER)
    assert agreements.missing == tuple(told["agreements"]["missing"]) == ()
    assert agreements.mixed_nouns is told["agreements"]["mixed_nouns"] is True
    assert agreements.includes_initiated == tuple(told["agreements"]["includes_initiated"]) == ("jena",)
    assert (value.value, value.qualifier) == (told["value"]["value"], Qualifier.ABOUT)
    assert value.missing == tuple(told["value"]["missing"]) == ("jena", "berlin")
    assert len({figure.noun for _, figure in of_season("agreements")}) == 5


def test_people_are_not_organisations() -> None:
    """Frankfurt's 40 are people, Essen's 90 organisations: their sum says that unlike things were added."""
    sides = add(of_season("business_side"))
    assert sides.value == 90 + 30 + 42 + 40
    assert sides.mixed_nouns
    assert sides.missing == ("kassel", "duesseldorf")
    assert not add(of_season("business_side")[:1]).mixed_nouns


def test_every_figure_of_2006_can_be_announced() -> None:
    """As the source has it: unknown stays unknown, and an edition without a date announces too."""
    members = ("agreements", "value", "business_side", "nonprofit_side", "participants")
    for edition in SEASON["marketplaces"]:
        said = Figures(**{member: figure(edition[member]) for member in members})
        command = AnnounceResults(
            marketplace=ruhrdax, figures=said, source=SEASON["source"], notes=tuple(edition["notes"])
        )
        assert announce(command, None, planned, HEAD)


@pytest.mark.parametrize(
    ("one", "other", "sum_"),
    [
        *((Qualifier.EXACT, other, other) for other in Qualifier if other is not Qualifier.UNKNOWN),
        (Qualifier.OVER, Qualifier.OVER, Qualifier.OVER),
        (Qualifier.JUST_UNDER, Qualifier.JUST_UNDER, Qualifier.JUST_UNDER),
        (Qualifier.OVER, Qualifier.JUST_UNDER, Qualifier.ABOUT),
        (Qualifier.ABOUT, Qualifier.OVER, Qualifier.ABOUT),
        (Qualifier.ABOUT, Qualifier.JUST_UNDER, Qualifier.ABOUT),
        (Qualifier.ABOUT, Qualifier.ABOUT, Qualifier.ABOUT),
    ],
)
def test_qualifiers_add_by_the_file_s_rule(one: Qualifier, other: Qualifier, sum_: Qualifier) -> None:
    """In either order."""
    assert together(one, other) is together(other, one) is sum_


def test_unknown_is_never_zero() -> None:
    """Hosts of whom nobody says anything are named, and their sum is unknown."""
    total = add([("jena", unknown), ("berlin", unknown)])
    assert (total.qualifier, total.missing) == (Qualifier.UNKNOWN, ("jena", "berlin"))
    assert add([]).qualifier is Qualifier.UNKNOWN
    zero = add([("jena", replace(unknown, value=0, qualifier=Qualifier.EXACT))])
    assert (zero.value, zero.qualifier, zero.missing) == (0, Qualifier.EXACT, ())


def test_results_are_announced_once_and_corrected_in_the_open() -> None:
    """A correction is a new statement; how often is told."""
    (said,) = announce(say, None, over, HEAD)
    assert said == ResultsAnnounced(marketplace=ruhrdax, figures=figures, source="press release", notes=())
    standing = replay((said,))
    refused(why.AlreadyAnnounced, lambda: announce(say, standing, over, HEAD))
    again, reason = correct(say_again, standing, HEAD)
    assert again == ResultsCorrected(figures=figures, source="press release", notes=("counted again",))
    assert reason == CorrectionReasonGiven(reason=COUNTED_WRONGLY)
    now = replay((said, again, reason))
    assert now is not None
    assert (now.corrections, now.notes, now.reason) == (1, ("counted again",), COUNTED_WRONGLY)
    refused(why.NothingAnnounced, lambda: correct(say_again, None, HEAD))
    refused(NotThere, lambda: announce(say, None, None, HEAD))
    with pytest.raises(LogDamaged):
        replay((again,))
    with pytest.raises(LogDamaged):
        replay((said, reason))


def test_figures_say_from_which_state_of_the_ledger_they_were_drawn() -> None:
    """A position that the log has come to; other words need one of their own."""
    said, drawn = announce(replace(say, as_of=HEAD), None, over, HEAD)
    assert drawn == DrawnFromLedger(position=HEAD)
    standing = replay((said, drawn))
    assert standing is not None
    assert standing.drawn_from == HEAD
    corrected = replay((said, drawn, *correct(say_again, standing, HEAD)))
    assert corrected is not None
    assert corrected.drawn_from is None
    assert correct(replace(say_again, as_of=3), standing, HEAD)[-1] == DrawnFromLedger(position=3)
    for wrong in (-1, 0, HEAD + 1):
        refused(why.NotInTheLogYet, partial(announce, replace(say, as_of=wrong), None, over, HEAD))
        refused(why.NotInTheLogYet, partial(correct, replace(say_again, as_of=wrong), standing, HEAD))
    with pytest.raises(LogDamaged):
        replay((said, drawn, drawn))


def test_rehearsals_and_called_off_editions_announce_nothing() -> None:
    """No season counts a Probe."""
    refused(why.OnlyARehearsal, lambda: announce(say, None, replace(over, plan=replace(plan, rehearsal=True)), HEAD))
    refused(why.CalledOffHasNoResults, lambda: announce(say, None, called_off, HEAD))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(unknown, value=3), why.FigureDoesntSayWhat),
        (replace(unknown, qualifier=Qualifier.EXACT), why.FigureDoesntSayWhat),
        (Figure(value=-1, qualifier=Qualifier.EXACT), why.FigureBelowZero),
        (Figure(value=10**13, qualifier=Qualifier.ABOUT), why.FigureTooLarge),
        (Figure(value=1, qualifier=Qualifier.EXACT, noun=""), WordsMissing),
    ],
)
def test_a_figure_says_what_it_means(wrong: Figure, reason: type[Refusal]) -> None:
    """Known or unknown, not below zero, in words; announced or corrected."""
    for member in ("agreements", "value", "business_side", "nonprofit_side", "participants"):
        said = replace(figures, **{member: wrong})
        with pytest.raises(reason):
            announce(replace(say, figures=said), None, over, HEAD)
    standing = replay(announce(say, None, over, HEAD))
    refused(reason, lambda: correct(replace(say_again, figures=replace(figures, value=wrong)), standing, HEAD))


def test_a_statement_names_its_source_and_stays_short() -> None:
    """No source, or eleven notes: refused."""
    refused(WordsMissing, lambda: announce(replace(say, source=" "), None, over, HEAD))
    refused(why.TooManyNotes, lambda: announce(replace(say, notes=("a note",) * 11), None, over, HEAD))
