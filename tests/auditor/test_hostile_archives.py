"""Bundles whose archive was made to do harm, or to show something else than what is checked."""

import json
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from domain.transparency import bundle as members
from services.auditor.main import main
from tests.auditor.bundles import OPERATOR, history, told_of

PADDING = 128 * 1024 * 1024
"""Bytes of zeros that a member unpacks to."""
MOST = 64 * 1024 * 1024
"""Bytes that verifying a small bundle may take."""


@pytest.fixture
def genuine(tmp_path: Path) -> Path:
    """A genuine bundle."""
    told = told_of(history(11))
    told.more[members.PROCEDURE] = b"How to check it."
    return told.write(tmp_path / "bundle.zip")


def packed_anew(path: Path, member: str, method: int, length: int) -> None:
    """The bundle with a member of so many zeros, packed by a method; the manifest stays as it was."""
    with zipfile.ZipFile(path) as old:
        held = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, raw in held.items():
            if name != member:
                new.writestr(name, raw)
        with new.open(packed_by(member, method), "w") as file:
            for _ in range(0, length, 1 << 20):
                file.write(bytes(1 << 20))


def packed_by(member: str, method: int) -> zipfile.ZipInfo:
    """A member that is packed by a method."""
    info = zipfile.ZipInfo(member)
    info.compress_type = method
    return info


def said(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """The exit code, and the report for programs."""
    code = main([str(path), "--json", "--key", str(OPERATOR.vkey)])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, report


@pytest.mark.parametrize("member", [members.PROCEDURE, members.SCHEMAS, members.LEDGER_JSON])
@pytest.mark.parametrize(
    ("method", "kind"),
    [(zipfile.ZIP_BZIP2, "member-unreadable"), (zipfile.ZIP_LZMA, "member-unreadable"), (zipfile.ZIP_DEFLATED, None)],
)
def test_a_member_that_unpacks_to_far_more_is_a_finding_and_takes_no_memory(
    member: str, method: int, kind: str | None, genuine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a small bundle with a member of hundreds of megabytes, then that is found, and they are never in memory."""
    packed_anew(genuine, member, method, PADDING)
    tracemalloc.start()
    try:
        code, report = said(genuine, capsys)
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()
    assert code == 1
    assert (kind or "member-differs") in {found["kind"] for found in report["findings"]}


def test_a_member_that_is_longer_than_stated_isn_t_unpacked_to_its_end(
    genuine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a member damaged far behind its stated length, then it differs: what is behind was never read."""
    packed_anew(genuine, members.PROCEDURE, zipfile.ZIP_STORED, 8 << 20)
    raw = bytearray(genuine.read_bytes())
    raw[len(raw) - len(raw) // 4] ^= 1  # within the last member's zeros: its checksum is wrong at its end
    genuine.write_bytes(raw)
    code, report = said(genuine, capsys)
    assert (code, {found["kind"] for found in report["findings"]}) == (1, {"member-differs"})


_SHORT = """
import resource, sys
from services.auditor.main import main
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 4 * 1024 * 1024,) * 2)
sys.exit(main(sys.argv[1:]))
"""


def test_too_little_memory_is_an_error_and_no_verdict(genuine: Path) -> None:
    """Given a machine that has no memory left for a member, then it ends with 2 in words: nothing was found."""
    packed_anew(genuine, members.MANIFEST, zipfile.ZIP_STORED, 15 << 20)
    command = [sys.executable, "-c", _SHORT, str(genuine)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert "memory" in run.stderr
