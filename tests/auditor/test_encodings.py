"""The verifier says what it has to say wherever it writes: on a terminal of another country, into a file on Windows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.auditor.pack import packed
from tests.auditor.bundles import OPERATOR, Told, history, told_of

ENCODINGS = ["ascii", "latin-1", "cp1252", "utf-8"]


@pytest.fixture
def verifier(tmp_path: Path) -> Path:
    """The packed verifier."""
    pyz = tmp_path / "verify.pyz"
    pyz.write_bytes(packed())
    return pyz


def run(encoding: str, *arguments: object) -> "subprocess.CompletedProcess[bytes]":
    """Run Python with an encoding of standard output and error."""
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, capture_output=True, check=False, env=environment, timeout=120)


def full_of_findings() -> Told:
    """A bundle with more findings than are told one by one, and a member of another script."""
    told = told_of(history(11, contracts=40))
    told.entries = [raw.replace(b'"v":1', b'"v":2') for raw in told.entries]
    told.unnamed["Пояснение \U0001f91d.txt"] = b""
    return told


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_report_is_whole_in_any_encoding(encoding: str, verifier: Path, tmp_path: Path) -> None:
    """Given words that an encoding doesn't have, then they are written as escapes, and the exit code is the verdict."""
    path = full_of_findings().write(tmp_path / "bundle.zip")
    told = run(encoding, verifier, path, "--key", OPERATOR.vkey)
    assert (told.returncode, told.stderr) == (1, b"")
    page = told.stdout.decode(encoding)
    assert page.startswith("NOT AS IT SHOULD BE.")
    assert page.rstrip().endswith("more.")
    assert ("Пояснение" if encoding == "utf-8" else "\\u041f\\u043e") in page


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_report_for_programs_is_the_same_bytes_in_any_encoding(encoding: str, verifier: Path, tmp_path: Path) -> None:
    """Given such words, then JSON has them, and is ASCII."""
    path = full_of_findings().write(tmp_path / "bundle.zip")
    told = run(encoding, verifier, path, "--key", OPERATOR.vkey, "--json")
    assert told.stdout.isascii()
    assert any("Пояснение \U0001f91d.txt" in found["sentence"] for found in json.loads(told.stdout)["findings"])


@pytest.mark.parametrize("name", ["nowhere/Prüfung 🤝.zip", "http://[/v1/x", "https://[::1/v1/x", "http://h℀/v1/x"])
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_what_can_t_be_opened_or_asked_ends_with_2_in_words(encoding: str, name: str, verifier: Path) -> None:
    """Given a file or an address that can't be, then a line says so, and nothing was found."""
    told = run(encoding, "-X", "utf8", verifier, name)
    assert (told.returncode, told.stdout) == (2, b"")
    assert told.stderr.startswith(b"verify: ")
    assert told.stderr.count(b"\n") == 1


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_sample_is_whole_in_any_encoding(form: tuple[str, ...], tmp_path: Path) -> None:
    """Given titles that an encoding doesn't have, then a sample is written, and is JSON where that is asked."""
    told = [raw.replace(b'"title":"', '"title":"Часы '.encode()) for raw in history(11)]
    path = told_of(told).write(tmp_path / "bundle.zip")
    drawn = run("latin-1", "-m", "services.cli", "sample", path, "--seed", "a", *form)
    assert drawn.returncode == 0, drawn.stderr
    assert b"\\u0427" in drawn.stdout
    assert not form or json.loads(drawn.stdout)["contracts"]
