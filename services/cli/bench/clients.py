"""Clients that cost next to nothing: requests written beforehand as far as can be, answers read and not decoded."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias


class Refused(Exception):
    """A server answered something else than what the measurement stands on."""


@dataclass(slots=True)
class Client:
    """One connection, kept open; one request at a time."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.writer is not None:
            self.writer.close()

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer; raises `Refused` unless it is 200 or 201."""
        if self.reader is None or self.writer is None:
            raise AssertionError("a client is entered before it asks")
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
        body = await self.reader.readexactly(int(length))
        if head[9:12] not in {b"200", b"201"}:
            raise Refused(f"{Refused.__doc__} {head.decode()}{body.decode()}")
        return head, body


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the line."""
    told = {"Host": "bench", "Content-Length": str(len(body)), "Content-Type": "application/json"} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


Written: TypeAlias = Callable[[], bytes]
"""The next request of somebody who asks again and again."""


async def rate(port: int, hands: Sequence[Written], seconds: float) -> float:
    """Answers a second that all hands get together, each over a connection of its own that is open beforehand."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Client(port)) for _ in hands]
        began = time.monotonic()
        works = (_work(client, hand, began + seconds) for client, hand in zip(clients, hands, strict=True))
        return sum(await asyncio.gather(*works)) / (time.monotonic() - began)


async def _work(client: Client, written: Written, until: float) -> int:
    """Ask until the clock of `time.monotonic` says so; how many answers came."""
    answers = 0
    while time.monotonic() < until:
        await client.ask(written())
        answers += 1
    return answers
