"""Witnesses as others run them: processes of their own, with a memory of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from domain.transparency.note import VerifierKey
from tests.running import free_port


@dataclass
class RunningWitness:
    """A witness that answers."""

    url: str
    key: VerifierKey
    process: "subprocess.Popen[bytes]"

    def ask(self, body: bytes) -> httpx2.Response:
        """Hand in a checkpoint."""
        return httpx2.post(f"{self.url}/add-checkpoint", content=body, timeout=10)


@contextmanager
def witness(home: Path, logs: Path, name: str = "witness.example/w1") -> Iterator[RunningWitness]:
    """`handschlag witness` with its state below `home`; killed at the end, as by a power cut."""
    port = free_port()
    home.mkdir(exist_ok=True)
    told = home / "stdout"
    with told.open("wb") as out, (home / "stderr").open("ab") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "witness", f"--port={port}", f"--name={name}", f"--logs={logs}"],
            env=os.environ | {"HANDSCHLAG_HOME": str(home)},
            stdout=out,
            stderr=err,
        )
    try:
        yield RunningWitness(f"http://127.0.0.1:{port}", _answering(port, told, home / "stderr"), process)
    finally:
        process.kill()
        process.wait(10)


def _answering(port: int, told: Path, said: Path) -> VerifierKey:
    """Its key, once it answers."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            httpx2.get(f"http://127.0.0.1:{port}/", timeout=2)
            return VerifierKey.parse(told.read_text().strip())
        except (httpx2.HTTPError, ValueError):
            time.sleep(0.05)
    raise AssertionError(said.read_text()[-2000:])
