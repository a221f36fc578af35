"""Streams under many and under bad listeners: everybody hears every record once, whatever the others do."""

import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import pytest

from domain.envelope import Envelope
from domain.instant import instant
from domain.organisation.events import Side
from infra.clock import fresh_id, now
from infra.event_log.outcomes import Append, Appended
from infra.event_log.store import EventLog
from tests.infra.projections.histories import History
from tests.running import Host, RunningService, client, free_port, own_database
from tests.services.hall import Hall

PATIENCE = 2
"""Seconds for which the service of these tests waits for a reader."""


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    """A service with little patience and room for few."""
    limits = {"HANDSCHLAG_STREAM_PATIENCE": str(PATIENCE), "HANDSCHLAG_STREAM_LISTENERS": "200"}
    with tempfile.TemporaryDirectory(prefix="hs-run-") as home, own_database() as environment:
        service = RunningService(Path(home), free_port(), (), dict(environment) | limits)
        try:
            service.start()
            yield service
        finally:
            service.stop()


@pytest.fixture
async def host(service: RunningService) -> Host:
    return await service.new_host()


@pytest.fixture
async def log(service: RunningService) -> AsyncIterator[EventLog]:
    log = await EventLog.open(service.urls().runtime)
    yield log
    await log.close()


async def registered(log: EventLog, host: Host, count: int, name: str = "Bäckerei") -> int:
    """So many organisations are registered at once; answers the log's size then."""
    history = History(Random(), rehearsal=True)
    for number in range(count):
        history.organisation(f"{name} {number}", Side.COMPANY)
    for begin in range(0, count, 200):
        some = history.told[begin : begin + 200]
        assert await appended(log, host, some) or await appended(log, host, some)
    return (await log.head(host.tenant)).size


async def appended(log: EventLog, host: Host, envelopes: Sequence[Envelope]) -> bool:
    """Append; False when this busy process was too late with the time that it told."""
    stamped = [replace(envelope, time=instant(now())) for envelope in envelopes]
    new = {envelope.stream: envelope.version - 1 for envelope in reversed(stamped)}
    outcome = await log.append(Append(tenant=host.tenant, expected=new, guards={}, entries=stamped))
    return isinstance(outcome, Appended)


@asynccontextmanager
async def listening(
    service: RunningService, host: Host, *, with_key: bool = True, **query: str | int
) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of a stream."""
    key = {"Authorization": f"Bearer {host.keys['integrator']}"} if with_key else {}
    async with (
        httpx2.AsyncClient(base_url=service.url, timeout=30, headers=key) as http,
        http.stream("GET", f"/v1/{host.tenant}/events/stream", params=query) as stream,
    ):
        assert stream.status_code == 200, await stream.aread()
        yield stream.aiter_lines()


async def positions(lines: AsyncIterator[str], until: int) -> list[int]:
    """The positions of records up to one of them."""
    found: list[int] = []
    async for line in lines:
        if line.startswith("id: "):
            found.append(int(line[4:]))
            if found[-1] >= until:
                break
    return found


async def test_sixty_hear_every_record_once(service: RunningService, host: Host, log: EventLog) -> None:
    """Given 60 listeners, half of them late, while records come, then each hears each record once, in order."""

    async def one(after: int, pause: float) -> tuple[int, list[int]]:
        await asyncio.sleep(pause)
        async with listening(service, host, after=after) as lines:
            return after, await positions(lines, size)

    before = await registered(log, host, 300)
    size = before + 400
    random = Random(2006)
    listeners = [asyncio.create_task(one(random.randrange(before), random.uniform(0, 2))) for _ in range(60)]
    for _ in range(4):
        await asyncio.sleep(0.4)
        await registered(log, host, 100)
    for after, heard in await asyncio.gather(*listeners):
        assert heard == list(range(after + 1, size + 1))


async def test_a_reader_that_takes_nothing_is_cut_off_and_holds_up_nobody(
    service: RunningService, host: Host, log: EventLog
) -> None:
    """Given a reader that stops reading, when records come, then others hear them, and it is cut off and can resume."""
    size = await registered(log, host, 6_000, "Eine Bäckerei mit einem langen Namen, " * 4)
    hung = socket.socket()
    hung.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    hung.connect(("127.0.0.1", service.port))
    hung.sendall(
        f"GET /v1/{host.tenant}/events/stream HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {host.keys['integrator']}\r\n\r\n".encode()
    )
    async with listening(service, host, after=size) as lines:
        new = await registered(log, host, 50)
        assert await asyncio.wait_for(positions(lines, new), 10) == list(range(size + 1, new + 1))
    await asyncio.sleep(4 * PATIENCE + 1)
    hung.settimeout(10)
    got = bytearray()
    try:
        while chunk := hung.recv(1 << 20):
            got += chunk
    except ConnectionResetError:
        pass
    hung.close()
    text = got.decode(errors="replace")
    last = max(int(line[4:]) for line in text.split("\n")[:-1] if line.startswith("id: "))
    assert last < size
    async with listening(service, host, after=last) as lines:
        assert await asyncio.wait_for(positions(lines, new), 20) == list(range(last + 1, new + 1))


async def test_a_reader_who_hears_little_is_told_how_far_it_has_come(
    service: RunningService, host: Host, log: EventLog
) -> None:
    """Given a filter that hears nothing of what comes, then the cursor goes on, and resuming there misses nothing."""
    size = await registered(log, host, 20)
    async with listening(service, host, type="contract.certified.v1") as lines:
        told: dict[str, str] = {}
        async for line in lines:
            name, _, value = line.partition(": ")
            told[name] = value
            if name == "data":
                break
    assert (told["event"], int(told["id"]), json.loads(told["data"])) == ("advance", size, {"position": size})


async def test_a_revoked_key_ends_its_streams(service: RunningService, host: Host) -> None:
    """Given a stream, when the role of its key is revoked, then it says bye within seconds."""
    async with listening(service, host) as lines:
        await service.take_role(host, "integrator", host.members["integrator"])
        async with asyncio.timeout(15):
            rest = [line async for line in lines]
    assert 'data: {"why":"key"}' in rest


async def test_when_there_is_no_room_one_is_told_so(service: RunningService, host: Host) -> None:
    """Given as many listeners as a host may have, then the next is asked to come again, and others still may."""
    async with asyncio.TaskGroup() as group:
        here = asyncio.Event()
        seated = asyncio.Semaphore(0)

        async def sit() -> None:
            async with listening(service, host, after=0) as lines:
                await positions(lines, 1)
                seated.release()
                await here.wait()

        for _ in range(100):
            group.create_task(sit())
        for _ in range(100):
            await seated.acquire()
        key = {"Authorization": f"Bearer {host.keys['integrator']}"}
        async with httpx2.AsyncClient(base_url=service.url, headers=key) as http:
            full = await http.get(f"/v1/{host.tenant}/events/stream")
        assert (full.status_code, full.json()["type"]) == (503, "/problems/too-many-listeners")
        assert full.headers["retry-after"]
        other = await service.new_host()
        async with httpx2.AsyncClient(base_url=service.url) as http, AsyncExitStack() as strangers:
            for _ in range(50):
                open_ = http.stream("GET", f"/v1/{other.tenant}/events/stream", timeout=30)
                assert (await strangers.enter_async_context(open_)).status_code == 200
            stranger = await http.get(f"/v1/{other.tenant}/events/stream")
            assert (stranger.status_code, stranger.json()["type"]) == (503, "/problems/too-many-listeners")
            async with listening(service, other) as lines:
                await positions(lines, 1)
        here.set()


async def test_whoever_asks_for_a_streams_head_takes_no_place(service: RunningService, host: Host) -> None:
    """Given more requests for the head of a stream than strangers may listen, then there is still room for one."""
    address = f"/v1/{host.tenant}/events/stream"
    async with httpx2.AsyncClient(base_url=service.url, timeout=30) as http:
        for _ in range(60):
            assert (await http.head(address)).status_code == 200
        async with http.stream("GET", address) as stream:
            assert stream.status_code == 200
    assert "request.failed" not in service.log.read_text()


async def test_everybody_hears_what_a_board_would_show(service: RunningService, host: Host) -> None:
    """Given no key, then a stream tells public types alone, as CloudEvents without pseudonyms."""
    async with client(service) as http:
        hall = Hall(http, host)
        await hall.plan()
        one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
        await hall.gong()
        await hall.certified(one, other)
        size = await hall.position()
        refused = await http.get(f"/v1/{host.tenant}/events/stream", params={"form": "record"})
        nowhere = await http.get(f"/v1/h-{fresh_id()}/events/stream")
    assert (refused.status_code, nowhere.status_code) == (400, 404)
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(20), listening(service, host, with_key=False) as lines:
        async for line in lines:
            if line.startswith("data: "):
                told.append(json.loads(line[6:]))
                if told[-1]["sequence"] == f"{size:016}":
                    break
    assert [event["type"] for event in told] == [
        "marketplace.planned.v1",
        "marketplace.registration_opened.v1",
        "marketplace.trading_opened.v1",
        "contract.certified.v1",
        "register.numbered.v1",
    ]
    certified = told[-2]
    assert certified["data"] == {"number": 1}
    assert not {"actor", "actorrole", "correlation"} & certified.keys()
    members = {*host.members.values(), one, other}
    assert not any(member in json.dumps(told) for member in members)
