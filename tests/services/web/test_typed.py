"""What people type into fields, and what it is read as."""

from datetime import date

import pytest

from services.web.desk.editions import slug
from services.web.desk.typed import Typed


@pytest.mark.parametrize(
    ("told", "lang", "cents"),
    [
        ("1250", "de", 125_000), ("1.250", "de", 125_000), ("1.250,5", "de", 125_050), ("12.50", "de", 1_250),
        ("12,50 €", "de", 1_250), ("1,250", "en", 125_000), ("1,250.50", "en", 125_050), ("12,50", "en", 1_250),
        ("€12.50", "en", 1_250), ("0", "de", 0), ("", "de", None),
    ],
)  # fmt: skip
def test_money_is_read_as_it_is_written(told: str, lang: str, cents: int | None) -> None:
    """Given an amount as people of that language write it, then it is so many cents."""
    typed = Typed({"euro": told})
    assert typed.cents("euro", lang) == cents
    assert not typed.faults


@pytest.mark.parametrize("told", ["viel", "-1", "1,2,3", "12,505", "1e3", "٣", "1.25.0", "1,250.50"])
def test_what_is_no_money_is_a_fault(told: str) -> None:
    """Given something else, then it is told at the field, and never guessed."""
    typed = Typed({"euro": told})
    assert typed.cents("euro", "de") is None
    assert typed.faults == {"euro": "money"}


@pytest.mark.parametrize(
    ("told", "minutes"),
    [("2", 120), ("1,5", 90), ("1.5", 90), ("1:30", 90), ("0,25", 15), ("0,33", 20), ("0,01", 1),
     ("0,99", 59), ("0,00", None), ("", None), ("0", None), ("1:60", None),
     ("zwei", None), ("-2", None)],
)  # fmt: skip
def test_hours_are_minutes(told: str, minutes: int | None) -> None:
    """Given hours as people write them, then they are minutes; none at all, or nonsense, is a fault."""
    typed = Typed({"hours": told})
    assert typed.minutes("hours") == minutes
    assert bool(typed.faults) is (minutes is None and told != "")


@pytest.mark.parametrize(
    ("told", "day"),
    [("24.11.2026", date(2026, 11, 24)), ("1.2.2026", date(2026, 2, 1)), ("24/11/2026", date(2026, 11, 24)),
     ("2026-11-24", date(2026, 11, 24)), ("", None), ("31.02.2026", None), ("morgen", None), ("1.1.26", None)],
)  # fmt: skip
def test_days_are_read(told: str, day: date | None) -> None:
    """Given a day as it is written here or by machines, then it is that day."""
    typed = Typed({"date": told})
    assert typed.day("date") == day
    assert bool(typed.faults) is (day is None and told != "")


def test_what_is_typed_is_in_one_form() -> None:
    """Given a text in another normal form and with spaces around it, then it is read in NFC, without them."""
    typed = Typed.sent("application/x-www-form-urlencoded; charset=utf-8", b"name=+Ba%CC%88cker+&side=company")
    assert typed.get("name") == "Bäcker"


def test_an_areas_id_is_plain() -> None:
    """Given labels, then their ids are what addresses and codes can hold."""
    assert slug("Helfende Hände & Köpfe") == "helfende-haende-und-koepfe"
    assert slug("Wissen!") == "wissen"
    assert slug("…") == ""
    assert len(slug("x" * 100)) == 40
