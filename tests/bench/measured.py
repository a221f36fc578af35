"""Running programs and asking a service, with what each took: seconds, bytes, peak memory."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2


@dataclass(frozen=True, slots=True)
class Ran:
    """A program's run: how it ended, seconds by the clock and of the processor, the most memory it held, in MiB."""

    code: int
    seconds: float
    busy: float
    peak: float
    said: str


def run(command: Sequence[str], environment: Mapping[str, str], said: Path) -> Ran:
    """Run a program to its end, with what it says in a file."""
    began = time.monotonic()
    with said.open("wb") as out:
        process = subprocess.Popen(
            list(command), env=os.environ | dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took, busy = time.monotonic() - began, usage.ru_utime + usage.ru_stime
    return Ran(process.returncode, took, busy, usage.ru_maxrss / 1024, said.read_text(errors="replace"))


def peak_of(pid: int) -> float | None:
    """The most memory that a running process has held, in MiB; None where the system doesn't tell (Linux does)."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    kib = next((line.split()[1] for line in told.splitlines() if line.startswith("VmHWM:")), None)
    return None if kib is None else int(kib) / 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers to requests of one kind: bytes of the largest, median and slowest time in milliseconds."""

    number: int
    size: int
    median: float
    slowest: float


async def ask(http: httpx2.AsyncClient, paths: Sequence[str], key: str | None = None) -> Asked:
    """Ask for each path once; every answer has to be 200."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    sizes, took = [], []
    for path in paths:
        began = time.perf_counter()
        answer = await http.get(path, headers=headers)
        took.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        sizes.append(len(answer.content))
    return Asked(len(paths), max(sizes), statistics.median(took), max(took))
