"""The main job on real input: a first start gives six hosts, and their ledgers end where the source of 2006 does."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from domain.ledger.row import COUNTS, STRUCK, LedgerState
from tests.running import RunningService, running_service

CONTRACTS = {
    "essen": range(97, 98),
    "jena": range(87, 88),
    "kassel": range(68, 69),
    "berlin": range(84, 85),
    "frankfurt": range(100, 101),
    "duesseldorf": range(121, 126),
}
EURO = {
    "essen": (196_000, 199_999),
    "kassel": (78_400, 81_600),
    "frankfurt": (130_001, 132_600),
    "duesseldorf": (270_000, 270_000),
}


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningService]:
    """A service after its first start with an empty home."""
    with running_service("--demo") as service:
        yield service


def _get(demo: RunningService, host: str, path: str, role: str = "auditor", **query: Any) -> Any:
    access = json.loads((demo.home / "access.json").read_text())
    headers = {"Authorization": f"Bearer {access[host][role]}"}
    answer = httpx2.get(f"{demo.url}/v1/{host}/{path}", headers=headers, params=query, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _all(demo: RunningService, host: str, path: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while True:
        page = _get(demo, host, path, limit=200, **query)
        items += page["items"]
        if page["next"] is None:
            return items
        query["cursor"] = page["next"]


@pytest.mark.parametrize("host", CONTRACTS)
def test_each_ledger_ends_at_the_known_number_and_value(demo: RunningService, host: str) -> None:
    """Contracts that count as many as the source tells, at a value that fits its words; numbers without a gap."""
    rows = _all(demo, host, "ledger")
    certified = [row for row in rows if row["state"] in COUNTS]
    assert len(certified) in CONTRACTS[host]
    numbers = sorted(row["number"] for row in rows if row["number"] is not None)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == len(certified) + sum(row["state"] in STRUCK for row in rows)
    assert all(row["rehearsal"] for row in rows)
    least, most = EURO.get(host, (1, 10**9))
    assert least * 100 <= sum(row["value"]["minor"] for row in certified) <= most * 100
    (edition,) = [edition for edition in _all(demo, host, "marketplaces") if edition["rehearsal"]]
    board = _get(demo, host, f"marketplaces/{edition['id']}/results")["ledger"]
    assert board["contracts"] == len(certified)
    assert board["value_minor"] == sum(row["value"]["minor"] for row in certified)
    assert edition["title"].startswith("Probe")
    assert edition["state"] == "follow_up"


@pytest.mark.parametrize("host", CONTRACTS)
def test_every_trail_tells_every_recorded_step(demo: RunningService, host: str) -> None:
    """From first proposal or draft to certification, with who, when and position; and the positions are the log's."""
    rows = [row for row in _all(demo, host, "ledger") if row["number"] is not None]
    recorded: dict[int, Any] = {}
    after = 0
    while items := _get(demo, host, "events", after=after, limit=200)["items"]:
        recorded |= {item["position"]: item["entry"] for item in items}
        after = items[-1]["position"]
    assert list(recorded) == list(range(1, len(recorded) + 1))
    for row in rows[::7]:
        steps = _all(demo, host, f"contracts/{row['id']}/trail")
        types = [step["type"] for step in steps]
        assert types[0] == ("negotiation.opened.v1" if row["source"] == "negotiation" else "contract.drafted.v1")
        assert "contract.certified.v1" in types
        streams = {row["id"], row["negotiation"]}
        expected = [position for position, entry in recorded.items() if entry["stream"] in streams]
        told = [step["position"] for step in steps]
        assert [position for position in told if recorded[position]["stream"] in streams] == expected
        assert set(row["lineage"]) <= set(told)
        for step in steps:
            entry = recorded[step["position"]]
            assert (step["event"], step["at"], step["actor"]["id"]) == (
                entry["id"],
                entry["time"],
                entry["actor"]["id"],
            )
            assert step["rehearsal"] is True
            assert step["actor"]["role"]


def test_a_demo_edition_shows_how_things_go(demo: RunningService) -> None:
    """Tables that part, returned forms, forms without a negotiation and from paper; and every state to the end."""
    for host in CONTRACTS:
        (edition,) = [edition for edition in _all(demo, host, "marketplaces") if edition["rehearsal"]]
        endings = Counter(table["state"] for table in _all(demo, host, "negotiations", marketplace=edition["id"]))
        assert {"agreed", "rejected", "withdrawn", "lapsed"} <= set(endings)
        assert endings["proposed"] == 0
        rows = _all(demo, host, "ledger")
        assert {row["source"] for row in rows} == {"negotiation", "form", "paper"}
        assert {row["state"] for row in rows} == {*COUNTS, *STRUCK, LedgerState.ABANDONED}
        assert any(row["returns"] for row in rows)


def test_the_sources_figures_are_announced_as_they_are(demo: RunningService) -> None:
    """Null stays unknown, qualifiers and subjects stay, Jena's were initiated; nothing comes from the rehearsal."""
    season = httpx2.get(f"{demo.url}/v1/season/2006", timeout=20).json()
    assert season["agreements"] == {
        "value": 556,
        "qualifier": "over",
        "unit": None,
        "missing": [],
        "mixed_nouns": True,
        "includes_initiated": ["jena"],
    }
    value = season["value"]
    assert (value["value"], value["qualifier"], value["missing"]) == (680_000, "about", ["jena", "berlin"])
    by_host = {host["tenant"]: host for host in season["hosts"]}
    assert list(by_host) == ["essen", "jena", "berlin", "frankfurt", "duesseldorf", "kassel"]
    jena = by_host["jena"]["figures"]
    assert jena["agreements"]["strength"] == "initiated"
    assert (jena["value"]["value"], jena["value"]["qualifier"]) == (None, "unknown")
    assert by_host["kassel"]["date"] is None
    assert by_host["frankfurt"]["figures"]["business_side"]["subject"] == "person"
    for host in CONTRACTS:
        (edition,) = [edition for edition in _all(demo, host, "marketplaces") if not edition["rehearsal"]]
        results = _get(demo, host, f"marketplaces/{edition['id']}/results")
        assert results["ledger"]["contracts"] == 0
        assert len(results["statements"]) == 1


def test_a_second_start_finds_it_all_and_adds_nothing(demo: RunningService) -> None:
    """Stopped and started again, every log is as long as it was."""

    def sizes() -> dict[str, int]:
        return {host: len(_all_positions(demo, host)) for host in CONTRACTS}

    before = sizes()
    keys = (demo.home / "access.json").read_text()
    assert (demo.home / "access.json").stat().st_mode & 0o777 == 0o600
    assert demo.stop() == 0
    demo.start()
    assert sizes() == before
    assert (demo.home / "access.json").read_text() == keys
    assert {"host_admin", "notary", "auditor", "integrator"} <= json.loads(keys)["essen"].keys()


def _all_positions(demo: RunningService, host: str) -> list[int]:
    positions: list[int] = []
    after = 0
    while items := _get(demo, host, "events", after=after, limit=200)["items"]:
        positions += [item["position"] for item in items]
        after = positions[-1]
    return positions
