"""kill -9 of relays, brokers and consumers: every position once in the stream, and once in a consumer's book."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Self

import asyncpg

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.settings import NatsSettings
from infra.streams.relayed import NAME
from tests.conftest import DatabaseUrls
from tests.relay.broker import NatsServer, kept, needs_nats
from tests.relay.conftest import Beyond
from tests.relay.consumer import open_book
from tests.relay.relaying import a_relay, ask, holds_every_record_once, relayed_to, running, tracked, until, write

pytestmark = needs_nats

LONG = os.environ.get("HANDSCHLAG_LAWS") == "long"
TURNS = 60 if LONG else 5
"""How often a relay and the server are killed."""
DEATHS = 100 if LONG else 8
"""How often a consumer is killed."""


@dataclass
class Process:
    """A program of ours that is started and killed."""

    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; it may take a while to do something."""
        with self.log.open("ab") as told:
            environment = os.environ | dict(self.environment)
            command = [sys.executable, "-m", *self.command]
            self.process = subprocess.Popen(command, env=environment, stdout=told, stderr=told)

    def end(self) -> None:
        """Start it and wait until it has ended by itself."""
        self.start()
        process, self.process = self.process, None
        if process is not None:
            process.wait(30)

    def kill(self) -> None:
        """End it at once."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait(10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def relay_process(urls: DatabaseUrls, settings: NatsSettings, home: Path) -> Process:
    """`handschlag relay`."""
    return Process(("services.cli", "relay"), home / "relay.log", relay_variables(urls, settings, home))


def relay_variables(urls: DatabaseUrls, settings: NatsSettings, home: Path) -> dict[str, str]:
    """What a relay's process is told."""
    return {
        "HANDSCHLAG_HOME": str(home),
        "HANDSCHLAG_DATABASE_URL": urls.runtime,
        "HANDSCHLAG_OWNER_DATABASE_URL": urls.owner,
        "HANDSCHLAG_FOLLOWER_DATABASE_URL": urls.follower,
        "HANDSCHLAG_NATS_URL": settings.url,
        "HANDSCHLAG_NATS_WINDOW_MS": str(int(settings.window * 1000)),
    }


async def write_until(log: EventLog, tenant: TenantId, done: asyncio.Event, pause: float) -> None:
    """Append a few records now and then."""
    while not done.is_set():
        await write(log, tenant, 5)
        await asyncio.sleep(pause)


async def test_the_stream_holds_every_position_once_after_kills_in_turns(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    tmp_path: Path,
) -> None:
    """Given a steady writer, when relay and server are killed in turns, some beyond the window, then all is there once.

    Sometimes another relay is there to take over, and sometimes nobody is.
    """
    chance, done = Random(2006), asyncio.Event()
    outages = (0.0, 4 * nats_settings.window)
    writing = asyncio.create_task(write_until(log, tenant, done, 0.05))
    with relay_process(relayed, nats_settings, tmp_path) as relay:
        for turn in range(TURNS):
            others = [a_relay(relayed, log, nats_settings)] if chance.random() < 0.3 else []
            async with running(*others):
                await relayed_to(relayed, tenant, (await log.head(tenant)).size + 1)
                await asyncio.sleep(chance.random() * 0.3)
                killed = (relay, broker)[turn % 2]
                killed.kill()
                await asyncio.sleep(chance.choice(outages))
                killed.start()
        done.set()
        await writing
        await relayed_to(relayed, tenant, (await log.head(tenant)).size)
    await holds_every_record_once(log, tenant, await kept(broker, nats_settings.stream_of(tenant)))


async def test_a_relay_killed_between_acknowledgement_and_note_sends_nothing_twice(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    beyond_the_window: Beyond,
    tmp_path: Path,
) -> None:
    """Given a relay that is killed before it can note what was acknowledged, then another goes on beyond the window."""
    name = nats_settings.stream_of(tenant)
    owner = await asyncpg.connect(relayed.owner)
    try:
        await write(log, tenant, 10)
        with relay_process(relayed, nats_settings, tmp_path) as relay:
            await relayed_to(relayed, tenant, 10)
            async with owner.transaction():
                await owner.execute("lock table streams.relayed in share mode")
                await write(log, tenant, 20)
                await until(lambda: _keeps(broker, name, 30))
                relay.kill()
                await until(lambda: _nobody_relays(relayed))
        assert (await tracked(relayed, tenant))["position"] == 10
        await write(log, tenant, 3)
    finally:
        await owner.close()
    await beyond_the_window.wait()
    with relay_process(relayed, nats_settings, tmp_path):
        await relayed_to(relayed, tenant, 33)
    await holds_every_record_once(log, tenant, await kept(broker, name))


def test_the_consumer_is_the_one_that_the_docs_show() -> None:
    """Given docs/relay.md, when its program is read, then it stands so in the consumer that is killed below."""
    house = Path(__file__).parents[2]
    shown = (house / "docs/relay.md").read_text().split("```python\n")[1].split("```")[0]
    assert shown in (house / "tests/relay/consumer.py").read_text()


async def test_a_consumer_that_is_killed_again_and_again_sees_every_position_once(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    tmp_path: Path,
) -> None:
    """Given a durable consumer with its own book, killed at random while records come, then the book has each once.

    The first death is no chance: what it had written and not acknowledged is told again.
    """
    chance, done, book = Random(1871), asyncio.Event(), tmp_path / "book.sqlite"
    name = nats_settings.stream_of(tenant)
    command = ("tests.relay.consumer", broker.url, name, f"handschlag.{tenant}.>", str(book))
    async with running(a_relay(relayed, log, nats_settings)):
        await write(log, tenant, 1)
        await relayed_to(relayed, tenant, 1)
        Process((*command, "dies"), tmp_path / "consumer.log").end()
        assert _seen(book) == 1
        writing = asyncio.create_task(write_until(log, tenant, done, 0.02))
        for _ in range(DEATHS):
            seen = _seen(book)
            with Process(command, tmp_path / "consumer.log"):
                if chance.random() < 0.9:
                    await until(partial(_has_seen, book, seen + chance.randint(1, 150)))
                else:
                    await asyncio.sleep(chance.random())
        done.set()
        await writing
        size = (await log.head(tenant)).size
        with Process(command, tmp_path / "consumer.log"):
            await until(lambda: _has_seen(book, size))
            await until(lambda: _was_told_again(book))
    entries = await log.page(tenant, 0, 100_000)
    work = open_book(str(book)).execute("select position, body from work order by position").fetchall()
    assert [position for position, _ in work] == list(range(1, size + 1))
    assert [json.loads(body)["id"] for _, body in work] == [json.loads(entry.bytes)["id"] for entry in entries]


async def _nobody_relays(urls: DatabaseUrls) -> bool:
    counted = await ask(urls, "select count(*) from pg_stat_activity where application_name = $1", NAME)
    return counted is not None and counted[0] == 0


async def _keeps(broker: NatsServer, stream: str, number: int) -> bool:
    return len(await kept(broker, stream)) >= number


async def _was_told_again(book: Path) -> bool:
    return _count(book, "told_again") > 0


async def _has_seen(book: Path, number: int) -> bool:
    return _seen(book) >= number


def _seen(book: Path) -> int:
    return _count(book, "seen")


def _count(book: Path, table: str) -> int:
    if not book.exists():
        return 0
    connection = sqlite3.connect(book, timeout=30)
    try:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])
    except sqlite3.OperationalError:  # the consumer was killed before it had made its tables
        return 0
    finally:
        connection.close()
