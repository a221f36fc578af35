"""A season over hosts, over HTTP: what was announced is added, what nobody says is named and never zero."""

from typing import Any

from tests.running import RunningService, client
from tests.services.hall import Hall

SEASON = 2187
UNKNOWN: dict[str, Any] = {"value": None, "qualifier": "unknown"}


def figures(agreements: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Figures of which only these two are told."""
    return {
        "agreements": agreements,
        "value": value,
        "business_side": UNKNOWN,
        "nonprofit_side": UNKNOWN,
        "participants": UNKNOWN,
    }


def counted(value: int, qualifier: str, noun: str) -> dict[str, Any]:
    """So many, so exactly, by the host's own noun."""
    return {"value": value, "qualifier": qualifier, "noun": noun, "strength": "agreed"}


def euro(value: int, qualifier: str) -> dict[str, Any]:
    """So much, so exactly."""
    return {"value": value, "qualifier": qualifier, "unit": "EUR"}


async def announced(hall: Hall, said: dict[str, Any] | None, **plan: Any) -> int:
    """A host's real edition of the season, with what it says of it; answers how far its log reaches."""
    edition = await hall.plan(title="Marktplatz", season=SEASON, rehearsal=False, **plan)
    if said is not None:
        await hall.done("statements", {"marketplace": edition, "figures": said, "source": "Zeitung"}, role="host_admin")
    return await hall.position()


async def test_a_season_sum_over_hosts_with_unknowns(service: RunningService) -> None:
    """Given four hosts of whom two say little and one nothing, then sums have the weakest qualifier and name them."""
    said = {
        "exact": figures(counted(40, "exact", "Kontrakte"), euro(50_000, "over")),
        "worthless": figures(counted(20, "over", "Projekte"), UNKNOWN),
        "uncounted": figures(UNKNOWN, euro(30_000, "just_under")),
        "silent": None,
    }
    async with client(service) as http:
        halls = {word: Hall(http, await service.new_host()) for word in said}
        tenants = {word: hall.host.tenant for word, hall in halls.items()}
        for word, hall in halls.items():
            position = await announced(hall, said[word])
            if word == "exact":
                helper = {"name": "Bürgerstiftung", "roles": ["venue", "press"]}
                await hall.done(f"marketplaces/{hall.marketplace}/co-hosts", {"co_hosts": [helper]}, role="host_admin")
                position = await hall.position()
                await hall.plan(season=SEASON)
                cancelled = await hall.plan(title="Abgesagt", season=SEASON, rehearsal=False)
                receipt = await hall.done(f"marketplaces/{cancelled}/cancel", role="host_admin")
                position = receipt["position"]
            await hall.read("marketplaces", wait_for=position)
        answer = await http.get(f"/v1/season/{SEASON}")
    assert answer.status_code == 200
    told = answer.json()

    assert len(told["hosts"]) == 4
    assert (told["agreements"]["value"], told["agreements"]["qualifier"]) == (60, "over")
    assert sorted(told["agreements"]["missing"]) == sorted([tenants["uncounted"], tenants["silent"]])
    assert told["agreements"]["mixed_nouns"] is True
    assert (told["value"]["value"], told["value"]["qualifier"], told["value"]["unit"]) == (80_000, "about", "EUR")
    assert sorted(told["value"]["missing"]) == sorted([tenants["worthless"], tenants["silent"]])
    by_host = {host["tenant"]: host for host in told["hosts"]}
    assert by_host[tenants["silent"]]["figures"] is None
    assert by_host[tenants["worthless"]]["figures"]["value"]["value"] is None
    assert by_host[tenants["exact"]]["co_hosts"] == [{"name": "Bürgerstiftung", "roles": ["venue", "press"]}]


async def test_a_season_of_which_nothing_is_said_is_unknown_not_zero(service: RunningService) -> None:
    """Given one silent host, then there is no sum; a season without editions isn't there."""
    async with client(service) as http:
        hall = Hall(http, await service.new_host())
        edition = await hall.plan(title="Marktplatz", season=SEASON + 1, rehearsal=False)
        await hall.read(f"marketplaces/{edition}", wait_for=await hall.position())
        told = (await http.get(f"/v1/season/{SEASON + 1}")).json()
        assert (told["agreements"]["value"], told["agreements"]["qualifier"]) == (None, "unknown")
        assert told["value"]["missing"] == [hall.host.tenant]
        assert (await http.get(f"/v1/season/{SEASON + 2}")).status_code == 404
