"""From a running service to a verified bundle, and a receipt that is held against it."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.running import RunningService
from tests.services.hall import Hall


def handschlag(service: RunningService, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line at the home of a running service."""
    environment = os.environ | {"HANDSCHLAG_HOME": str(service.home)} | dict(service.environment)
    command = [sys.executable, "-m", "services.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


async def signed(hall: Hall, position: int) -> bytes:
    """The receipt of a position, which is there within a second or so."""
    for _ in range(200):
        answer = await hall.get(f"log/receipt/{position}", role="auditor")
        if answer.status_code == 200:
            return answer.content
        await asyncio.sleep(0.1)
    raise AssertionError(answer.text)


async def test_a_bundle_of_a_running_service_is_verified(hall: Hall, service: RunningService, tmp_path: Path) -> None:
    """Given traded contracts, when exported while the service runs, then the bundle is verified, ledger and all."""
    await hall.plan()
    one, other = await hall.bring("Probe-Werft", "company"), await hall.bring("Probe-Chor", "nonprofit")
    await hall.gong()
    for _ in range(3):
        await hall.certified(one, other)
    kept = tmp_path / "receipt"
    kept.write_bytes(await signed(hall, await hall.position()))
    await hall.certified(one, other)
    newest = await hall.position()
    await signed(hall, newest)
    out = tmp_path / "bundle.zip"
    run = handschlag(service, "export", "--tenant", hall.host.tenant, "--out", str(out))
    assert run.returncode == 0, run.stderr
    keys = (await hall.http.get("/.well-known/handschlag-log-keys")).text.split()
    key = next(line for line in keys if line.startswith(f"handschlag/{hall.host.tenant}+"))
    verified = handschlag(service, "verify", str(out), "--key", key, "--held", str(kept), "--json")
    report = json.loads(verified.stdout)
    assert (verified.returncode, report["verdict"], report["findings"]) == (0, "verified", [])
    assert (report["size"], report["contracts"]) == (newest, 4)
    nobody = handschlag(service, "export", "--tenant", "nobody", "--out", str(out))
    assert nobody.returncode == 1
    assert "no such thing here" in nobody.stderr
