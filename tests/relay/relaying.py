"""Short ways to run a relay and to say what a stream should hold."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import asyncpg

from domain.identity import TenantId
from domain.streaming.audience import Audience
from infra.event_log.outcomes import Appended
from infra.event_log.store import EventLog
from infra.settings import NatsSettings
from infra.streams.jetstream import connect
from infra.streams.outgoing import Outgoing
from services.relay.jetstream import Relay
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import appending, new_stream, note
from tests.relay.broker import Kept

ADDRESS = "https://handschlag.example"
PATIENCE = 60.0
"""Seconds that something may take on a busy machine."""


def a_relay(urls: DatabaseUrls, log: EventLog, settings: NatsSettings, *, page: int = 7) -> Relay:
    """A relay within this process."""
    return Relay(
        urls.follower,
        log.wakeups,
        partial(connect, settings),
        lambda pool: Outgoing(pool, settings.audience, ADDRESS),
        page=page,
        poll=0.2,
    )


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[None]:
    """The relays at work."""
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended


async def write(log: EventLog, tenant: TenantId, number: int) -> None:
    """Append so many records, a few at a time."""
    while number:
        size = min(number, 20)
        outcome = await log.append(appending(tenant, *(note(tenant, new_stream(), 1) for _ in range(size))))
        assert isinstance(outcome, Appended)
        number -= size


async def relayed_to(urls: DatabaseUrls, tenant: TenantId, position: int) -> None:
    """Wait until tracking says so."""
    await until(partial(_is_relayed_to, urls, tenant, position))


async def _is_relayed_to(urls: DatabaseUrls, tenant: TenantId, position: int) -> bool:
    return (await tracked(urls, tenant))["position"] >= position


async def tracked(urls: DatabaseUrls, tenant: TenantId) -> dict[str, int]:
    """The host's tracking: position, sequence, trouble."""
    row = await ask(urls, "select position, sequence, trouble from streams.relayed where tenant = $1", tenant)
    return {"position": 0, "sequence": 0} if row is None else dict(row)


async def ask(urls: DatabaseUrls, statement: str, *arguments: object) -> asyncpg.Record | None:
    """A row, asked for as the follower."""
    connection = await asyncpg.connect(urls.follower)
    try:
        return await connection.fetchrow(statement, *arguments)
    finally:
        await connection.close()


async def until(so: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(patience):
        while not await so():  # noqa: ASYNC110 - it is asked of other processes
            await asyncio.sleep(0.05)


async def holds_every_record_once(
    log: EventLog, tenant: TenantId, messages: Sequence[Kept], audience: Audience = Audience.INTERNAL
) -> None:
    """The messages are the log's records: all of them, each once, in order, each as its CloudEvent."""
    entries = await log.page(tenant, 0, 100_000)
    assert [message.position for message in messages] == [entry.position for entry in entries]
    for message, entry in zip(messages, entries, strict=True):
        event, record = json.loads(message.body), json.loads(entry.bytes)
        assert message.subject == f"handschlag.{tenant}.{entry.type}"
        assert message.headers["Nats-Msg-Id"] == f"{tenant}/{entry.position}"
        assert message.headers["Handschlag-Event"] == event["id"] == record["id"]
        assert (event["type"], event["sequence"]) == (entry.type, f"{entry.position:016d}")
        assert audience is not Audience.INTERNAL or event["data"] == record["data"]
