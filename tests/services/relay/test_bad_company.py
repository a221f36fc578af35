"""Receivers that hang, dawdle, fail, lead inward or flood harm nobody else: not their neighbours, not other hosts."""

import asyncio
import json
import os
import resource
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import new_stream
from tests.infra.streams import receivers
from tests.infra.streams.receivers import Answering, Got, Receiver, receiving, saying
from tests.services.relay.desk import Desk

LONG = os.environ.get("HANDSCHLAG_LAWS") == "long"
RECORDS = 200 if LONG else 25
PATIENCE = 3.0
"""Seconds in which an answer has to be there; the service waits longer."""


async def dawdle(got: Got, writer: asyncio.StreamWriter) -> None:
    """200, after a second and a half."""
    await asyncio.sleep(1.5)
    await receivers.accept(got, writer)


def worst(inner: Receiver) -> list[Answering]:
    """Every kind of bad receiver; `inner` is who a redirect leads to."""
    redirect = saying(302, f"location: {inner.url}")
    return [receivers.hang, receivers.drip, receivers.drip_body, dawdle, receivers.flood, receivers.flood_headers,
            receivers.continue_for_ever, receivers.nonsense, receivers.slam, saying(500), saying(429),
            redirect]  # fmt: skip


class Timed:
    """A good receiver that notes how long each record took to come, from its append to its arrival."""

    def __init__(self) -> None:
        self.appended: dict[int, float] = {}
        self.took: list[float] = []

    async def answer(self, got: Got, writer: asyncio.StreamWriter) -> None:
        """200, noted."""
        self.took.append(time.monotonic() - self.appended.get(int(json.loads(got.body)["sequence"]), time.monotonic()))
        await receivers.accept(got, writer)

    def told(self) -> str:
        """The figures, in milliseconds."""
        ordered = sorted(each * 1000 for each in self.took)
        middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        return f"median {middle:.0f} ms, 95 % {late:.0f} ms, longest {ordered[-1]:.0f} ms"


@asynccontextmanager
async def bad_company(desk: Desk, inner: Receiver) -> AsyncIterator[list[Receiver]]:
    """A webhook to each kind of bad receiver."""
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(receiving(answer)) for answer in worst(inner)]
        for receiver in found:
            await desk.endpoint(receiver.url)
        yield found


async def good(desk: Desk, timed: Timed) -> Receiver:
    """A good receiver gets so many records, one every few milliseconds."""
    async with receiving(timed.answer) as receiver:
        first = (await desk.log.head(desk.tenant)).size + 1
        id_ = await desk.endpoint(receiver.url, after=first - 1)
        stream = new_stream()
        for version in range(RECORDS):
            timed.appended[first + version] = time.monotonic()
            await desk.records(1, stream, version)
            await asyncio.sleep(0.03)
        await desk.until_position(id_, first + RECORDS - 1)
    return receiver


async def test_bad_receivers_harm_nobody_else(desk: Desk, database: DatabaseUrls, event_log: EventLog) -> None:
    """Given every kind of bad receiver at two hosts, when records come, then good ones get theirs, and once."""
    neighbour = Desk(database, event_log, await new_tenant(database), desk.vault)
    alone, among, beside = Timed(), Timed(), Timed()
    async with desk.delivering(patience=PATIENCE), receiving() as inner:
        await good(desk, alone)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        async with bad_company(desk, inner) as bad, bad_company(neighbour, inner):
            await neighbour.records(3)
            served = await asyncio.gather(good(desk, among), good(neighbour, beside))
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        for receiver in served:
            positions = [int(json.loads(got.body)["sequence"]) for got in receiver.got]
            assert positions == sorted(set(positions))
            assert len(positions) == RECORDS
        assert all(receiver.got for receiver in bad)
        assert not inner.got
        assert grown < 100_000
    if LONG:
        print(f"\nalone: {alone.told()}\namong bad ones: {among.told()}\nbeside a host of them: {beside.told()}")  # noqa: T201
        print(f"memory grew by {grown} KiB")  # noqa: T201
