"""kill -9 of receivers and deliverers while records are appended: by the recipe, every record is worked on once."""

import asyncio
import base64
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from domain.access.roles import Role
from domain.identity import KeyId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.postgres.tenancy import AccessKeys
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import new_stream
from tests.running import free_port
from tests.services.relay.desk import Desk, eventually
from tests.vaults import MASTER, open_test_vault

KILLS = 100 if os.environ.get("HANDSCHLAG_LAWS") == "long" else 3
"""Of the receiver; the deliverer is killed at every fourth, the second one first."""

PATIENCE = 60.0


class Killed:
    """A process that is killed and started again."""

    def __init__(self, log: Path, *arguments: str, **environment: str) -> None:
        self._arguments = arguments
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments], env=os.environ | self._environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


@contextmanager
def running(process: Killed) -> Iterator[Killed]:
    """The process, killed at the end."""
    process.start()
    try:
        yield process
    finally:
        process.kill()


def read(book: Path, table: str) -> list[int]:
    """The positions in a table of the receiver's book, in the order in which they were written."""
    with closing(sqlite3.connect(book, timeout=30)) as reading:
        return [row[0] for row in reading.execute(f"select position from {table} order by rowid")]


async def test_every_record_is_worked_on_once_however_often_a_process_is_killed(
    event_log: EventLog, database: DatabaseUrls, tenant: TenantId, tmp_path: Path
) -> None:
    """Given records that keep coming, when receiver and deliverer are killed at random, then each counts once."""
    desk = Desk(database, event_log, tenant, await open_test_vault(event_log.pool))
    await AccessKeys(event_log.pool).put(tenant, os.urandom(32), KeyId(fresh_id()), "p-1", Role.INTEGRATOR)
    port, book = free_port(), tmp_path / "book.sqlite"
    id_ = await desk.endpoint(f"http://127.0.0.1:{port}/hook")
    receiver = Killed(
        tmp_path / "receiver.log", "-m", "tests.faults.consumer", str(port), str(desk.secrets[id_]), str(book)
    )
    deliverer = Killed(
        tmp_path / "deliverer.log", "-m", "services.cli", "webhooks",
        HANDSCHLAG_HOME=str(tmp_path), HANDSCHLAG_DATABASE_URL=database.runtime,
        HANDSCHLAG_OWNER_DATABASE_URL=database.owner, HANDSCHLAG_FOLLOWER_DATABASE_URL=database.follower,
        HANDSCHLAG_VAULT_KEY=base64.b64encode(MASTER).decode(), HANDSCHLAG_WEBHOOK_NETWORKS="127.0.0.0/8",
    )  # fmt: skip
    recording = asyncio.create_task(_record(desk))
    with running(receiver), running(deliverer):
        for kill in range(KILLS):
            before = _worked(book)
            await eventually(lambda: _beyond(book, before + random.randrange(1, 25)), PATIENCE)  # noqa: B023
            receiver.kill()
            if kill % 4 == 1:
                deliverer.kill()
                deliverer.start()
            receiver.start()
            await eventually(lambda: _listens(port), PATIENCE)
            await _resume(desk, id_)
        recording.cancel()
        await asyncio.gather(recording, return_exceptions=True)
        await _resume(desk, id_)
        size = (await event_log.head(tenant)).size
        await eventually(lambda: _beyond(book, size), 10 * PATIENCE)
    assert read(book, "worked") == list(range(1, size + 1))
    assert set(read(book, "came")) == set(range(1, size + 1))
    print(f"{size} records, {len(read(book, 'came'))} messages, {KILLS} kills")  # noqa: T201 - the long form's figures


async def _record(desk: Desk) -> None:
    """Records that keep coming, of several streams, until cancelled."""
    streams = [new_stream() for _ in range(5)]
    for number in range(1_000_000):
        await desk.records(1, streams[number % 5], number // 5)
        await asyncio.sleep(0.05)


async def _resume(desk: Desk, id_: str) -> None:
    """Have it tried at once, as a receiver's owner would."""
    async with desk.endpoints.changing(desk.tenant) as endpoints:
        await endpoints.resume(id_, None)


async def _beyond(book: Path, number: int) -> bool:
    return await asyncio.to_thread(_worked, book) >= number


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _worked(book: Path) -> int:
    """How many the receiver has worked on so far; its book may not be there yet."""
    if not book.exists():
        return 0
    try:
        with closing(sqlite3.connect(book, timeout=30)) as reading:
            return int(reading.execute("select count(*) from worked").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
