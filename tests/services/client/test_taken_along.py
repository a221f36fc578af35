"""An integrator can take the client along without the rest of the house."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[3]


def test_two_folders_are_enough(tmp_path: Path) -> None:
    """Given `services.client`, `domain.transparency` and their packages' beginnings alone, then the client works."""
    for folder in ("services/client", "domain/transparency"):
        shutil.copytree(HOUSE / folder, tmp_path / folder)
        shutil.copy(HOUSE / folder.partition("/")[0] / "__init__.py", tmp_path / folder.partition("/")[0])
    program = "import services.client as one; print(one.__file__, one.Handschlag, one.verify_receipt)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(tmp_path))
