"""`make million`: what a log of a million records costs to sign, prove, export and verify, measured on this machine.

`python -m tests.bench.million --records 1000000` starts a service of its own, fills one host's log through the log's
own door, and asks it as anybody would.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx2

from domain.transparency.proof import Proof
from infra.event_log.store import EventLog
from services.auditor.bundle import Bundle
from services.auditor.pack import packed
from tests.bench.filling import fill
from tests.bench.measured import Ran, ask, peak_of, run
from tests.running import Host, RunningService, end_in_good_order, running_service

PATIENCE = 3 * 3600.0
"""Seconds that signer and projector may take to catch up."""

SAMPLES = 100
"""Proofs of each kind that are asked for."""


@dataclass
class Figures:
    """What was measured, in the order of measuring."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, what: str, figure: str) -> None:
        """Take a figure down, and say it."""
        self.rows.append((what, figure))
        sys.stderr.write(f"{what}: {figure}\n")

    def table(self) -> str:
        """A table in Markdown."""
        lines = ["| Measured | Figure |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in self.rows)]
        return "\n".join(lines) + "\n"


async def measure(service: RunningService, records: int, folder: Path) -> Figures:
    """Fill a log, and measure everything that an auditor waits for."""
    told = Figures()
    host = await service.new_host()
    log = await EventLog.open(service.urls().runtime)
    try:
        began = time.monotonic()
        size = await fill(log, host.tenant, records)
        filled = time.monotonic() - began
    finally:
        await log.close()
    told.tell("records", f"{size:,}")
    told.tell("appended through the log's door", f"in {filled:,.0f} s, {size / filled:,.0f} a second")
    async with httpx2.AsyncClient(base_url=service.url, timeout=120) as http:
        await _caught_up(told, http, host, size, began)
        await _proofs(told, http, host, size)
        await _streamed(told, http, host, size)
    assert service.process is not None
    peak = peak_of(service.process.pid)
    told.tell("most memory of the service meanwhile (all parts in one process)", _mib(peak))
    key = (await _vkey(service, host)) or ""
    await asyncio.to_thread(_offline, told, service, host, key, folder)
    return told


async def _caught_up(told: Figures, http: httpx2.AsyncClient, host: Host, size: int, began: float) -> None:
    """Wait for the signer and for the projector, which began when the first record was there."""
    signed: float | None = None
    readable: float | None = None
    headers = {"Authorization": f"Bearer {host.keys['auditor']}"}
    while signed is None or readable is None:
        assert time.monotonic() < began + PATIENCE
        status = (await http.get(f"/v1/{host.tenant}/log/status")).json()
        if signed is None and status.get("size", 0) >= size:
            signed = time.monotonic() - began
        path = f"/v1/{host.tenant}/ledger"
        answer = await http.get(path, params={"limit": 1, "wait_for": size}, headers=headers)
        if readable is None and answer.status_code == 200:
            readable = time.monotonic() - began
        await asyncio.sleep(0.2)
    told.tell("all of it signed, counted from the first append", f"after {signed:,.0f} s")
    told.tell("all of it in the views, counted from the first append", f"after {readable:,.0f} s")


async def _proofs(told: Figures, http: httpx2.AsyncClient, host: Host, size: int) -> None:
    """Sizes and times of what anybody may ask for, over HTTP from this machine, one request after the other."""
    random, at = Random(1), f"/v1/{host.tenant}/log"
    places = [random.randrange(1, size) for _ in range(SAMPLES)]
    key = host.keys["auditor"]
    receipt = (await http.get(f"{at}/receipt/{places[0]}", headers={"Authorization": f"Bearer {key}"})).content
    told.tell("hashes of an inclusion proof, of 32 bytes each", f"{len(Proof.parse(receipt).hashes)}")
    kinds: dict[str, Iterator[str]] = {
        "checkpoint": (f"{at}/checkpoint" for _ in places),
        "inclusion proof": (f"{at}/proof/inclusion?position={place}" for place in places),
        "consistency proof": (f"{at}/proof/consistency?from={place}" for place in places),
        "receipt (with the record itself)": (f"{at}/receipt/{place}" for place in places),
    }
    for name, paths in kinds.items():
        found = await ask(http, list(paths), key)
        told.tell(name, f"{found.size:,} bytes at most, median {found.median:.1f} ms, slowest {found.slowest:.0f} ms")
    person = host.members["valuer"]
    found = await ask(http, [f"/v1/{host.tenant}/persons/{person}/information"] * 3, host.keys["host_admin"])
    told.tell("information on one person, all records searched", f"median {found.median:,.0f} ms")


async def _streamed(told: Figures, http: httpx2.AsyncClient, host: Host, size: int) -> None:
    """Take all events as lines of JSON, as an integrator does who begins at the beginning."""
    headers = {"Authorization": f"Bearer {host.keys['integrator']}", "Accept": "application/x-ndjson"}
    began, lines = time.monotonic(), 0
    async with http.stream("GET", f"/v1/{host.tenant}/events", headers=headers) as answer:
        assert answer.status_code == 200
        async for raw in answer.aiter_bytes():
            lines += raw.count(b"\n")
    assert lines >= size, (lines, size)
    told.tell("all events as NDJSON over HTTP", f"{lines / (time.monotonic() - began):,.0f} a second")


async def _vkey(service: RunningService, host: Host) -> str | None:
    async with httpx2.AsyncClient(base_url=service.url) as http:
        lines = (await http.get("/.well-known/handschlag-log-keys", params={"tenant": host.tenant})).text.splitlines()
    return next((line for line in lines if not line.startswith("#")), None)


def _offline(told: Figures, service: RunningService, host: Host, key: str, folder: Path) -> None:
    """Export, and verify as a stranger would: with the one file, on a Python without packages."""
    bundle, pyz = folder / "bundle.zip", folder / "verify.pyz"
    environment = {"HANDSCHLAG_HOME": str(service.home)} | dict(service.environment)
    rebuilt = run(
        [sys.executable, "-m", "services.cli", "projections", "rebuild", host.tenant],
        environment,
        folder / "rebuild.txt",
    )
    _must(rebuilt, 0)
    told.tell("views rebuilt from the first record", f"{_took(rebuilt)}, {_mib(rebuilt.peak)} at most")
    exported = run(
        [sys.executable, "-m", "services.cli", "export", "--tenant", host.tenant, "--out", str(bundle)],
        environment,
        folder / "export.txt",
    )
    _must(exported, 0)
    told.tell("export", f"{_took(exported)}, {_mib(exported.peak)} at most")
    told.tell("bundle", f"{bundle.stat().st_size / 1e6:,.0f} MB")
    pyz.write_bytes(packed())
    command = [sys.executable, "-I", "-S", str(pyz), str(bundle), "--key", key, "--json"]
    together = run(command, {}, folder / "verify.txt")
    _must(together, 0)
    told.tell(
        "verify.pyz, with as many processes as it takes", f"{_took(together)}, {_mib(together.peak)} at most each"
    )
    verified = run([*command, "--processes", "1"], {}, folder / "verify.txt")
    _must(verified, 0)
    report = json.loads(verified.said)
    assert report["verdict"] == "verified", report
    told.tell("contracts rebuilt from the records", f"{report['contracts']:,}")
    pace = report["size"] / verified.busy
    told.tell("verify.pyz, with one process", f"{_took(verified)}, {_mib(verified.peak)} at most")
    told.tell("records that it verifies in a second of a processor", f"{pace:,.0f}")
    bare = _bare(bundle)
    told.tell("SHA-256 and JSON decoding alone, of the same lines, in such a second", f"{bare:,.0f}")
    told.tell("the verifier's pace as a share of that", f"{pace / bare:.2f}")


def _bare(bundle: Path) -> float:
    """Records a second that the same Python hashes and decodes, and nothing else, on one core."""
    with Bundle(bundle) as opened:
        lines = [line for line, _ in zip(opened.entries(), range(100_000), strict=False)]
    began = time.process_time()
    for line in lines:
        sha256(line).digest()
        json.loads(line)
    return len(lines) / (time.process_time() - began)


def _took(ran: Ran) -> str:
    return f"{ran.seconds:,.0f} s by the clock, {ran.busy:,.0f} s of a processor"


def _must(ran: Ran, code: int) -> None:
    if ran.code != code:
        raise AssertionError(ran.said[-3000:])


def _mib(peak: float | None) -> str:
    return "unknown" if peak is None else f"{peak:,.0f} MiB"


def conditions() -> str:
    """The machine, in a line."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return (
        f"{os.cpu_count()} cores {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def main(arguments: list[str] | None = None, show: Callable[[str], Any] = print) -> None:
    """Measure and print the table."""
    end_in_good_order()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder in which bundle and verifier stay")
    asked = parser.parse_args(arguments)
    with running_service() as service, tempfile.TemporaryDirectory(prefix="hs-million-") as aside:
        folder = asked.keep or Path(aside)
        folder.mkdir(parents=True, exist_ok=True)
        told = asyncio.run(measure(service, asked.records, folder))
    show(f"{conditions()}\n\n{told.table()}")


if __name__ == "__main__":
    main()
