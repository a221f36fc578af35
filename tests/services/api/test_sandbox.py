"""A sandbox: whoever holds a key of it lets a rehearsal be played, through the public API, as often as they like."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from domain.identity import TenantId
from infra.clock import fresh_id
from services.cli.house import open_house
from services.cli.playing import sandbox_file
from services.cli.sandbox import make_sandbox
from services.client import Handschlag
from tests.running import RunningService, client
from tests.services.hall import Hall

SMALL = {"companies": 4, "nonprofits": 5, "contracts": 4}


def _handschlag(*words: str) -> list[str]:
    return [sys.executable, "-m", "services.cli", *words]


def _environment(service: RunningService) -> dict[str, str]:
    return os.environ | dict(service.environment) | {"HANDSCHLAG_HOME": str(service.home)}


class Sandbox:
    """A sandbox and a key of it."""

    def __init__(self, service: RunningService, http: httpx2.AsyncClient, tenant: str, key: str) -> None:
        self.service, self.http, self.tenant, self.key = service, http, tenant, key

    async def ask(self, method: str, path: str = "", **more: Any) -> httpx2.Response:
        """Ask for something."""
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        return await self.http.request(method, f"/v1/{self.tenant}/sandbox{path}", headers=headers, **more)

    async def ended(self) -> dict[str, Any]:
        """What was played, when it is over."""
        async with asyncio.timeout(120):
            while (play := await self.last())["state"] == "playing":  # noqa: ASYNC110 - another process's play
                await asyncio.sleep(0.1)
        return play

    async def last(self) -> dict[str, Any]:
        """What is played, or was last."""
        return (await self.ask("GET")).json()["play"] or {"state": "nothing"}


@pytest.fixture
async def sandbox(service: RunningService) -> AsyncIterator[Sandbox]:
    """A fresh sandbox, made beside the running service."""
    tenant = TenantId(f"sandbox-{fresh_id()[:8]}")
    async with open_house(service.urls(), service.settings()) as house:
        key = await make_sandbox(house, sandbox_file(service.home), tenant, with_key=True)
    async with client(service) as http:
        yield Sandbox(service, http, tenant, key)


async def test_a_rehearsal_is_played_again_and_again(sandbox: Sandbox) -> None:
    """Given a sandbox, when it is asked to play twice, then the same story is told twice, each in its own edition."""
    told: list[list[str]] = []
    plays = []
    for _ in range(2):
        begun = await sandbox.ask("POST", "/play", json=SMALL | {"speed": 0})
        assert (begun.status_code, begun.json()["play"]["state"]) == (202, "playing")
        busy = await sandbox.ask("POST", "/play", json=SMALL)
        assert (busy.status_code, busy.json()["type"]) == (409, "/problems/sandbox-busy")
        play = await sandbox.ended()
        assert (play["state"], play["certified"], play["contracts"]) == ("played", 4, 4)
        plays.append(play)
        with Handschlag(sandbox.service.url, sandbox.tenant, sandbox.key) as handschlag:
            events = await asyncio.to_thread(lambda after: list(handschlag.events(after)), play["after"])
        assert all(event.rehearsal for event in events)
        told.append(sorted(event.type for event in events))
        assert [event.stream for event in events if event.type == "marketplace.planned.v1"] == [play["marketplace"]]
    assert told[0] == told[1]
    assert plays[0]["marketplace"] != plays[1]["marketplace"]


async def test_what_is_played_at_a_sandbox_is_nobodys_news(sandbox: Sandbox, hall: Hall) -> None:
    """Given a play that is over, then the sandbox has pages of its own, and the front page doesn't lead there."""
    await hall.plan(rehearsal=False)
    await sandbox.ask("POST", "/play", json=SMALL | {"speed": 0})
    play = await sandbox.ended()
    own, front = await sandbox.http.get(f"/{sandbox.tenant}"), await sandbox.http.get("/")
    assert (own.status_code, front.status_code) == (200, 200)
    assert play["marketplace"] in own.text
    assert "Noch keine Saison" not in front.text  # then it would lead nowhere at all
    assert sandbox.tenant not in front.text


async def test_a_play_is_stopped(sandbox: Sandbox) -> None:
    """Given a play at people's speed, when it is stopped, then it ends at once, and another one may begin."""
    await sandbox.ask("POST", "/play", json=SMALL | {"speed": 1})
    await asyncio.sleep(0.5)
    stopped = await sandbox.ask("POST", "/stop")
    assert (stopped.status_code, stopped.json()["play"]["state"]) == (200, "stopped")
    assert (await sandbox.ask("POST", "/stop")).json()["play"]["state"] == "stopped"
    assert (await sandbox.ask("POST", "/play", json=SMALL)).status_code == 202
    await sandbox.ask("POST", "/stop")


async def test_in_the_terminal_a_play_is_watched_and_ctrl_c_stops_it(sandbox: Sandbox) -> None:
    """Given the operator's terminal, when Ctrl-C is pressed during a play, then it is stopped and that is said."""
    words = _handschlag("sandbox", "play", sandbox.tenant, "--speed", "1", "--url", sandbox.service.url)
    process = await asyncio.create_subprocess_exec(
        *words,
        env=_environment(sandbox.service),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        while (await sandbox.last())["state"] != "playing":  # noqa: ASYNC110 - another process's play
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        process.send_signal(signal.SIGINT)
        said, trouble = await process.communicate()
    assert process.returncode == 0, trouble.decode()
    assert "stopped, " in said.decode()
    assert (await sandbox.last())["state"] == "stopped"


async def test_elsewhere_nobody_plays(hall: Hall) -> None:
    """Given a host that is no sandbox, when its own admin asks, then there is no such address."""
    for method, path in (("GET", ""), ("POST", "/play"), ("POST", "/stop")):
        headers = {"Authorization": f"Bearer {hall.host.keys['host_admin']}"}
        answer = await hall.http.request(method, f"/v1/{hall.host.tenant}/sandbox{path}", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-there")


async def test_what_nobody_can_play_is_refused_in_words(sandbox: Sandbox) -> None:
    """Given wishes out of bounds or shape, and a desk's key, when asked for, then nothing is played."""
    for wish, told in (
        ({"contracts": 101}, "/contracts"),
        ({"speed": 0.5}, "The speed is 1"),
        ({"contracts": 0}, "number of contracts"),
        ({"value": 1}, "Choose a total value"),
        ({"tempo": 5}, "tempo"),
        ({"speed": "fast"}, "/speed"),
    ):
        refused = await sandbox.ask("POST", "/play", json=wish)
        assert (refused.status_code, told in json.dumps(refused.json())) == (422, True), refused.text
    assert (await sandbox.ask("POST", "/play", content=b"{")).status_code == 415
    desks = json.loads((sandbox.service.home / "sandbox.json").read_text())[sandbox.tenant]
    sandbox.key = desks["clerk"]
    assert (await sandbox.ask("POST", "/play")).status_code == 403
    sandbox.key = desks["host_admin"]
    assert (await sandbox.ask("GET")).json() == {"play": None}


async def test_a_real_host_never_becomes_a_sandbox(hall: Hall, service: RunningService) -> None:
    """Given a host with its own life, when somebody asks to make it a sandbox, then that is refused."""
    run = await asyncio.to_thread(
        subprocess.run,
        _handschlag("sandbox", "create", hall.host.tenant),
        env=_environment(service),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.returncode == 1
    assert "no sandbox. Choose another name" in run.stderr


async def test_a_wish_that_says_two_things_isnt_played(sandbox: Sandbox) -> None:
    """Given a wish with two speeds, then nobody guesses which was meant."""
    headers = {"Content-Type": "application/json"}
    refused = await sandbox.ask("POST", "/play", content='{"speed":0,"speed":1}', headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/body-unreadable")
