"""`handschlag verify` and `handschlag verifier`: the same arguments and exit codes as the packed verifier."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from services.auditor.pack import packed
from tests.auditor.bundles import OPERATOR, history, told_of


def handschlag(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *words], capture_output=True, text=True, check=False, timeout=60
    )


def test_verify_and_verifier(tmp_path: Path) -> None:
    """A bundle is verified, a file that is none ends with 2, and the verifier is written with its hash."""
    path = told_of(history(11)).write(tmp_path / "bundle.zip")
    run = handschlag("verify", str(path), "--key", str(OPERATOR.vkey))
    assert (run.returncode, run.stdout[:9]) == (0, "VERIFIED.")
    assert handschlag("verify", str(tmp_path / "nowhere")).returncode == 2
    assert "--held" in handschlag("verify", "--help").stdout
    out = tmp_path / "verify.pyz"
    told = handschlag("verifier", "--out", str(out))
    assert told.stdout.split()[0] == sha256(out.read_bytes()).hexdigest() == sha256(packed()).hexdigest()
