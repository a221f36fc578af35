"""A signer and a witness in processes of their own: what they leave is in the bundle, and verified with a policy."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import httpx2

from domain.transparency import checkpoint
from infra.clock import fresh_id
from tests.running import Host, RunningService, free_port
from tests.services.witness.processes import witness


@contextmanager
def signer(service: RunningService) -> Iterator["subprocess.Popen[bytes]"]:
    """`handschlag signer` at the home of a service that doesn't sign; killed at the end, as by a power cut."""
    environment = os.environ | dict(service.environment) | {"HANDSCHLAG_HOME": str(service.home)}
    with (service.home / "signer.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "services.cli", "signer"], env=environment, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)


def handschlag(service: RunningService, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line at a service's home."""
    environment = os.environ | {"HANDSCHLAG_HOME": str(service.home)} | dict(service.environment)
    module = "services.auditor" if words[0] == "verify" else "services.cli"
    command = [sys.executable, "-m", module, *words[module == "services.auditor" :]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


async def register(http: httpx2.AsyncClient, host: Host) -> int:
    """A record more; answers its position."""
    headers = {"Authorization": f"Bearer {host.keys['clerk']}", "Idempotency-Key": fresh_id()}
    body = {"name": "Probe", "side": "company", "rehearsal": True}
    answer = await http.post(f"/v1/{host.tenant}/organisations", json=body, headers=headers)
    position: int = answer.json()["position"]
    return position


async def reached(http: httpx2.AsyncClient, host: Host, size: int, *, cosigned: bool = False) -> None:
    """Wait until so many records are signed, or cosigned."""
    for _ in range(600):
        told = (await http.get(f"/v1/{host.tenant}/log/status")).json()
        of = (told.get("cosigned") or {}) if cosigned else told
        if of.get("size", 0) >= size:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(told)


async def test_a_log_signed_apart_and_cosigned_is_verified_with_a_policy(tmp_path: Path) -> None:
    """Given a signer that is killed and started anew, and a witness that goes away, then the bundle says what is worth.

    The witness's word is enough while it covers everything; when it has gone, the report says how far it reached.
    """
    logs, policy = tmp_path / "logs", tmp_path / "policy"
    logs.write_text("# none yet\n")
    with tempfile.TemporaryDirectory(prefix="hs-a-") as home, witness(tmp_path / "w", logs) as one:
        policy.write_text(f"witness one {one.key} {one.url}\nquorum one\n")
        environment = {"HANDSCHLAG_WITNESS_POLICY": str(policy), "HANDSCHLAG_SIGNER": "apart"}
        service = RunningService(Path(home), free_port(), (), environment)
        try:
            service.start()
            host = await service.new_host()
            async with httpx2.AsyncClient(base_url=service.url, timeout=10) as http:
                position = await register(http, host)
                assert (await http.get(f"/v1/{host.tenant}/log/checkpoint")).status_code == 503
                with signer(service):
                    await reached(http, host, position)
                    published = (await http.get(f"/.well-known/handschlag-log-keys?tenant={host.tenant}")).text
                    logs.write_text(published)
                position = await register(http, host)
                with signer(service):
                    await reached(http, host, position, cosigned=True)
                    assert await verdict(service, host, policy, published, tmp_path) == position
                    one.process.kill()
                    later = await register(http, host)
                    await reached(http, host, later)
                    assert await verdict(service, host, policy, published, tmp_path) == position
        finally:
            service.stop()


async def verdict(service: RunningService, host: Host, policy: Path, key: str, folder: Path) -> int:
    """How many records the witness's word covers, as a verified bundle says, and the service's public part."""
    out, arguments = folder / "bundle.zip", ("--policy", str(policy), "--key", key.strip(), "--json")
    exported = await asyncio.to_thread(handschlag, service, "export", "--tenant", host.tenant, "--out", str(out))
    assert exported.returncode == 0, exported.stderr
    of_file = await asyncio.to_thread(handschlag, service, "verify", str(out), *arguments)
    report = json.loads(of_file.stdout)
    assert (of_file.returncode, report["verdict"]) == (0, "verified"), of_file.stdout
    with ZipFile(out) as bundle:
        told, _ = checkpoint.parse(bundle.read("checkpoint.cosigned"))
    at = f"{service.url}/v1/{host.tenant}"
    public = await asyncio.to_thread(handschlag, service, "verify", at, *arguments)
    shown = json.loads(public.stdout)
    assert (public.returncode, shown["verdict"]) == (0, "public part verified"), public.stdout
    assert told.size == report["cosigned"] == shown["cosigned"]
    return told.size
