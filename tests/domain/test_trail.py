"""Trails: what a sentence about a record may name."""

from domain.marketplace.events import MarketplacePlanned
from domain.trail.details import details_of
from tests.domain.people import plan


def test_a_planned_edition_is_told_by_its_title_day_and_place() -> None:
    """The plan itself is too long for a sentence; its title, season, day and venue are not."""
    told = details_of(MarketplacePlanned(plan=plan))
    assert told == {"title": "Ruhrdax", "season": 2006, "date": "2006-09-18", "venue": "Zeche Zollverein"}
