"""The case of a thousand listeners: how long a record takes from its commit to all of them.

The time is taken before the commit, so that the commit is in the figures of both. Listeners are raw sockets in this
process, which takes its share of the cores from both alike.
"""

import asyncio
import json
import re
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import cast

import httpx2

from infra.clock import now
from services.cli.bench.case import Case, Side
from services.cli.bench.clients import Client, Refused, request
from services.cli.bench.servers import Desk, bare_server, our_server
from services.cli.bench.site import Site

LISTENERS = 1_000
RATE = 10.0
"""Records a second."""

_SETTLING = 2.0
"""Seconds that listeners have to be connected, and what was told has to arrive."""

_TIME = re.compile(rb'"time":"([^"]+)"')

Tell = Callable[[Client, int], Awaitable[None]]
"""Make one record known."""


@dataclass
class Ears:
    """What all listeners of a round have heard: seconds from a record's time to its receipt, one for each."""

    heard: list[float] = field(default_factory=list)


class Listener(asyncio.Protocol):
    """One listener: asks for a stream, and takes the time of whatever comes."""

    def __init__(self, asked: bytes, ears: Ears) -> None:
        self._asked = asked
        self._ears = ears
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        cast("asyncio.Transport", transport).write(self._asked)

    def data_received(self, data: bytes) -> None:
        """Take the time; a record may come in two pieces."""
        heard = now().timestamp()
        whole, _, self._rest = (self._rest + data).rpartition(b"\n\n")
        for told in _TIME.findall(whole):
            self._ears.heard.append(heard - datetime.fromisoformat(told.decode()).timestamp())


@asynccontextmanager
async def listening(site: Site) -> AsyncIterator[tuple[Side, Side]]:
    """Seconds until a record has reached all but the slowest hundredth; everybody hears everything, or it is told."""
    async with our_server(site) as desk, site.rivals_table() as table, bare_server(site, table) as port:
        yield partial(_ours, desk), partial(_bare, site, port)


async def _ours(desk: Desk) -> float:
    """Organisations are registered, and everybody hears of them."""
    async with httpx2.AsyncClient() as http:
        status = await http.get(f"http://127.0.0.1:{desk.port}/v1/{desk.tenant}/log/status")
    key = {"Authorization": f"Bearer {desk.keys['integrator']}"}
    stream = request("GET", f"/v1/{desk.tenant}/events/stream?after={status.json()['size']}", key)

    async def tell(_: Client, number: int) -> None:
        await desk.post("organisations", {"name": f"Bäckerei {number}", "side": "company", "rehearsal": True})

    return await _round(desk.site, desk.port, stream, tell)


async def _bare(site: Site, port: int) -> float:
    async def tell(client: Client, number: int) -> None:
        body = json.dumps({"name": f"Bäckerei {number}"}).encode()
        await client.ask(request("POST", "/told", {}, body))

    return await _round(site, port, request("GET", "/stream", {}), tell)


async def _round(site: Site, port: int, stream: bytes, tell: Tell) -> float:
    ears, listeners = Ears(), max(1, round(LISTENERS * site.scale))
    here = await _listen(port, stream, listeners, ears)
    records = max(2, round(RATE * site.seconds))
    try:
        async with Client(port) as client:
            await asyncio.sleep(_SETTLING)
            begun = time.monotonic()
            for number in range(records):
                await asyncio.sleep(max(0.0, begun + number / RATE - time.monotonic()))
                await tell(client, number)
            await asyncio.sleep(_SETTLING)
    finally:
        for transport in here:
            transport.close()
    if len(ears.heard) != records * listeners:
        raise Refused(f"{len(ears.heard):,} of {records * listeners:,} receipts arrived.")
    return statistics.quantiles(ears.heard, n=100)[98]


async def _listen(port: int, stream: bytes, count: int, ears: Ears) -> list[asyncio.BaseTransport]:
    """So many listeners, all connected; not all at once, for the sake of the server's backlog."""
    loop = asyncio.get_running_loop()
    here: list[asyncio.BaseTransport] = []
    for begin in range(0, count, 100):
        some = (
            loop.create_connection(lambda: Listener(stream, ears), "127.0.0.1", port)
            for _ in range(begin, min(count, begin + 100))
        )
        here += [transport for transport, _ in await asyncio.gather(*some)]
    return here


BROADCASTS = (
    Case(
        name="sse_1000",
        ours=f"from commit to receipt, {LISTENERS:,} readers, the slowest of a hundred",
        rival="a bare SSE broadcast to as many",
        unit="s",
        wanted=0.5,
        sides=listening,
        less_is_better=True,
    ),
)
