"""How long and how large a request may be before anybody is asked for a key; each connection ends with an answer."""

import asyncio
import json
import tempfile
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.running import Host, RunningService, client, free_port, own_database
from tests.services.hall import Hall

PATIENCE = 1
"""Seconds for which the service of these tests waits for a head, and at least for a body."""
WAIT = 30
"""Seconds for which these tests wait for the service."""
POST = b"POST /v1/nobody/organisations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
GET = b"GET /health/live HTTP/1.1\r\nHost: a\r\n"


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    """A service with little patience."""
    limits = {"HANDSCHLAG_HEAD_PATIENCE": str(PATIENCE), "HANDSCHLAG_BODY_PATIENCE": str(PATIENCE)}
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


@asynccontextmanager
async def line(service: RunningService) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    """A connection to the service."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def last_answer(reader: StreamReader) -> tuple[int, dict[str, Any]]:
    """The answer after which the service closes the connection: its status, and the problem that it is."""
    told = await asyncio.wait_for(reader.read(), WAIT)
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert b"content-type: application/problem+json" in lines
    assert b"connection: close" in lines
    assert b"x-content-type-options: nosniff" in lines
    problem: dict[str, Any] = json.loads(body)
    assert lines[0].split(b" ")[1].decode() == str(problem["status"])
    assert problem["detail"].endswith(".")
    return problem["status"], problem


async def answer(reader: StreamReader) -> int:
    """The status of an answer after which the connection stays."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT)
    (length,) = (told[15:] for told in head.lower().split(b"\r\n") if told.startswith(b"content-length:"))
    await asyncio.wait_for(reader.readexactly(int(length)), WAIT)
    return int(head.split(b" ")[1])


@pytest.mark.parametrize(
    "head",
    [
        GET + b"X: " + b"a" * 33_000 + b"\r\n\r\n",
        GET + b"".join(b"X-%d: a\r\n" % number for number in range(101)) + b"\r\n",
        b"GET /?" + b"a" * 33_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_a_large_head_is_refused(service: RunningService, head: bytes) -> None:
    """Given a head of more than 32 KiB or a hundred lines, then it is 431 and the connection ends."""
    async with line(service) as (reader, writer):
        writer.write(head)
        status, problem = await last_answer(reader)
    assert (status, problem["type"]) == (431, "/problems/head-too-large")


async def test_a_head_without_end_is_refused_while_it_comes(service: RunningService) -> None:
    """Given one line of a head that goes on and on, then it is 431 before it ends: nothing piles up."""
    async with line(service) as (reader, writer):
        answered = asyncio.create_task(last_answer(reader))
        writer.write(GET + b"X: ")
        for _ in range(1_000):
            if answered.done() or writer.is_closing():
                break
            writer.write(b"a" * 100_000)
            await asyncio.wait({answered}, timeout=0.01)
        assert (await answered)[0] == 431
    async with line(service) as (reader, writer):
        writer.write(GET + b"X: " + b"a" * 30_000 + b"\r\n\r\n")
        assert await answer(reader) == 200


async def test_requests_one_behind_the_other_are_each_taken_by_itself(service: RunningService) -> None:
    """Given many small requests in large pieces that end in the midst of a head, then each is answered."""
    requests = (GET + b"\r\n") * 3_000
    async with line(service) as (reader, writer):
        for begin in range(0, len(requests), 40_001):
            writer.write(requests[begin : begin + 40_001])
            await asyncio.sleep(0)
        assert {await answer(reader) for _ in range(3_000)} == {200}


async def test_a_connection_that_says_nothing_ends(service: RunningService) -> None:
    """Given a connection over which nothing comes, then it is closed without an answer."""
    async with line(service) as (reader, _):
        assert await asyncio.wait_for(reader.read(), WAIT) == b""


@pytest.mark.parametrize("before", [b"", GET + b"\r\n"])
async def test_half_a_head_ends(service: RunningService, before: bytes) -> None:
    """Given half a head, on a fresh connection or after another request, then it is 408 and the connection ends."""
    async with line(service) as (reader, writer):
        if before:
            writer.write(before)
            assert await answer(reader) == 200
        writer.write(GET)
        status, problem = await last_answer(reader)
    assert (status, problem["type"]) == (408, "/problems/request-too-slow")


@pytest.mark.parametrize(
    "half", [b"Content-Length: 100\r\n\r\n{   ", b"Transfer-Encoding: chunked\r\n\r\n4\r\n{   \r\n"]
)
async def test_half_a_body_ends(service: RunningService, half: bytes) -> None:
    """Given half a body and no key, then it is 408 and the connection ends."""
    async with line(service) as (reader, writer):
        writer.write(POST + half)
        status, problem = await last_answer(reader)
    assert (status, problem["type"]) == (408, "/problems/request-too-slow")


async def test_a_body_that_nobody_reads_ends(service: RunningService) -> None:
    """Given a GET with half a body, when it is answered, then what else comes of the body doesn't keep it open."""
    async with line(service) as (reader, writer):
        writer.write(GET + b"Content-Length: 1000000\r\n\r\n    ")
        assert await answer(reader) == 200
        for _ in range(10 * WAIT):
            if reader.at_eof() or writer.is_closing():
                break
            writer.write(b" ")
            await asyncio.sleep(0.1)
        with pytest.raises((IncompleteReadError, ConnectionError)):
            await asyncio.wait_for(reader.readexactly(1), WAIT)


async def test_trailers_without_end_are_cut_off(service: RunningService) -> None:
    """Given time enough, when a line without an end follows the last chunk, then the connection ends: nothing piles up.

    The hundred kilobytes before it would give the body longer than this test waits.
    """
    async with line(service) as (reader, writer):
        body = b"%x\r\n%b\r\n" % (100_000, b" " * 100_000)
        writer.write(POST + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\nX: ")
        ended = asyncio.create_task(reader.read())
        for _ in range(100):
            if ended.done():
                break
            writer.write(b"a" * 100_000)
            await asyncio.wait({ended}, timeout=0.01)
        await asyncio.wait({ended}, timeout=WAIT)
        assert ended.done()
        assert isinstance(ended.exception(), ConnectionError) or ended.result() == b""


async def test_a_body_that_says_it_is_too_large_is_refused_unread(service: RunningService) -> None:
    """Given ten thousand million bytes to come, then the answer is 413, and never "go on"."""
    async with line(service) as (reader, writer):
        writer.write(POST + b"Expect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n")
        status, problem = await last_answer(reader)
    assert (status, problem["type"]) == (413, "/problems/body-too-large")


async def test_who_is_told_to_go_on_is_read(service: RunningService) -> None:
    """Given a body within bounds that waits for it, then the service says "go on", and answers what comes."""
    async with line(service) as (reader, writer):
        writer.write(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert b" 100 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT)
        writer.write(b"{}")
        assert await answer(reader) == 401


async def test_a_slow_body_gets_through(service: RunningService) -> None:
    """Given a body half of which has come, then there is time for the rest: two kilobytes a second are enough."""
    async with line(service) as (reader, writer):
        writer.write(POST + b"Content-Length: 200000\r\n\r\n" + b" " * 150_000)
        await asyncio.sleep(2.5 * PATIENCE)
        writer.write(b" " * 50_000)
        assert await answer(reader) == 401
        writer.write(GET + b"\r\n")
        assert await answer(reader) == 200


async def test_a_stream_outlasts_all_patience(service: RunningService, host: Host) -> None:
    """Given a stream that is open for longer than a head or a body may take, then it still tells what comes."""
    async with client(service) as http, line(service) as (reader, writer):
        hall = Hall(http, host)
        key = host.keys["host_admin"]
        about = f"GET /v1/{host.tenant}/events/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n"
        writer.write(f"{about}Accept: text/event-stream\r\n\r\n".encode())
        assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT)
        await asyncio.sleep(2.5 * PATIENCE)
        await hall.done("organisations", {"name": "Bäckerei", "side": "company"})
        await asyncio.wait_for(reader.readuntil(b"organisation.registered"), WAIT)
