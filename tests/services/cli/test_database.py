"""The embedded server is kept alive, even when what killed it kills it again while it recovers."""

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from services.cli.database import database


def postmasters() -> set[int]:
    """The numbers of this process's children that are PostgreSQL servers."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            name, _, rest = (folder / "stat").read_text().partition(" (")[2].rpartition(")")
            serves = b"-D" in (folder / "cmdline").read_bytes().split(b"\0")
            if name == "postgres" and serves and int(rest.split()[1]) == os.getpid():
                found.add(int(folder.name))
    return found


@pytest.fixture
def killer() -> Iterator[list[int]]:
    """Kills the first two servers that come up from now on, while they recover; tells their numbers."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        known = postmasters()
        while len(killed) < 2 and not over.is_set():
            for pid in postmasters() - known:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                known.add(pid)
            time.sleep(0.001)

    thread = threading.Thread(target=kill)
    thread.start()
    yield killed
    over.set()
    thread.join()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see children come up")
async def test_a_server_that_is_killed_while_it_recovers_is_started_again(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Given a server that dies, and dies twice more while it comes up, then it runs in the end."""
    with database(Settings.from_environment({"HANDSCHLAG_HOME": str(tmp_path / "home")})) as running:
        assert running.server is not None
        first = running.server.pid
        assert first is not None
        killed = request.getfixturevalue("killer")
        keeping = asyncio.create_task(running.keep())
        os.kill(first, signal.SIGKILL)
        for _ in range(600):
            await asyncio.sleep(0.1)
            if len(killed) == 2 and running.server.pid not in (None, first, *killed):
                break
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        assert len(killed) == 2
        assert running.server.pid not in (None, first, *killed)
