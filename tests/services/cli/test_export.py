"""From a running service to a verified bundle, and a receipt that is held against it."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from infra.clock import fresh_id
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


async def test_the_bundle_holds_what_was_signed_before_and_every_tile(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given a log signed again and again, then tiles, keys and older checkpoints are in the bundle, as they were."""
    await signed(hall, (await hall.done("organisations", {"name": "Probe-Werft", "side": "company"}))["position"])
    before = (await hall.http.get(f"/v1/{hall.host.tenant}/log/checkpoint")).content
    await signed(hall, (await hall.done("organisations", {"name": "Probe-Chor", "side": "nonprofit"}))["position"])
    out = tmp_path / "bundle.zip"
    assert handschlag(service, "export", "--tenant", hall.host.tenant, "--out", str(out)).returncode == 0
    size = before.split(b"\n")[1].decode()
    with ZipFile(out) as bundle:
        told = json.loads(bundle.read("manifest.json"))
        assert bundle.read(f"checkpoints/{size}") == before
        tile = (await hall.http.get(f"/v1/{hall.host.tenant}/log/tile/0/000.p/{told['size']}")).content
        assert bundle.read(f"tile/0/000.p/{told['size']}") == tile
        assert set(told["members"]) == set(bundle.namelist()) - {"manifest.json"}
        assert "disclosures.ndjson" not in told["members"]


async def test_values_are_disclosed_on_request_and_open_what_was_committed_to(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given people of whom one was erased and one is restricted, then the others' values are in the bundle."""
    organisation = (await hall.done("organisations", {"name": "Bäckerei", "side": "company"}))["id"]
    people = {name: fresh_id() for name in ("Erika Bleibt", "Max Gegangen", "Ruth Gesperrt")}
    for name, person in people.items():
        await hall.done(f"organisations/{organisation}/representatives", {"person": person, "name": name})
    await hall.done(f"persons/{people['Max Gegangen']}/erase", {}, role="host_admin")
    kept = {"until": "2099-12-31", "basis": "tax_records"}
    receipt = await hall.done(f"persons/{people['Ruth Gesperrt']}/restrict", kept, role="host_admin")
    await signed(hall, receipt["records"][-1]["position"])
    out = tmp_path / "bundle.zip"
    run = handschlag(service, "export", "--tenant", hall.host.tenant, "--out", str(out), "--disclose")
    assert run.returncode == 0, run.stderr
    verified = handschlag(service, "verify", str(out), "--json")
    report = json.loads(verified.stdout)
    assert (verified.returncode, report["findings"]) == (0, [])
    assert report["opened"] > 0
    with ZipFile(out) as bundle:
        disclosed = [json.loads(line) for line in bundle.read("disclosures.ndjson").splitlines()]
    values = {line["value"] for line in disclosed}
    assert "Erika Bleibt" in values
    assert not {"Max Gegangen", "Ruth Gesperrt"} & values
    noted = [(one["what"], one["member"]) for one in (await hall.read("disclosures"))["items"]]
    assert noted == [("disclosures", "operator"), ("bundle", "operator")]
