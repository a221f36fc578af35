"""What was found: a table to read, `bench.json` for programs, a chart to show."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.cli.bench.case import Found

_WIDTH, _LEFT, _BAR, _STEP = 760, 190, 420, 26


def as_table(found: Sequence[Found]) -> str:
    """A table in Markdown: medians, the ratio with its spread over the rounds, and what was wanted."""
    lines = [
        "| Case | Ours | Rival | Unit | Ratio | Spread | Wanted |",
        "|---|--:|--:|---|--:|---|--:|",
        *(_line(one) for one in found),
    ]
    return "\n".join(lines) + "\n"


def _line(one: Found) -> str:
    low, high = min(one.ratios), max(one.ratios)
    return (
        f"| `{one.case.name}` | {_number(one.value)} | {_number(one.rival_value)} | {one.case.unit} "
        f"| {one.ratio:.2f} | {low:.2f} to {high:.2f} | {one.case.wanted:g} |"
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def as_json(found: Sequence[Found], conditions: Mapping[str, str]) -> str:
    """The document that `make bench` leaves behind; `spread` is the least and the greatest ratio of the rounds."""
    cases: list[dict[str, Any]] = [
        {
            "name": one.case.name,
            "value": one.value,
            "unit": one.case.unit,
            "rival": one.case.rival,
            "rival_value": one.rival_value,
            "ratio": one.ratio,
            "rounds": len(one.pairs),
            "spread": [min(one.ratios), max(one.ratios)],
            "ours": one.case.ours,
            "wanted": one.case.wanted,
        }
        for one in found
    ]
    return json.dumps({"conditions": dict(conditions), "cases": cases}, indent=2, ensure_ascii=False) + "\n"


def as_chart(found: Sequence[Found]) -> str:
    """An SVG: each case's ratio as a share of what was wanted, its spread as a line; the mark is what was wanted."""
    height = 50 + _STEP * len(found)
    most = max([1.6, *(max(one.ratios) / one.case.wanted for one in found)])
    scale = _BAR / most
    mark = _LEFT + scale
    bars = "\n".join(_bar(one, 40 + _STEP * number, scale) for number, one in enumerate(found))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="13" role="img" aria-label="What was reached of what was wanted">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="{mark:.0f}" y="20" text-anchor="middle" fill="#444444">wanted</text>\n'
        f"{bars}\n"
        f'<path d="M{mark:.0f} 26V{height - 10}" stroke="#222222" stroke-dasharray="4 3"/>\n</svg>\n'
    )


def _bar(one: Found, y: int, scale: float) -> str:
    reached = one.ratio / one.case.wanted
    low, high = (_LEFT + scale * ratio / one.case.wanted for ratio in (min(one.ratios), max(one.ratios)))
    colour = "#2f6f4f" if reached >= 1 else "#b5642a"
    return (
        f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{one.case.name}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{scale * reached:.0f}" height="18" fill="{colour}"/>'
        f'<path d="M{low:.0f} {y + 9}H{high:.0f}" stroke="#222222"/>'
        f'<text x="{_LEFT + _BAR + 12}" y="{y + 13}">{one.ratio:.2f} of {one.case.wanted:g}</text>'
    )


def write(found: Sequence[Found], conditions: Mapping[str, str], folder: Path) -> None:
    """Leave `bench.json` and `bench.svg` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(as_json(found, conditions))
    (folder / "bench.svg").write_text(as_chart(found))
