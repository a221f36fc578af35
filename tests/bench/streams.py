"""From commit to receipt: a thousand listeners of one process, beside a bare broadcast of server-sent events.

    python -m tests.bench.streams --listeners 1000 --rate 10 --seconds 15 --rounds 3

Both servers are one uvicorn process with the same settings, both commit a row to the same PostgreSQL before they tell
it. A record's time is taken before its commit, so that the commit is in the figures of both. Listeners are raw sockets
in this process, which takes its share of the cores from both alike.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import asyncpg
import httpx2
import uvloop

from infra.clock import now
from tests.running import Host, RunningService, free_port, running_service
from tests.services.hall import Hall

_TIME = re.compile(rb'"time":"([^"]+)"')


@dataclass
class Ears:
    """What all listeners of a round have heard: seconds from a record's time to its receipt, one for each."""

    heard: list[float] = field(default_factory=list)


class Listener(asyncio.Protocol):
    """One listener: asks for a stream, and takes the time of whatever comes."""

    def __init__(self, request: bytes, ears: Ears) -> None:
        self._request = request
        self._ears = ears
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take the time; a record may come in two pieces."""
        heard = now().timestamp()
        whole, _, self._rest = (self._rest + data).rpartition(b"\n\n")
        for told in _TIME.findall(whole):
            self._ears.heard.append(heard - datetime.fromisoformat(told.decode()).timestamp())


async def listen(port: int, path: str, key: str, count: int, ears: Ears) -> list[asyncio.BaseTransport]:
    """So many listeners, all connected."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    here: list[asyncio.BaseTransport] = []
    for begin in range(0, count, 100):
        some = (
            loop.create_connection(lambda: Listener(request, ears), "127.0.0.1", port)
            for _ in range(begin, min(count, begin + 100))
        )
        here += [transport for transport, _ in await asyncio.gather(*some)]
    return here


async def paced(rate: float, seconds: float) -> AsyncIterator[int]:
    """Numbers at an even pace."""
    begun = time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        yield number


async def ours(service: RunningService, host: Host, asked: argparse.Namespace) -> list[float]:
    """A round of ours: organisations are registered over HTTP, and everybody hears of them."""
    async with httpx2.AsyncClient(base_url=service.url, timeout=60) as http:
        hall = Hall(http, host)
        ears = Ears()
        path = f"/v1/{host.tenant}/events/stream?after={await hall.position()}"
        here = await listen(service.port, path, host.keys["integrator"], asked.listeners, ears)
        await asyncio.sleep(2)
        async for number in paced(asked.rate, asked.seconds):
            await hall.done("organisations", {"name": f"Bäckerei {number}", "side": "company", "rehearsal": True})
        await asyncio.sleep(2)
        for transport in here:
            transport.close()
    return ears.heard


async def bare(port: int, asked: argparse.Namespace) -> list[float]:
    """A round of the rival."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        ears = Ears()
        here = await listen(port, "/stream", "none", asked.listeners, ears)
        await asyncio.sleep(2)
        async for number in paced(asked.rate, asked.seconds):
            (await http.post("/tell", json={"name": f"Bäckerei {number}"})).raise_for_status()
        await asyncio.sleep(2)
        for transport in here:
            transport.close()
    return ears.heard


@contextlib.contextmanager
def rival(database: str) -> Iterator[int]:
    """The rival's process, on a port of its own."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare_broadcast", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"RIVAL_DATABASE": database})
    try:
        for _ in range(200):
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"http://127.0.0.1:{port}/ready").status_code == 200:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@asynccontextmanager
async def table(owner: str) -> AsyncIterator[None]:
    """A table for the rival's rows."""
    connection = await asyncpg.connect(owner)
    await connection.execute("create table if not exists public.rival (id bigserial primary key, body text not null)")
    await connection.execute("grant all on public.rival to public; grant all on sequence public.rival_id_seq to public")
    try:
        yield
    finally:
        await connection.execute("drop table public.rival")
        await connection.close()


def told(name: str, rounds: list[list[float]], expected: int) -> dict[str, object]:
    """A line of the report: medians over the rounds, in milliseconds; `heard` of what should have been."""
    p50 = [1000 * statistics.quantiles(one, n=100)[49] for one in rounds]
    p99 = [1000 * statistics.quantiles(one, n=100)[98] for one in rounds]
    return {
        "name": name,
        "p50_ms": round(statistics.median(p50), 1),
        "p99_ms": round(statistics.median(p99), 1),
        "p99_spread_ms": [round(min(p99), 1), round(max(p99), 1)],
        "heard": sum(map(len, rounds)),
        "expected": expected,
    }


async def measure(asked: argparse.Namespace) -> list[dict[str, object]]:
    """Rounds of both in turns."""
    found: dict[str, list[list[float]]] = {"ours": [], "bare": []}
    with running_service() as service:
        urls = service.urls()
        async with table(urls.owner):
            with rival(urls.runtime) as port:
                for number in range(asked.rounds):
                    host = await service.new_host()
                    found["ours"].append(await ours(service, host, asked))
                    found["bare"].append(await bare(port, asked))
                    sys.stderr.write(f"round {number + 1} of {asked.rounds}\n")
    expected = asked.rounds * asked.listeners * int(asked.rate * asked.seconds)
    return [told(name, rounds, expected) for name, rounds in found.items()]


def main() -> None:
    """Measure, and print a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=10.0, help="records a second")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=3)
    for line in uvloop.run(measure(parser.parse_args())):
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
