"""Every page speaks German and English alike, and has words for everything that can happen."""

import importlib
import pkgutil
from string import Formatter

import pytest
from msgspec.structs import replace

import domain
import services.api
import services.application
import services.web
from domain.access.roles import Role
from domain.contract.form import Manner, ReturnReason
from domain.contract.fulfilment import CallOutcome, NonFulfilmentReason
from domain.contract.reasons import AnnulmentReason, CorrectionReason, DisputeReason, ReminderKind, RevocationReason
from domain.ledger.row import LedgerState
from domain.marketplace.events import Closing
from domain.money import Basis, hourly
from domain.names import CLASSES
from domain.negotiation.events import RejectionReason
from domain.negotiation.terms import PledgeKind
from domain.participation.events import DeclineReason
from domain.refusal import Refusal
from domain.results.figures import Figure, Qualifier, Strength, Subject
from domain.results.statement import StatementReason
from services.web.showing import sides
from services.web.speech import SPEECHES, negotiated
from services.web.steps import SLOTS, told
from services.web.words import LANGUAGES, WORDS, refusals_de, refusals_en
from tests.services.web.made_up import HOSTILE, NONPROFIT, REPORT, announced, row, step

DE, EN = SPEECHES["de"], SPEECHES["en"]
NBSP = "\N{NO-BREAK SPACE}"


def slots(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_both_languages_have_the_same_words() -> None:
    """What one language can say, the other can, with the same things to fill in."""
    assert set(WORDS["de"]) == set(WORDS["en"])
    for key, words in WORDS["de"].items():
        assert slots(words) == slots(WORDS["en"][key]), key


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("type_", CLASSES)
def test_every_record_type_is_told_in_words(type_: str, lang: str) -> None:
    """No type in the log is without its sentence, whatever its details leave out."""
    assert slots(WORDS[lang][f"step.{type_}"]) <= SLOTS
    sentence = told(step(type_), None, SPEECHES[lang]).sentence
    assert sentence.endswith(".")
    assert type_ not in sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_domain_has_a_word_for_people(lang: str) -> None:
    """States, roles, reasons: nothing is shown by its code."""
    families: dict[str, list[type]] = {
        "state": [LedgerState],
        "role": [Role],
        "reason": [
            ReturnReason,
            RejectionReason,
            DeclineReason,
            RevocationReason,
            AnnulmentReason,
            CorrectionReason,
            DisputeReason,
            NonFulfilmentReason,
            StatementReason,
        ],
        "outcome": [CallOutcome],
        "reminder": [ReminderKind],
        "manner": [Manner],
        "closing": [Closing],
        "kind": [PledgeKind],
        "basis": [Basis],
        "qualifier": [Qualifier],
    }
    missing = {
        f"{family}.{member.value}"
        for family, enums in families.items()
        for enum in enums
        for member in enum  # type: ignore[attr-defined]
    } - set(WORDS[lang])
    assert missing == {"qualifier.unknown"}, "what is unknown has no number to qualify"


def test_a_type_without_words_is_still_told() -> None:
    """A record type newer than this page doesn't break a trail."""
    assert "contract.sung.v9" in told(step("contract.sung.v9"), None, EN).sentence


def test_a_trail_names_parties_and_their_side() -> None:
    """A party is named as the contract names it, and a hidden one by its kind."""
    contract = row(1)
    counter = told(step("negotiation.terms_countered.v1", by=NONPROFIT[:-3] + "001", pledges=["Brot"]), contract, DE)
    assert counter.sentence == "Tafel Essen machte einen Gegenvorschlag."
    assert counter.side == "nonprofit"
    assert counter.value == "ohne Schätzwert"
    stranger = told(step("negotiation.terms_accepted.v1", by="nobody"), contract, DE)
    assert stranger.sentence == "Eine der Parteien stimmte zu."


@pytest.mark.parametrize(
    ("asked", "accept", "spoken"),
    [
        (None, None, "de"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "fr;q=1.0, en;q=0.4, de;q=0.8", "de"),
        (None, "en;q=0", "de"),
        (None, "en;q=lots", "de"),
        ("en", "de", "en"),
        ("xx", "en", "en"),
    ],
)
def test_the_language_is_what_the_reader_asked_for(asked: str | None, accept: str | None, spoken: str) -> None:
    """`?lang=` first, then the browser's wish, then German."""
    assert negotiated(asked, accept) == spoken


def test_money_and_times_are_local() -> None:
    """12.500 € and €12,500; the hall's clock; the zone by its name there and then."""
    assert DE.money(1_250_000) == f"12.500{NBSP}€".replace(NBSP, DE.money(100)[1])
    assert EN.money(1_250_000) == "€12,500"
    assert EN.money(1_250_050) == "€12,500.50"
    assert DE.clock("2006-09-18T16:04:05.000000Z", "Europe/Berlin") == "18:04 Uhr"
    assert DE.zone("2006-09-18T16:04:05.000000Z", "Europe/Berlin") == "MESZ"
    assert DE.day(None) == "Datum nicht bekannt"


@pytest.mark.parametrize(
    ("minutes", "german", "english"),
    [(60, "1", "1"), (75, "1,25", "1.25"), (90, "1,5", "1.5"), (63, "1,05", "1.05"), (20, "0:20", "0:20"),
     (67, "1:07", "1:07"), (60_000, "1.000", "1,000"), (0, "0", "0")],
)  # fmt: skip
def test_hours_are_told_exactly(minutes: int, german: str, english: str) -> None:
    """Given minutes, then their hours have as many decimals as needed, or are told as on a clock; none is rounded."""
    assert (SPEECHES["de"].hours(minutes), SPEECHES["en"].hours(minutes)) == (german, english)
    pledge = replace(row(1).pledges[0], standing=hourly(1_500, minutes))
    (giving, _) = sides(replace(row(1), pledges=[pledge]), SPEECHES["de"])
    assert giving.promises[0].basis == f"{german} Stunden zu {SPEECHES['de'].money(1_500)}"


@pytest.mark.parametrize(
    ("city", "german", "english"),
    [
        (0, "97 Kontrakte, knapp 200.000 Euro", "97 contracts, just under €200,000"),
        (1, "87 soziale Partnerschaften angebahnt, Gegenwert: keine Angabe",
         "87 social partnerships initiated, value not stated"),
        (4, "100 Kooperationen, über 130.000 Euro", "100 cooperations, over €130,000"),
        (5, "über 120 Projekte, 270.000 Euro", "over 120 projects, €270,000"),
    ],
)  # fmt: skip
def test_announced_figures_keep_their_qualifiers(city: int, german: str, english: str) -> None:
    """What a host announced is said with its qualifier, and what it didn't say is never zero."""
    figures = announced(REPORT["marketplaces"][city])
    assert DE.announced(figures) == german
    assert EN.announced(figures) == english


def test_people_are_not_organisations() -> None:
    """40 representatives aren't 40 companies; where the source leaves it open, so does the page."""
    person = Figure(value=40, qualifier=Qualifier.EXACT, subject=Subject.PERSON)
    unclear = Figure(value=30, qualifier=Qualifier.ABOUT, subject=None)
    assert DE.people(person, "business") == "40 Personen aus Unternehmen"
    assert DE.people(unclear, "nonprofit").startswith("rund 30 aus Gemeinnützigen; ob Personen")
    assert DE.people(Figure(value=None, qualifier=Qualifier.UNKNOWN), "participants") == "keine Angabe"


def test_a_hosts_own_noun_is_escaped_and_marked_as_german() -> None:
    """On an English page an unknown noun stands as given, marked with its language, and is never markup."""
    figure = Figure(value=3, qualifier=Qualifier.EXACT, noun=HOSTILE, strength=Strength.INITIATED)
    said = EN.agreements(figure)
    assert '<span lang="de">' in said
    assert "<script>" not in said
    assert DE.noun("Kontrakte", 1) == "Kontrakt"


def refusals() -> dict[str, type[Refusal]]:
    """Every refusal of the house by its lasting name."""
    for room in (domain, services.application, services.api, services.web):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    found: dict[str, type[Refusal]] = {}
    kinds: list[type[Refusal]] = [Refusal]
    while kinds:
        below = [kind for kind in kinds.pop().__subclasses__() if kind.__module__.startswith(("domain.", "services."))]
        found |= {kind.type_name(): kind for kind in below}
        kinds += below
    return found


def test_every_refusal_is_told_in_german() -> None:
    """Given the refusals of every room, then each has a German sentence, and none is left over.

    A new one belongs into services/web/words/refusals_de.py; in English its docstring is read.
    """
    assert set(refusals_de.SENTENCES) == set(refusals())
    assert set(refusals_en.SENTENCES) <= set(refusals())
    for name, sentence in (*refusals_de.SENTENCES.items(), *refusals_en.SENTENCES.items()):
        assert sentence.strip() == sentence
        assert sentence.endswith("."), name


def test_people_arent_told_of_headers() -> None:
    """Given the sentences that people read at the desk in English, then none speaks of a program's headers."""
    for name, kind in refusals().items():
        read = refusals_en.SENTENCES.get(name) or " ".join((kind.__doc__ or "").split())
        assert "Idempotency" not in read, name
        assert "If-Match" not in read, name
        assert "ETag" not in read, name
