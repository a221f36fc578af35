"""A consumer is killed with kill -9 at random moments while rehearsals run, over each of the four ways.

By its own book it sees every position once, and its ledger, folded as records came, ends equal to ours. Four kills a
way here; a hundred each with HANDSCHLAG_LAWS=long.
"""

import asyncio
import os
import random
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from domain.ledger.digest import digest, row_line
from infra.clock import fresh_id
from services.application.bundling.tables import pages
from services.cli.house import open_house
from services.rehearsal.player import play
from services.rehearsal.script import Script
from tests.journeys.consumer import WAYS
from tests.relay.broker import PROGRAM, nats_server
from tests.running import Host, RunningService, free_port, running_service

LONG = os.environ.get("HANDSCHLAG_LAWS") == "long"
KILLS = 100 if LONG else 4
SEED = 2006
LIFE = 0.6
"""Seconds for which a consumer is at work, at most, before it is killed."""
SPEED = 240.0 if LONG else 600.0
"""Minutes of trading in a minute: rehearsals run all the while, and the log doesn't outgrow who is killed so often."""
PATIENCE = 900.0 if LONG else 120.0


@dataclass
class Ending:
    """What came of the consumer of one way: its book, and how often it was killed in the middle of the log."""

    book: Path
    killed: int = 0
    amid: int = 0
    positions: list[int] = field(default_factory=list)
    again: int = 0
    ledger: str = ""

    @property
    def log(self) -> Path:
        """What it said to the end."""
        return self.book.with_suffix(".log")

    def read(self) -> None:
        """Read the book."""
        with sqlite3.connect(self.book) as book:
            self.positions = [position for (position,) in book.execute("select position from seen order by rowid")]
            (self.again,) = book.execute("select count(*) from told_again").fetchone()
            rows = [row.encode() for (row,) in book.execute("select row from ledger order by row ->> '$.lineage[0]'")]
        self.ledger = digest(rows)

    def newest(self) -> int:
        """The position up to which it came."""
        try:
            with sqlite3.connect(f"file:{self.book}?mode=ro", uri=True) as book:
                (newest,) = book.execute("select coalesce(max(position), 0) from seen").fetchone()
        except sqlite3.OperationalError:  # not made yet
            return 0
        return int(newest)


@dataclass
class Ended:
    """What came of all: how long the log was, our ledger's digest, and each way's ending."""

    size: int
    ledger: str
    contracts: int
    ways: dict[str, Ending]


@pytest.fixture(scope="module")
async def ended() -> AsyncIterator[Ended]:
    """Rehearsals run, and a consumer of each way is killed again and again, until all have had their kills."""
    with tempfile.TemporaryDirectory(prefix="hs-killed-") as told:
        folder = Path(told)
        async with _service(folder) as (service, nats_url):
            host = await service.new_host()
            ways = {way: Ending(folder / f"{way}.db") for way in WAYS if way != "jetstream" or nats_url}
            starts = {way: await _environment(way, service, host, nats_url) for way in ways}
            enough = asyncio.Event()
            rehearsals = asyncio.create_task(_rehearse(service, host, enough))
            chance = random.Random(SEED)
            seeds = [random.Random(chance.random()) for _ in ways]
            async with asyncio.TaskGroup() as group:
                lives = [
                    group.create_task(_kill_again_and_again(way, starts[way], ways[way], seed))
                    for way, seed in zip(ways, seeds, strict=True)
                ]
                await asyncio.gather(*lives)
            enough.set()
            await rehearsals
            size = await _size(service, host)
            await asyncio.gather(*(_to_the_end(way, starts[way], ending, size) for way, ending in ways.items()))
            lines = await _our_ledger(service, host, size)
            yield Ended(size, digest(lines), len(lines), ways)


@pytest.mark.parametrize("way", WAYS)
def test_every_position_is_seen_once_and_the_ledger_is_ours(ended: Ended, way: str) -> None:
    """Given a consumer killed at random while rehearsals ran, then its book holds each position once, in order."""
    if way not in ended.ways:
        pytest.skip("there is no nats-server here (Debian: apt-get install it)")
    ending = ended.ways[way]
    assert ending.positions == list(range(1, ended.size + 1))
    assert ended.contracts > 0
    assert ending.ledger == ended.ledger
    assert ending.killed == KILLS
    assert ending.amid > 0
    print(f"{way}: {ending.killed} kills, {ending.amid} amid {ended.size} records, {ending.again} told again")  # noqa: T201


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[tuple[RunningService, str]]:
    """A service that sends webhooks, and relays where there is a broker."""
    if PROGRAM is None:
        with running_service() as service:
            yield service, ""
        return
    with nats_server(folder) as broker, running_service(HANDSCHLAG_NATS_URL=broker.url) as service:
        yield service, broker.url


async def _environment(way: str, service: RunningService, host: Host, nats_url: str) -> dict[str, str]:
    """What the consumer of a way is started with; its webhook is made, and its stream on the broker is there."""
    told = {"HANDSCHLAG_URL": service.url, "HANDSCHLAG_TENANT": host.tenant, "HANDSCHLAG_KEY": host.keys["integrator"]}
    match way:
        case "webhook":
            port = free_port()
            wish = {"url": f"http://127.0.0.1:{port}/", "audience": "internal", "after": 0, "rate": 200}
            headers = {"Authorization": f"Bearer {told['HANDSCHLAG_KEY']}", "Idempotency-Key": fresh_id()}
            async with httpx2.AsyncClient(base_url=f"{service.url}/v1/{host.tenant}", headers=headers) as http:
                made = await http.post("/webhooks", json=wish)
                assert made.status_code == 201, made.text
                told |= {
                    "HANDSCHLAG_PORT": str(port),
                    "HANDSCHLAG_SECRET": made.json()["secret"],
                    "HANDSCHLAG_WEBHOOK": f"{service.url}{made.headers['location']}",
                }
        case "jetstream":
            told["HANDSCHLAG_NATS_URL"] = nats_url
    return told


async def _rehearse(service: RunningService, host: Host, enough: asyncio.Event) -> None:
    """One rehearsal after the other, the last one to its end."""
    seed = 0
    while not enough.is_set():
        seed += 1
        script = Script(
            host=host.tenant, companies=6, nonprofits=8, contracts=8, least_minor=8_000_00, most_minor=8_000_00,
            trading_minutes=60, speed=SPEED, seed=seed, season=2026, date=date(2026, 11, 23),
        )  # fmt: skip
        await play(service.url, host.keys, script)


async def _kill_again_and_again(way: str, told: dict[str, str], ending: Ending, chance: random.Random) -> None:
    for number in range(1, KILLS + 1):
        async with _alive(way, told, ending):
            await asyncio.sleep(chance.uniform(0, LIFE))
            if number == KILLS:  # on a slow machine, too, one is killed in the middle of the log
                await _until(lambda: ending.newest() > 0, ending)
            before = ending.newest()
        ending.killed += 1
        ending.amid += before > 0


async def _to_the_end(way: str, told: dict[str, str], ending: Ending, size: int) -> None:
    """The last one lives until it has seen everything."""
    async with _alive(way, told, ending) as process:
        await _until(lambda: ending.newest() >= size or process.returncode is not None, ending)
    ending.read()


@asynccontextmanager
async def _alive(way: str, told: dict[str, str], ending: Ending) -> AsyncIterator[asyncio.subprocess.Process]:
    """A consumer at work, killed at the end; that it ended by itself before is a fault."""
    with ending.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.journeys.consumer", way),
            env=os.environ | told | {"HANDSCHLAG_BOOK": str(ending.book)},
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"at work\n", ending.log.read_text()[-3000:]
        yield process
        assert process.returncode is None, f"it ended by itself:\n{ending.log.read_text()[-3000:]}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until(so: Callable[[], Any], ending: Ending) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not so():  # noqa: ASYNC110 - it is asked of another process
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{ending.book.stem} came no further than {ending.newest()}") from None


async def _size(service: RunningService, host: Host) -> int:
    async with httpx2.AsyncClient(base_url=service.url) as http:
        return int((await http.get(f"/v1/{host.tenant}/log/status")).json()["recorded"])


async def _our_ledger(service: RunningService, host: Host, size: int) -> list[bytes]:
    """The canonical rows of the service's own ledger, in its order."""
    async with open_house(service.urls(), service.settings()) as house:
        await house.queries.wait_for(host.tenant, size)
        return [row_line(row) async for page in pages(house.queries, host.tenant, size)() for row in page]
