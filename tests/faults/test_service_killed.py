"""kill -9, of the service and of PostgreSQL, while people are at work: what was answered is there, and only once."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2
import pytest

from domain.identity import TenantId
from domain.transparency import merkle
from infra.event_log.store import EventLog
from infra.settings import Settings
from services.rehearsal.player import play
from services.rehearsal.script import Script
from tests.running import Host, RunningService, running_service

PEOPLE = 8
PATIENCE = 40.0


class Desk:
    """Several people who register organisations, and who ask again with the same key when nothing comes back."""

    def __init__(self, service: RunningService, host: Host) -> None:
        self.service = service
        self.host = host
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked_again = 0
        self.stopping = asyncio.Event()

    async def work(self, person: int) -> None:
        """Register one organisation after the other."""
        async with httpx2.AsyncClient(base_url=self.service.url, timeout=10) as http:
            number = 0
            while not self.stopping.is_set():
                number += 1
                await self.register(http, f"person-{person}-{number}")

    async def read(self) -> None:
        """Look at the lists all the while: they are there, or said to be out of reach."""
        headers = {"Authorization": f"Bearer {self.host.keys['auditor']}"}
        async with httpx2.AsyncClient(base_url=self.service.url, timeout=10) as http:
            while not self.stopping.is_set():
                for path in ("ledger", "organisations", "events"):
                    with contextlib.suppress(httpx2.TransportError):
                        answer = await http.get(f"/v1/{self.host.tenant}/{path}", headers=headers)
                        assert answer.status_code in (200, 503), answer.text
                await asyncio.sleep(0.02)

    async def register(self, http: httpx2.AsyncClient, key: str) -> dict[str, Any]:
        """Ask until it is answered, as people do who hold on to their key."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await self.ask(http, key)
                except httpx2.TransportError:
                    self.asked_again += 1
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    receipt: dict[str, Any] = answer.json()
                    self.answers[key] = receipt
                    return receipt
                assert answer.status_code in (409, 503), answer.text
                self.asked_again += 1
                await asyncio.sleep(0.05)

    async def ask(self, http: httpx2.AsyncClient, key: str) -> httpx2.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {self.host.keys['clerk']}", "Idempotency-Key": key}
        body = {"name": f"Probe {key}", "side": "company", "rehearsal": True}
        return await http.post(f"/v1/{self.host.tenant}/organisations", json=body, headers=headers)


def _script(tenant: TenantId) -> Script:
    return Script(
        host=tenant,
        companies=20,
        nonprofits=25,
        contracts=40,
        least_minor=60_000_00,
        most_minor=60_000_00,
        season=2026,
        date=date(2026, 11, 23),
    )


def _kill_service(service: RunningService) -> None:
    service.kill()
    service.start()


def _kill_postgres(service: RunningService) -> None:
    """Kill the postmaster; the one before may only just be coming up again."""
    pidfile = service.home / "postgres" / "data" / "postmaster.pid"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, IndexError, ValueError):
            os.kill(int(pidfile.read_text().splitlines()[0]), signal.SIGKILL)
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL didn't come up again")


@pytest.mark.parametrize("kill", [_kill_service, _kill_postgres], ids=["service", "postgres"])
async def test_what_was_answered_is_there_after_kill_9(kill: Callable[[RunningService], None]) -> None:
    """Three kills while a rehearsal runs and people register: what was answered stands, under the recomputed root.

    Positions have no gap, nothing is there twice, and the rehearsal ends where it was meant to. A repeated key gives
    the first answer, and a request that was cut off is done once when it is asked again.
    """
    if Settings.from_environment(os.environ).database_url is not None and kill is _kill_postgres:
        pytest.skip("the server isn't ours to kill: HANDSCHLAG_DATABASE_URL names one")
    with running_service() as service:
        desk = Desk(service, await service.new_host())
        people = [asyncio.create_task(desk.work(person)) for person in range(PEOPLE)]
        people.append(asyncio.create_task(desk.read()))
        rehearsal = asyncio.create_task(play(service.url, desk.host.keys, _script(desk.host.tenant)))
        for _ in range(3):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(kill, service) if kill is _kill_postgres else kill(service)
        await asyncio.sleep(1.5)
        outcome = await asyncio.wait_for(rehearsal, 120)
        desk.stopping.set()
        await asyncio.gather(*people)
        if kill is _kill_postgres:  # people may not notice: their requests wait for the server
            assert "database.recovered" in service.log.read_text()
        else:
            assert desk.asked_again > 0
        assert (outcome.contracts, outcome.value_minor) == (40, 60_000_00)
        await _every_answer_stands(desk)
        await _keys_give_the_first_answer(desk)
        await _the_root_is_that_of_the_entries(service, desk.host.tenant)


async def _every_answer_stands(desk: Desk) -> None:
    records = await _records(desk)
    assert [record["position"] for record in records] == list(range(1, len(records) + 1))
    leaves = {record["position"]: record["leaf_hash"] for record in records}
    for receipt in desk.answers.values():
        assert leaves[receipt["position"]] == receipt["leaf_hash"]
    named = [
        name for record in records if (name := record["entry"]["data"].get("name") or "").startswith("Probe person")
    ]
    assert sorted(named) == sorted(f"Probe {key}" for key in desk.answers)


async def _records(desk: Desk) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {desk.host.keys['auditor']}"}
    async with httpx2.AsyncClient(base_url=desk.service.url, timeout=10) as http:
        while True:
            query = {"after": len(records), "limit": 200}
            page = (await http.get(f"/v1/{desk.host.tenant}/events", params=query, headers=headers)).json()
            records += page["items"]
            if page["next"] is None:
                return records


async def _keys_give_the_first_answer(desk: Desk) -> None:
    async with httpx2.AsyncClient(base_url=desk.service.url, timeout=10) as http:
        for key, receipt in list(desk.answers.items())[-50:]:
            again = (await desk.ask(http, key)).json()
            assert again == receipt | {"replayed": True}


async def _the_root_is_that_of_the_entries(service: RunningService, tenant: TenantId) -> None:
    log = await EventLog.open(service.urls().runtime)
    try:
        head = await log.head(tenant)
        size: int = 0
        edge: merkle.Edge = ()
        while entries := await log.page(tenant, size, 500):
            leaves = [merkle.leaf_hash(entry.bytes) for entry in entries]
            size, edge = merkle.grow(size, edge, leaves)
        assert (size, merkle.root(edge)) == (head.size, merkle.root(head.edge))
    finally:
        await log.close()
