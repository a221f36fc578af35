"""PostgreSQL dies by kill -9 while many write: whoever was answered is there, and the tree is that of the entries."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.identity import TenantId
from domain.transparency.merkle import leaf_hash, root, root_of
from infra.event_log import wire
from infra.event_log.outcomes import Append, Appended, FateUnknown, LogUnavailable, Outcome, Replayed
from infra.event_log.store import EventLog
from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.migrate import migrate
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import CLASSES, appending, new_stream, note


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server of this test's own, to be killed."""
    home = Path(tempfile.mkdtemp(prefix="hs-kill-"))
    server = EmbeddedPostgres(home)
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


async def test_what_was_acknowledged_survives_kill_9_of_the_server(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the rush and started again on another port: every answer still holds, and every key tells the truth."""
    urls = server.start()
    database = DatabaseUrls(urls.runtime, urls.owner, urls.follower)
    await migrate(urls.owner, urls.runtime, urls.follower)
    tenant = await new_tenant(database)
    monkeypatch.setattr(wire, "_RECONNECT_WITHIN", 0.3)
    log = await EventLog.open(urls.runtime, CLASSES)
    told: list[tuple[Append, Outcome | Exception]] = []
    writers = [asyncio.create_task(_write(log, tenant, told)) for _ in range(16)]
    while len(told) < 300:  # noqa: ASYNC110 - the writers are many
        await asyncio.sleep(0.01)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await asyncio.gather(*writers)
    await log.close()
    urls = server.start()
    again = await EventLog.open(urls.runtime, CLASSES)
    await _judge(again, tenant, told)
    await again.close()


async def _write(log: EventLog, tenant: TenantId, told: list[tuple[Append, Outcome | Exception]]) -> None:
    """Append with keys, and without every fifth time, until the log is gone."""
    for number in range(100_000):
        stream = new_stream()
        append = appending(tenant, note(tenant, stream, 1), key=stream if number % 5 else None)
        try:
            told.append((append, await log.append(append)))
        except (FateUnknown, LogUnavailable) as error:
            told.append((append, error))
            return


async def _judge(log: EventLog, tenant: TenantId, told: list[tuple[Append, Outcome | Exception]]) -> None:
    head = await log.head(tenant)
    entries = await log.page(tenant, 0, head.size + 1)
    assert [entry.position for entry in entries] == list(range(1, head.size + 1))
    assert root(head.edge) == root_of([leaf_hash(entry.bytes) for entry in entries])
    at = {entry.stream: entry.position for entry in entries}
    acknowledged = 0
    for append, outcome in told:
        stream = append.entries[0].stream
        if isinstance(outcome, Appended | Replayed):
            assert at[stream] == outcome.first
            acknowledged += 1
        elif isinstance(outcome, LogUnavailable):
            assert stream not in at
        if append.key is not None:  # asked again, a key tells what was recorded
            assert isinstance(await log.append(append), Replayed) == (stream in at)
    assert acknowledged >= 300
    assert {type(outcome) for _, outcome in told} <= {Appended, Replayed, FateUnknown, LogUnavailable}
