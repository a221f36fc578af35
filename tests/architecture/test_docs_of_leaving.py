"""What hosts read about leaving names what the service answers."""

from pathlib import Path

from domain.person.events import Basis, Field
from domain.person.reach import BeyondReach

PAGE = Path(__file__).resolve().parents[2] / "docs" / "leaving.md"


def test_the_page_names_every_basis_and_every_place_that_is_not_reached() -> None:
    """Given the page for hosts, when the service's own words are looked for, then each of them is explained there."""
    page = PAGE.read_text()
    assert not [word.value for word in (*Basis, *BeyondReach, *Field) if f"`{word.value}`" not in page]
