"""What docs/matching.md tells a host is what the code does."""

import re
from pathlib import Path

from domain.listing.matching import WEIGHTS

PAGE = Path(__file__).parents[2] / "docs" / "matching.md"


def test_the_page_tells_every_weight() -> None:
    """Given the table of reasons, when it is read, then it holds every reason with its weight and no other."""
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert [(kind.value, weight) for kind, weight in WEIGHTS.items()] == [(kind, int(weight)) for kind, weight in told]
