"""A real nats-server: on a free port, with a store of its own, started, stopped and killed by its process."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from tests.running import free_port

PROGRAM = shutil.which("nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/bin")

needs_nats = pytest.mark.skipif(PROGRAM is None, reason="there is no nats-server here (Debian: apt-get install it)")

START = 30.0
"""Seconds that a start may take on a busy machine."""


@dataclass
class NatsServer:
    """A server that keeps its streams in `home`. It comes back on the port it had."""

    home: Path
    port: int
    arguments: Sequence[str] = ()
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        assert PROGRAM is not None
        command = [PROGRAM, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.home / "nats")]
        with (self.home / "nats.log").open("ab") as log:
            self.process = subprocess.Popen([*command, *self.arguments], stdout=log, stderr=log)
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError(f"nats-server isn't there:\n{(self.home / 'nats.log').read_text()[-2000:]}")

    def stand_still(self) -> None:
        """Keep its connections and do nothing any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def kill(self) -> None:
        """End it at once, as a power cut would end a process."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait(10)


@contextmanager
def nats_server(home: Path, *arguments: str) -> Iterator[NatsServer]:
    """A server that listens, killed at the end."""
    server = NatsServer(home, free_port(), arguments)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@asynccontextmanager
async def jetstream(server: NatsServer) -> AsyncIterator[JetStreamContext]:
    """A client of the tests' own."""
    client = await nats.connect(server.url)
    try:
        yield client.jetstream()
    finally:
        await client.close()


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as a stream keeps it."""

    sequence: int
    subject: str
    headers: dict[str, str]
    body: bytes

    @property
    def position(self) -> int:
        """The record's position, as the relay says."""
        return int(self.headers["Handschlag-Position"])


async def kept(server: NatsServer, stream: str) -> list[Kept]:
    """Everything that a stream keeps, in order; nothing when there is no such stream."""
    async with jetstream(server) as context:
        try:
            state = (await context.stream_info(stream)).state
        except NotFoundError:
            return []
        found = [await context.get_msg(stream, number) for number in range(max(1, state.first_seq), state.last_seq + 1)]
    return [Kept(raw.seq or 0, raw.subject or "", dict(raw.headers or {}), raw.data or b"") for raw in found]
