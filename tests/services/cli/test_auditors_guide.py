"""The auditors' guide, run as it stands: from a played edition to a verified ledger, counted again with `jq`."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.clock import fresh_id
from tests.running import RunningService, free_port
from tests.services.api.test_results import said
from tests.services.cli.test_export import signed
from tests.services.hall import Hall, both_give, pledge

GUIDE = Path(__file__).parents[3] / "docs" / "auditors.md"
BLOCK = re.compile(r"^```sh( jq)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOOLS = ("curl", "jq", "unzip")


def script() -> str:
    """All commands of the guide, in its order, in one shell that stops at the first that fails."""
    return "set -eu -o pipefail\n" + "".join(block[2] for block in BLOCK.finditer(GUIDE.read_text()))


def test_the_guide_has_commands_of_every_kind() -> None:
    """Given the guide, then it verifies, counts, samples, opens values, and witnesses."""
    found = script()
    for words in ("verify.pyz bundle.zip --key", "jq -nr", "handschlag sample", "--disclosed", "handschlag witness"):
        assert words in found


async def _edition(hall: Hall, *, announced: bool) -> None:
    """An edition with a corrected value, a revoked and a repudiated contract, and forms that were never certified."""
    await hall.plan(rehearsal=False)
    one = await hall.bring(f"Werft {fresh_id()}", "company", rehearsal=False)
    other = await hall.bring(f"Chor {fresh_id()}", "nonprofit", rehearsal=False)
    third = await hall.bring(f"Bank {fresh_id()}", "company", rehearsal=False)
    await hall.gong()
    contracts = [await hall.certified(one, other) for _ in range(5)]
    value = {"minor": 12_345, "currency": "EUR", "basis": "lump_sum"}
    await hall.done(
        f"contracts/{contracts[0]}/correct-value", {"pledge": 0, "value": value, "reason": "other"}, role="valuer"
    )
    await hall.done(f"contracts/{contracts[1]}/revoke", {"reason": "wrong_terms"}, role="notary")
    await hall.done(f"contracts/{contracts[2]}/repudiate", {"party": other})
    await hall.straight(third, other, terms={"pledges": [pledge(third, other, 777), pledge(other, third, 5)]})
    returned = await hall.straight(one, other)
    await hall.done(f"contracts/{returned}/return", {"reasons": ["other"]}, role="notary")
    await hall.straight(one, third, terms=both_give(one, third))
    if announced:
        seen = await hall.position()
        ledger = (await hall.results())["ledger"]
        body = {
            "marketplace": hall.marketplace,
            "figures": said(ledger["contracts"], ledger["value_minor"] // 100),
            "source": "Vertragsbuch",
            "as_of": seen,
        }
        await hall.done("statements", body, role="host_admin")


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS), reason=f"the guide's commands need {', '.join(TOOLS)}"
)
async def test_the_guide_leads_from_a_service_to_a_verified_ledger(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given played editions, when every command of the guide is run, then all is verified and both counts agree."""
    await _edition(hall, announced=True)
    await _edition(hall, announced=False)
    await signed(hall, await hall.position())
    (tmp_path / "header").write_text(f"Authorization: Bearer {hall.host.keys['auditor']}\n")
    ours = tmp_path / "bin"
    ours.mkdir()
    for name, words in (("python", ""), ("handschlag", " -m services.cli")):
        (ours / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{words} "$@"\n')
        (ours / name).chmod(0o755)
    code, told, trouble = _run(hall, service, tmp_path, ours)
    assert code == 0, (told[-1500:], trouble[-1500:])
    assert told.count("VERIFIED. The history is whole") == 2
    assert "WHAT IS PUBLIC IS VERIFIED" in told
    assert "1 of 1 statements drawn from the ledger agree with it" in told
    assert "The records and the ledger say the same." in told
    counted = [line.split("\t") for line in (tmp_path / "counted.tsv").read_text().splitlines()]
    assert [line[1:] for line in counted] == [["3", "32345"], ["3", "32345"]]
    assert re.search(r"Opened +[1-9]", told)


def _run(hall: Hall, service: RunningService, folder: Path, ours: Path) -> tuple[int, str, str]:
    """Run the guide in a shell of its own; whatever it has left running is ended."""
    environment = os.environ | dict(service.environment)
    environment |= {
        "PATH": f"{ours}:{os.environ['PATH']}",
        "PYTHONPATH": str(GUIDE.parents[1]),
        "SERVICE": service.url,
        "TENANT": hall.host.tenant,
        "PORT": str(free_port()),
        "HANDSCHLAG_HOME": str(folder / "home"),
    }
    out, err = folder / "out.txt", folder / "err.txt"
    with out.open("wb") as told, err.open("wb") as trouble:
        process = subprocess.Popen(
            ["bash", "-c", script()], cwd=folder, env=environment, stdout=told, stderr=trouble, start_new_session=True
        )
        try:
            code = process.wait(240)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
    return code, out.read_text(), err.read_text()
