"""Stories: the same script tells the same one, every step of it is lawful, and it ends where it was wished to."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.rehearsal.script import Script
from services.rehearsal.steps import Step
from services.rehearsal.story import tell
from services.rehearsal.trouble import ScriptUnplayable
from tests.services.rehearsal.simulated import SimulatedHall, in_order, jumbled

DAY = date(2026, 11, 23)


@st.composite
def scripts(draw: st.DrawFn, most_contracts: int = 40) -> Script:
    """Scripts of all sizes that are quick to simulate."""
    contracts = draw(st.integers(1, most_contracts))
    rate = draw(st.sampled_from((500, 1000, 1234, 1500, 2000)))
    least = draw(st.integers(contracts * rate, contracts * 250_000))
    return Script(
        host="essen",
        companies=draw(st.integers(1, 45)),
        nonprofits=draw(st.integers(1, 45)),
        contracts=contracts,
        least_minor=least,
        most_minor=least + draw(st.sampled_from((0, 1, 50, 100_000))),
        trading_minutes=draw(st.sampled_from((1, 7, 60, 120, 1440))),
        seed=draw(st.integers(0, 10_000)),
        season=2026,
        date=DAY,
        hourly_rate_minor=rate,
    )


def a_script(**changed: object) -> Script:
    """A marketplace of usual size."""
    usual = Script(
        host="essen",
        companies=40,
        nonprofits=60,
        contracts=80,
        least_minor=8_000_000,
        most_minor=9_000_000,
        season=2026,
        date=DAY,
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


@given(scripts())
@settings(max_examples=60, deadline=None)
def test_the_same_script_tells_the_same_story_at_every_host_and_speed(script: Script) -> None:
    """Host, speed (but for the clock in the hall) and nothing but the script: not a letter differs."""
    elsewhere = replace(script, host="jena")
    assert tell(script).steps == tell(elsewhere).steps
    assert _unclocked(tell(script).steps) == _unclocked(tell(replace(script, speed=60)).steps)
    assert script.run == elsewhere.run


def _unclocked(steps: tuple[Step, ...]) -> list[Step]:
    """All but what is said of the clock in the hall."""
    return [step for step in steps if step.name not in ("edition/plan", "edition/extend")]


@given(scripts())
@settings(max_examples=60, deadline=None)
def test_another_seed_tells_another_story(script: Script) -> None:
    """And goes by another name, so that it is another edition."""
    other = replace(script, seed=script.seed + 1)
    assert tell(script).steps[2:] != tell(other).steps[2:]
    assert script.run != other.run


@given(scripts())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_step_is_lawful_and_number_and_value_come_out_as_wished(script: Script) -> None:
    """Judged by the domain's own rules; nothing certifiable is left over, and some tables wait for the gong."""
    story = tell(script)
    hall = in_order(story)
    assert len(hall.counting) == script.contracts
    assert script.least_minor <= hall.counted <= script.most_minor
    assert hall.counted == story.minor
    assert hall.open_tables


@given(scripts(most_contracts=15), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_racing_desks_changes_nothing(script: Script, chance: Random) -> None:
    """Whatever comes first among steps that don't wait for each other: all is lawful, the ledger is the same."""
    story = tell(script)
    told, otherwise = in_order(story), jumbled(story, chance.randrange)
    assert [held.number for held in otherwise.sealed] == list(range(1, len(told.sealed) + 1))
    assert (len(otherwise.counting), otherwise.counted) == (script.contracts, story.minor)
    assert _business(told) == _business(otherwise)


def _business(hall: SimulatedHall) -> list[str]:
    """The certified contracts; in simulated halls ids come from names, so that they are the same too."""
    return [
        f"{replace(held, signatures=())} {row.state} {row.labels} {row.value}"
        for held, row in zip(hall.sealed, (hall.rows[stream] for stream in hall.numbered), strict=True)
    ]


LATER = ("edition/start-follow-up", "edition/hand-over")
"""What the host does with the edition after trading."""


@given(scripts())
@settings(max_examples=60, deadline=None)
def test_every_step_comes_after_what_it_needs(script: Script) -> None:
    """Names are told apart, moments agree with dependencies, and nothing traded is later than the gong."""
    story = tell(script)
    moments = {step.name: step.at for step in story.steps}
    assert len(moments) == len(story.steps)
    for step in story.steps:
        assert all(moments[before] < step.at for before in step.after)
        assert step.at <= script.gong or step.path.split("/")[0] == "contracts" or step.name in LATER


def _moments(steps: tuple[Step, ...], ending: str) -> list[float]:
    return [step.at for step in steps if step.name.endswith(ending)]


@pytest.mark.parametrize("seed", range(8))
def test_a_hall_looks_like_a_hall(seed: int) -> None:
    """First contract within seven minutes, a sixth in the last ten, certified after the gong; all that people do."""
    story = tell(a_script(seed=seed))
    certified, submitted = sorted(_moments(story.steps, "/certify")), _moments(story.steps, "/submit")
    gong = 130 * 60
    assert 60 <= certified[0] <= 420
    rush = [moment for moment in submitted if gong - 600 <= moment < gong]
    assert abs(len(rush) - 80 / 6) <= 1
    assert sum(moment > gong for moment in certified) >= len(rush)
    late = [step for step in story.steps if step.path == "contracts/from-paper" and step.at > gong]
    typed_in = {step.makes for step in late}
    assert all((step.at > gong) == (step.thing in typed_in) for step in story.steps if step.name.endswith("/submit"))
    paths = {step.path for step in story.steps}
    for verb in ("counter", "accept", "reject", "withdraw", "call-broker", "join-as-broker"):
        assert f"negotiations/{{id}}/{verb}" in paths
    for path in (
        "contracts/from-form",
        "contracts/from-negotiation",
        "contracts/{id}/return",
        "contracts/{id}/correct",
    ):
        assert path in paths
    assert {"listings", "listings/{id}/withdraw", "participations/{id}/cancel"} <= paths


@pytest.mark.parametrize("seed", range(3))
def test_some_contracts_have_three_parties_or_no_company(seed: int) -> None:
    """Contracts between two non-profits and between three parties happen, and count once."""
    hall = in_order(tell(a_script(seed=seed, contracts=160, least_minor=10_000_000, most_minor=20_000_000)))
    tables = [row.parties for row in hall.counting]
    assert any(len(parties) == 3 for parties in tables)
    assert any(all(party.side == "nonprofit" for party in parties) for parties in tables)


@given(scripts(most_contracts=10))
@settings(max_examples=40, deadline=None)
def test_names_are_plainly_invented_and_everything_says_rehearsal(script: Script) -> None:
    """Organisations and people are called Probe-…, nobody can be reached, the edition's title begins with Probe."""
    hall = in_order(tell(script))
    plan, *said = hall.said
    assert plan["title"].startswith("Probe: ")
    assert plan["rehearsal"] is True
    organisations = [body for body in said if "side" in body and "name" in body]
    assert all(body["name"].startswith("Probe-") and body["rehearsal"] for body in organisations)
    twice = hall.recorded["organisation.merged.v1"]
    assert len({body["name"] for body in organisations}) == script.companies + script.nonprofits + twice
    helpers = [helper["name"] for body in said for helper in body.get("co_hosts", ())]
    assert all(name.startswith("Probe-") for name in helpers)
    people = [body for body in said if "contact" in body]
    assert all(" Probe-" in body["name"] and body["contact"].endswith("@probe.invalid") for body in people)


def test_the_largest_rehearsal_can_be_told() -> None:
    """Four hundred contracts among six hundred organisations."""
    script = a_script(companies=300, nonprofits=300, contracts=400, least_minor=27_000_000, most_minor=27_000_000)
    hall = in_order(tell(script))
    assert (len(hall.counting), hall.counted) == (400, 27_000_000)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"contracts": 0}, "number of contracts is 0; it has to be from 1 to 400"),
        ({"contracts": 401}, "from 1 to 400"),
        ({"companies": 0}, "number of companies"),
        ({"nonprofits": 301}, "number of non-profits"),
        ({"trading_minutes": 0}, "trading time"),
        ({"speed": 0.5}, "speed is 1"),
        ({"speed": float("nan")}, "speed is 1"),
        ({"least_minor": 2, "most_minor": 1}, "goes from an amount"),
        ({"least_minor": 0, "most_minor": 119_999}, "80 contracts are worth 1,200.00 to"),
        ({"least_minor": 10**12, "most_minor": 10**12}, "80 contracts are worth 1,200.00 to"),
        ({"hourly_rate_minor": 0}, "hourly rate"),
    ],
)
def test_what_cannot_be_played_is_said_at_once(wrong: dict[str, object], sentence: str) -> None:
    """A script is refused when it is written, with a sentence that says what would do."""
    with pytest.raises(ScriptUnplayable, match=sentence):
        a_script(**wrong)
    assert issubclass(ScriptUnplayable, ValueError)


def test_the_clock_in_the_hall_shows_trading_time_as_it_passes() -> None:
    """At sixty times the speed two hours are two minutes; as fast as the machine goes, the clock shows them whole."""
    assert a_script(speed=60).clock_minutes == 2
    assert a_script(speed=0).clock_minutes == 120
