"""Every pair of colours that the style sheets use can be read: 4.5:1, and 3:1 for edges that must be seen."""

import re
from pathlib import Path

import pytest

SHEETS = Path("services/web/static")
LOOK = {
    "light": {"ink": "#1B1F2A", "paper": "#FBF8F2", "company": "#0B5E6B", "nonprofit": "#B3401F",
              "seal-ink": "#7A5A00", "seal-ground": "#FFE9A8", "quiet": "#5A6070", "alarm": "#A3112B"},
    "dark": {"ink": "#F4F1EA", "paper": "#14171F", "company": "#4FB7C5", "nonprofit": "#F08A63",
             "seal-ink": "#FFD65A", "seal-ground": "#14171F", "quiet": "#9AA1B2", "alarm": "#FF7A8A"},
}  # fmt: skip
"""LOOK.md's table."""

READ = [("ink", "paper"), ("quiet", "paper"), ("seal-ink", "seal-ground"), ("paper", "alarm"), ("paper", "ink")]
"""Text on ground, as the sheets use them."""

SEEN = [("company", "paper"), ("nonprofit", "paper"), ("seal-ink", "paper"), ("alarm", "paper")]
"""Lines, shapes and edges on ground."""


def themes() -> dict[str, dict[str, str]]:
    """The tokens as the sheet says them; the dark ones are said twice, alike."""
    sheet = (SHEETS / "1-tokens.css").read_text()
    blocks = re.split(r"color-scheme: (light|dark);", sheet)
    found: dict[str, dict[str, str]] = {}
    for name, block in zip(blocks[1::2], blocks[2::2], strict=True):
        tokens = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", block))
        assert found.setdefault(name, tokens) == tokens
    return found


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_tokens_are_those_of_the_look() -> None:
    """The sheet's colours are LOOK.md's."""
    assert themes() == LOOK


def test_the_measure_is_right() -> None:
    """Black on white is 21:1."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", LOOK)
def test_what_is_read_can_be_read(theme: str) -> None:
    """Text on its ground has 4.5:1, what must be seen has 3:1."""
    tokens = LOOK[theme]
    for one, other in READ:
        assert contrast(tokens[one], tokens[other]) >= 4.5, (one, other)
    for one, other in SEEN:
        assert contrast(tokens[one], tokens[other]) >= 3, (one, other)


def test_colours_come_from_tokens_alone() -> None:
    """No sheet but the tokens' names a colour (paper in the printer is white, and its ink black)."""
    for sheet in SHEETS.glob("*.css"):
        if sheet.name not in {"1-tokens.css", "7-print.css"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgb\(", sheet.read_text()), sheet.name


def test_texts_take_the_pairs_that_are_checked() -> None:
    """`color` is set to tokens of which a pair is checked with its ground; sides never colour a text."""
    used = set(re.findall(r"[;{ ]color: ([^;]+);", "".join(sheet.read_text() for sheet in SHEETS.glob("[2-6]*.css"))))
    assert used <= {"inherit", "var(--ink)", "var(--paper)", "var(--quiet)", "var(--seal-ink)"}
