"""Open pages take places among all who listen to a service: they are bounded, and given back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest

from tests.running import Host, RunningService, client, running_service
from tests.services.hall import Hall

STRANGERS = 5
"""A quarter of the service's places."""

LATE = 30.0
"""Seconds within which a place that was left is free."""


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    """A service with room for few."""
    with running_service(HANDSCHLAG_STREAM_LISTENERS=str(4 * STRANGERS)) as service:
        yield service


@pytest.fixture
async def http(service: RunningService) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody without a key."""
    async with client(service) as http:
        yield http


async def status(http: httpx2.AsyncClient, path: str, key: str | None = None) -> int:
    """How a stream begins; it is left at once."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with http.stream("GET", path, headers=headers) as stream:
        return stream.status_code


@asynccontextmanager
async def watching(http: httpx2.AsyncClient, path: str) -> AsyncIterator[AsyncIterator[str]]:
    """An open page's hints, once it has its place."""
    async with http.stream("GET", path) as stream:
        assert stream.status_code == 200
        lines = stream.aiter_lines()
        await anext(lines)
        yield lines


async def changed(lines: AsyncIterator[str]) -> bool:
    """Whether an open page is told that something changed, before its stream ends."""
    async for line in lines:
        if line == "event: changed":
            return True
    return False


async def test_open_pages_are_bounded_and_hold_up_nobody(http: httpx2.AsyncClient, host: Host) -> None:
    """Given as many open pages as there may be, then one more is told so; pages, keys, commands and hints go on.

    When one of them leaves, then the next gets its place.
    """
    hall = Hall(http, host)
    await hall.plan()
    board = f"/{host.tenant}/marketplaces/{hall.marketplace}"
    async with AsyncExitStack() as crowd:
        heard = [await crowd.enter_async_context(watching(http, f"{board}/live")) for _ in range(STRANGERS)]
        async with http.stream("GET", f"{board}/live", headers={"Accept-Language": "en"}) as full:
            assert full.status_code == 503
            assert "Too many are watching just now" in (await full.aread()).decode()
            assert full.headers["retry-after"]
        assert (await http.get(board)).status_code == 200
        assert (await http.get(board, params={"part": "live"})).status_code == 200
        events = f"/v1/{host.tenant}/events/stream"
        assert await status(http, events) == 503, "strangers share a quarter, whatever they listen to"
        assert await status(http, events, host.keys["integrator"]) == 200
        await hall.gong()
        told = await asyncio.wait_for(asyncio.gather(*(changed(lines) for lines in heard)), LATE)
        assert told == [True] * STRANGERS
    async with asyncio.timeout(LATE):
        while await status(http, f"{board}/live") != 200:  # noqa: ASYNC110 - the service's own places
            await asyncio.sleep(0.1)
