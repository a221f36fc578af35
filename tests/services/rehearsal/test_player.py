"""Rehearsals played against a service that really runs."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter
from typing import Any

import pytest

from domain.ledger.row import COUNTS, STRUCK, LedgerState
from services.rehearsal.asking import Asking
from services.rehearsal.player import Outcome, Progress, play
from services.rehearsal.script import Script
from services.rehearsal.story import tell
from services.rehearsal.trouble import ClosedEarly, KeysMissing, ServiceAway, StepRefused
from tests.running import Host, RunningService

DAY = date(2026, 11, 23)


def a_script(host: Host, **changed: Any) -> Script:
    """A small marketplace."""
    usual = Script(
        host=host.tenant,
        companies=8,
        nonprofits=10,
        contracts=20,
        least_minor=2_000_000,
        most_minor=2_000_000,
        trading_minutes=60,
        season=2026,
        date=DAY,
        seed=4,
    )
    return replace(usual, **changed)


def asking(service: RunningService, host: Host) -> Asking:
    """The host's desks."""
    return Asking(service.url, host.tenant, host.keys)


async def size(service: RunningService, host: Host) -> int:
    """How many records the host's log holds; a rehearsal of a usual size."""
    async with asking(service, host) as desks:
        after = 0
        while True:
            query: dict[str, str | int] = {"after": after, "limit": 200}
            page = await desks._ask("", "auditor", "GET", "events", headers={}, params=query)
            if not page["items"]:
                return after
            after = page["items"][-1]["position"]


async def business(service: RunningService, host: Host, edition: str) -> list[Any]:
    """What the ledger says but for ids, times and positions."""
    async with asking(service, host) as desks:
        rows = await desks.every("ledger", marketplace=edition)
    return sorted((_told(row) for row in rows), key=str)


def _told(row: dict[str, Any]) -> list[Any]:
    names = {party["participation"]: party["name"] for party in row["parties"]}
    pledges = [
        {
            key: names.get(value, value) if isinstance(value, str) else value
            for key, value in pledge.items()
            if key != "listing"
        }
        for pledge in row["pledges"]
    ]
    parties = [(party["name"], party["side"], party["signed"], party["publicity"]) for party in row["parties"]]
    said = [row[key] for key in ("number", "form_number", "state", "source", "value", "one_sided", "returns")]
    return [*said, row["rehearsal"], row["broker"] is not None, parties, pledges]


async def test_a_rehearsal_ends_as_it_was_wished(service: RunningService, host: Host) -> None:
    """The ledger has exactly so many certified contracts of that value; what was undecided has lapsed."""
    seen: list[Progress] = []
    outcome = await play(service.url, host.keys, a_script(host), seen.append)
    assert (outcome.contracts, outcome.value_minor, outcome.repeated) == (20, 2_000_000, 0)
    assert outcome.lapsed >= 1
    assert [progress.steps for progress in seen] == list(range(1, outcome.steps + 1))
    assert (seen[-1].of_steps, seen[-1].certified, seen[-1].of_contracts) == (outcome.steps, 20, 20)
    async with asking(service, host) as desks:
        edition = await desks.get(f"marketplaces/{outcome.marketplace}")
        assert edition["title"].startswith("Probe: ")
        assert (edition["rehearsal"], edition["state"]) == (True, "follow_up")
        rows = await desks.every("ledger", marketplace=outcome.marketplace)
        assert sum(row["state"] in COUNTS for row in rows) == 20
        assert {row["state"] for row in rows} >= {*STRUCK, LedgerState.ABANDONED, LedgerState.DISPUTED}
        assert all(row["rehearsal"] for row in rows)
        assert sorted(row["number"] for row in rows if row["number"]) == list(range(1, 25))


async def test_the_same_seed_gives_two_hosts_the_same_ledger(service: RunningService, host: Host) -> None:
    """Down to number and signature; only ids, times and positions differ."""
    other = await service.new_host()
    one = await play(service.url, host.keys, a_script(host))
    two = await play(service.url, other.keys, a_script(other))
    ledger = await business(service, host, one.marketplace)
    assert len(ledger) == 25
    assert ledger == await business(service, other, two.marketplace)


@pytest.mark.parametrize("after", [0, 40, 160])
async def test_a_player_that_was_stopped_goes_on(service: RunningService, host: Host, after: int) -> None:
    """Stopped in the middle and started again, a day later too, it ends as if nothing had been."""
    script = a_script(host)

    def stop(progress: Progress) -> None:
        if progress.steps > after:
            player.cancel()

    player = asyncio.create_task(play(service.url, host.keys, script, stop))
    with pytest.raises(asyncio.CancelledError):
        await player
    outcome = await play(service.url, host.keys, replace(script, date=DAY + timedelta(days=1)))
    assert outcome.contracts == 20
    assert outcome.repeated >= after
    records = await size(service, host)
    again = await play(service.url, host.keys, script)
    assert again == replace(outcome, repeated=again.steps)
    assert await size(service, host) == records
    async with asking(service, host) as desks:
        assert len(await desks.every("marketplaces")) == 1


async def test_a_rehearsal_outlives_a_killed_service(own_service: RunningService) -> None:
    """The service is killed while desks are asking, and starts anew: nothing is lost, nothing is done twice."""
    host = await own_service.new_host()
    killed = asyncio.Event()

    def watch(progress: Progress) -> None:
        if progress.steps == 250:
            killed.set()

    script = a_script(host, companies=30, nonprofits=30, contracts=60, least_minor=5_000_000, most_minor=6_000_000)
    player = asyncio.create_task(play(own_service.url, host.keys, script, watch))
    await killed.wait()
    await asyncio.to_thread(own_service.kill)
    own_service.start()
    outcome = await player
    assert outcome.contracts == 60
    assert outcome.value_minor == tell(script).minor


async def test_a_rehearsal_keeps_its_pace(service: RunningService, host: Host) -> None:
    """At sixty times the speed a minute of trading takes a second, and the clock in the hall says so."""
    script = a_script(host, contracts=4, least_minor=100_000, most_minor=100_000, trading_minutes=2, speed=60)
    moments: list[tuple[float, float]] = []
    began = perf_counter()
    outcome = await play(
        service.url, host.keys, script, lambda seen: moments.append((seen.moment, perf_counter() - began))
    )
    opened = next(passed for moment, passed in moments if moment == 0)
    assert outcome.contracts == 4
    for moment, passed in moments:
        if moment > 0:
            assert passed - opened >= moment / 60 - 0.05
    async with asking(service, host) as desks:
        assert (await desks.get(f"marketplaces/{outcome.marketplace}"))["trading_minutes"] == 1


async def test_a_paced_rehearsal_goes_on_where_it_stopped(service: RunningService, host: Host) -> None:
    """Given a rehearsal that was stopped after a minute, when it is played again, then that minute isn't waited for."""
    script = a_script(host, contracts=4, least_minor=100_000, most_minor=100_000, trading_minutes=2, speed=20)

    def stop(progress: Progress) -> None:
        if progress.moment > 60:
            player.cancel()

    player = asyncio.create_task(play(service.url, host.keys, script, stop))
    with pytest.raises(asyncio.CancelledError):
        await player
    seen: list[tuple[Progress, float]] = []
    outcome = await play(service.url, host.keys, script, lambda progress: seen.append((progress, perf_counter())))
    opened = next(at for progress, at in seen if progress.moment == 0)
    gone_through = max(at for (one, _), (following, at) in pairwise(seen) if following.repeated > one.repeated)
    assert outcome.contracts == 4
    assert gone_through - opened < 60 / 20


async def test_trading_that_ended_early_is_told(service: RunningService, host: Host) -> None:
    """Somebody rings the gong in the middle: the player says what is so, and what to do."""
    script = a_script(host)
    rung: list[asyncio.Task[None]] = []

    async def ring() -> None:
        async with asking(service, host) as desks:
            (edition,) = await desks.every("marketplaces")
            path = f"marketplaces/{edition['id']}/close-trading"
            await desks.post("gong", "moderator", path, {}, "foreign-gong", edition["version"])

    def watch(progress: Progress) -> None:
        if progress.moment == 0:
            rung.append(asyncio.create_task(ring()))

    with pytest.raises(ClosedEarly, match="choose another seed"):
        await play(service.url, host.keys, script, watch)
    await rung[0]


async def test_what_the_desks_lack_is_told_before_anything_is_done(service: RunningService, host: Host) -> None:
    """Missing and unknown keys, and a service that isn't there."""
    keys = {role: key for role, key in host.keys.items() if role not in ("notary", "broker")}
    with pytest.raises(KeysMissing, match="no key for: broker, notary"):
        await play(service.url, keys, a_script(host))
    with pytest.raises(StepRefused, match="401"):
        await play(service.url, dict.fromkeys(host.keys, "wrong"), a_script(host))
    async with Asking("http://127.0.0.1:9", host.tenant, host.keys, patience=0.2) as nobody:
        with pytest.raises(ServiceAway, match="no answer"):
            await nobody.get("marketplaces")
    assert isinstance(await play(service.url, host.keys, a_script(host, contracts=1)), Outcome)
