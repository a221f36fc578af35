"""`handschlag bench`: what it measures is real, what it writes can be read; how fast anything is isn't tested."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.postgres.embedded import Urls
from infra.settings import Settings
from services.cli.bench.case import Case, Found, Side, measure
from services.cli.bench.command import CASES
from services.cli.bench.report import as_chart, as_json, as_table
from services.cli.bench.site import Site, surroundings
from services.cli.main import cli
from tests.relay.broker import needs_nats
from tests.running import DATABASE_VARIABLES, own_database


def a_case(*, less_is_better: bool = False, told: list[str] | None = None) -> Case:
    """Ours gives 30, 10, 20 …, the rival 10 each time; who was measured is noted in `told`."""
    ours = iter([999.0, 30.0, 10.0, 20.0])

    @asynccontextmanager
    async def sides(_: Site) -> AsyncIterator[tuple[Side, Side]]:
        async def one() -> float:
            if told is not None:
                told.append("ours")
            return next(ours)

        async def other() -> float:
            if told is not None:
                told.append("rival")
            return 10.0

        yield one, other

    return Case(
        name="a_case", ours="ours", rival="theirs", unit="x/s", wanted=2.0, sides=sides, less_is_better=less_is_better
    )


async def found(case: Case) -> Found:
    """Three rounds of a case that needs no site."""
    nowhere = Site(
        urls=Urls(runtime="", owner="", follower=""),
        settings=Settings(home=Path()),
        seconds=0,
        scale=1,
        tell=lambda _: None,
    )
    return await measure(case, nowhere, 3)


async def test_sides_take_turns_and_the_warm_up_does_not_count() -> None:
    """Given a case, when it is measured, then who goes first changes with each round, and the first pair is dropped."""
    told: list[str] = []
    one = await found(a_case(told=told))
    assert told == ["rival", "ours", "ours", "rival", "rival", "ours", "ours", "rival"]
    assert one.pairs == [(30.0, 10.0), (10.0, 10.0), (20.0, 10.0)]
    assert (one.value, one.rival_value, one.ratio) == (20.0, 10.0, 2.0)


async def test_where_less_is_better_the_ratio_is_turned_round() -> None:
    """Given seconds instead of rates, when ours takes twice as long, then the ratio is a half."""
    assert (await found(a_case(less_is_better=True))).ratio == 0.5


async def test_the_report_tells_medians_spread_and_what_was_wanted() -> None:
    """Given figures, then table, document and chart tell the same."""
    one = await found(a_case())
    (case,) = json.loads(as_json([one], {"fsync": "on"}))["cases"]
    told = ("name", "value", "unit", "rival", "rival_value", "ratio", "rounds", "spread")
    assert [case[name] for name in told] == ["a_case", 20.0, "x/s", "theirs", 10.0, 2.0, 3, [1.0, 3.0]]
    assert "| `a_case` | 20 | 10 | x/s | 2.00 | 1.00 to 3.00 | 2 |" in as_table([one])
    words = re.findall("<text[^>]*>([^<]*)</text>", as_chart([one]))
    assert words == ["wanted", "a_case", "2.00 of 2"]


@pytest.mark.parametrize(
    "names",
    [
        ["append_2p_1t", "append_5pct_stale", "append_vs_library", "command_http", "verify_replay", "sse_1000"],
        ["verify_replay_1p"],
        ["as_of", "growth_records"],
        pytest.param(["cold_start", "idle_tenants"], marks=needs_nats),
    ],
)
def test_it_measures_in_turns_on_a_server_of_its_own(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given this machine, when some cases are measured for a moment, then their figures are written down."""
    asked = ["--rounds", "1", "--seconds", "0.2", "--scale", "0.002", "--out", str(tmp_path)]
    with own_database() as variables:
        for name in DATABASE_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        ran = CliRunner().invoke(cli, ["bench", *asked, *names])
    assert ran.exit_code == 0, ran.output
    document = json.loads((tmp_path / "bench.json").read_text())
    assert {case["name"] for case in document["cases"]} == set(names)
    assert all(case["value"] > 0 and case["rival_value"] > 0 for case in document["cases"])
    assert document["conditions"]["synchronous_commit"] == "on"
    assert (tmp_path / "bench.svg").exists()


def test_what_else_an_operator_has_set_up_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given a vault and a broker of the operator's, then a bench's hosts don't know of them, only of the server."""
    nowhere = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
    for name in ("HANDSCHLAG_VAULT_DATABASE_URL", *DATABASE_VARIABLES):
        monkeypatch.setenv(name, nowhere)
    monkeypatch.setenv("HANDSCHLAG_NATS_URL", "nats://127.0.0.1:1")
    urls = Urls(runtime="r", owner="o", follower="f")
    site = Site(urls=urls, settings=Settings(home=tmp_path), seconds=0, scale=1, tell=lambda _: None)
    known = Settings.from_environment(surroundings())
    assert (known.database_url, known.vault_database_url, known.nats) == (nowhere, None, None)
    ours = {name: value for name, value in site.environment.items() if name.startswith("HANDSCHLAG_")}
    assert ours == {
        "HANDSCHLAG_HOME": str(tmp_path),
        "HANDSCHLAG_DATABASE_URL": "r",
        "HANDSCHLAG_OWNER_DATABASE_URL": "o",
        "HANDSCHLAG_FOLLOWER_DATABASE_URL": "f",
    }


def test_a_case_that_is_not_there_is_said_to_be_missing() -> None:
    """Given a name that no case has, then the names that there are are told, and nothing is started."""
    ran = CliRunner().invoke(cli, ["bench", "append_1w"])
    assert ran.exit_code == 2
    assert all(case.name in ran.output.replace("\n", " ") for case in CASES[:1])
