"""The demo of 2006: what the source says, said as it says it, and rehearsals beside it; whatever interrupts a start."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.identity import TenantId
from infra.postgres.tenancy import create_tenant
from services.cli.house import open_house
from services.cli.keys import issue_key
from services.rehearsal import season
from services.rehearsal.asking import Asking
from services.rehearsal.player import Progress, play
from services.rehearsal.prepare import FOLLOW_UP, HELPLINE
from services.rehearsal.season import DemoHost, edition_title, rehearsal_of, seed, source
from services.rehearsal.story import tell
from tests.running import ROLES, RunningService

Access = dict[str, dict[str, str]]


def _small(host: DemoHost) -> DemoHost:
    size = replace(host.size, companies=5, nonprofits=6, contracts=10, least_minor=500_000, most_minor=600_000)
    return replace(host, size=size)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The six cities with small rehearsals; the large ones are played in `tests/journeys`."""
    monkeypatch.setattr(season, "HOSTS", tuple(map(_small, season.HOSTS)))


@pytest.fixture
async def access(own_service: RunningService) -> Access:
    """The six hosts of 2006, each with its desks' keys."""
    urls = own_service.urls()
    keys: Access = {}
    async with open_house(urls, own_service.settings()) as house:
        for host in season.HOSTS:
            tenant = TenantId(host.tenant)
            await create_tenant(
                urls.owner, tenant, name=host.name, city=host.city, region=host.region or "", time_zone=host.time_zone
            )
            keys[tenant] = {
                role.value: (await issue_key(house, tenant, role, None, f"Probe {role}"))[0] for role in ROLES
            }
    return keys


async def _editions(service: RunningService, keys: Mapping[str, str], tenant: str) -> list[tuple[Any, Any]]:
    """The host's editions and their results."""
    async with Asking(service.url, tenant, keys) as asking:
        return [
            (edition, await asking.get(f"marketplaces/{edition['id']}/results"))
            for edition in await asking.every("marketplaces")
        ]


async def _heads(service: RunningService, access: Access) -> dict[str, int]:
    """How many records each log holds."""
    heads: dict[str, int] = {}
    for tenant, keys in access.items():
        async with Asking(service.url, tenant, keys) as asking:
            steps = [
                step["position"]
                for edition in await asking.every("marketplaces")
                for step in await asking.every(f"marketplaces/{edition['id']}/trail")
            ]
            heads[tenant] = max(steps)
    return heads


@pytest.mark.usefixtures("small")
async def test_a_start_that_was_killed_is_finished_and_a_second_one_adds_nothing(
    own_service: RunningService, access: Access
) -> None:
    """Every host ends with its edition, one statement in the source's words, and one rehearsal that is over."""
    said: list[str] = []

    def stop(line: str) -> None:
        said.append(line)
        if len(said) == 6:
            starting.cancel()

    starting = asyncio.create_task(seed(own_service.url, access, stop))
    with pytest.raises(asyncio.CancelledError):
        await starting
    await seed(own_service.url, access, said.append)
    heads = await _heads(own_service, access)
    said.clear()
    await seed(own_service.url, access, said.append)
    assert not said
    assert await _heads(own_service, access) == heads
    for told in source()["marketplaces"]:
        (real, results), (probe, played) = await _editions(own_service, access[told["host"]], told["host"])
        _must_say_what_the_source_says(told, real, results)
        assert (probe["rehearsal"], probe["state"], played["statements"]) == (True, "follow_up", [])
        assert (played["ledger"]["contracts"], played["ledger"]["forms"]) == (10, 15)
        assert 500_000 <= played["ledger"]["value_minor"] <= 600_000


def _must_say_what_the_source_says(told: Mapping[str, Any], real: Any, results: Any) -> None:
    assert (real["title"], real["date"], real["venue"]) == (edition_title(told), told["date"], told.get("venue"))
    assert (real["season"], real["rehearsal"], real["noun"]) == (2006, False, told["agreements"]["noun"])
    assert results["ledger"]["contracts"] == 0
    (statement,) = results["statements"]
    assert (statement["source"], statement["notes"]) == (source()["source"], told["notes"])
    for name, figure in statement["figures"].items():
        assert {key: value for key, value in figure.items() if value is not None or key == "value"} == told[name]


async def test_trading_left_open_for_too_long_is_played_anew(
    own_service: RunningService, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start was killed between the gongs and trading closed itself: the next start plays another edition."""
    essen = _small(season.HOSTS[0])
    monkeypatch.setattr(season, "HOSTS", (essen,))

    def stop(_: str) -> None:
        starting.cancel()

    starting = asyncio.create_task(seed(own_service.url, access, stop))
    with pytest.raises(asyncio.CancelledError):
        await starting
    async with Asking(own_service.url, "essen", access["essen"]) as asking:
        (edition,) = await asking.every("marketplaces", state="trading")
        path = f"marketplaces/{edition['id']}/close-trading"
        await asking.post("gong", "moderator", path, {}, "foreign-gong", edition["version"])
    said: list[str] = []
    await seed(own_service.url, access, said.append)
    assert any("playing it anew" in line for line in said)
    (_, _), (_, _), (probe, played) = await _editions(own_service, access["essen"], "essen")
    assert probe["title"].endswith("2. Anlauf)")
    assert played["ledger"]["contracts"] == 10
    said.clear()
    await seed(own_service.url, access, said.append)
    assert len(await _editions(own_service, access["essen"], "essen")) == 3


async def test_a_start_killed_during_the_calls_goes_on_with_them(
    own_service: RunningService, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number and value are right already, but the story isn't told to its end: the next start tells it."""
    essen = _small(season.HOSTS[0])
    monkeypatch.setattr(season, "HOSTS", (essen,))

    def stop(progress: Progress) -> None:
        if progress.doing == FOLLOW_UP:
            playing.cancel()

    (told,) = (told for told in source()["marketplaces"] if told["host"] == "essen")
    playing = asyncio.create_task(play(own_service.url, access["essen"], rehearsal_of(essen, told), stop))
    with pytest.raises(asyncio.CancelledError):
        await playing
    await seed(own_service.url, access, lambda _: None)
    editions = await _editions(own_service, access["essen"], "essen")
    (probe,) = [edition for edition, _ in editions if edition["rehearsal"]]
    assert HELPLINE in {helper["name"] for helper in probe["co_hosts"]}
    async with Asking(own_service.url, "essen", access["essen"]) as asking:
        rows = await asking.every("ledger", marketplace=probe["id"])
    assert {row["state"] for row in rows} > {"fulfilled", "disputed"}


def test_what_is_invented_is_said_to_be() -> None:
    """Rehearsals are called so; where the source gives no value, the title says that it is invented."""
    for host, told in zip(season.HOSTS, source()["marketplaces"], strict=True):
        script = rehearsal_of(host, told)
        assert script.edition_title.startswith("Probe: ")
        assert ("erfunden" in script.edition_title) == (told["value"]["value"] is None)
    jena = rehearsal_of(season.HOSTS[1], source()["marketplaces"][1])
    assert "Beglaubigung" in jena.edition_title


def test_the_stories_of_the_cities_end_in_the_words_of_the_source() -> None:
    """Number and value, before anything is played."""
    for host, told in zip(season.HOSTS, source()["marketplaces"], strict=True):
        script, agreements = rehearsal_of(host, told), told["agreements"]
        assert script.contracts >= agreements["value"] + (agreements["qualifier"] == "over")
        assert script.least_minor <= tell(script).minor <= script.most_minor
        for size, figure in ((host.size.companies, "business_side"), (host.size.nonprofits, "nonprofit_side")):
            if told[figure].get("subject") == "organisation":
                assert size == told[figure]["value"]


def test_no_host_is_given_a_name_that_nobody_knows() -> None:
    """A description stands where the source doesn't name the host."""
    assert [host.tenant for host in season.HOSTS] == ["essen", "jena", "kassel", "berlin", "frankfurt", "duesseldorf"]
    assert all(host.name == f"Veranstalter des Marktplatzes {host.city}" for host in season.HOSTS)
