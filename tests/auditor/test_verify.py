"""The offline verifier: its verdicts, its exit codes, and its words."""

import gc
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.transparency.merkle import leaf_hash, root_of
from domain.transparency.paths import inclusion
from domain.transparency.proof import Proof
from domain.transparency.replay import Replay
from services.auditor.main import main
from services.auditor.pack import packed
from tests.auditor.bundles import OPERATOR, ORIGIN, STRANGER, Told, history, signed_over, told_of


@pytest.fixture
def genuine() -> Told:
    """A genuine bundle's members."""
    return told_of(history(11))


def said(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, object]]:
    """The exit code, and the report as JSON."""
    code = main([str(told.write(tmp_path / "bundle.zip")), "--json", *arguments])
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, report


def test_a_genuine_bundle_under_a_pinned_key_is_verified(
    genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given the log's key from elsewhere, then the verdict is verified, and the exit code 0."""
    code, report = said(genuine, tmp_path, capsys, "--key", str(OPERATOR.vkey))
    assert (code, report["verdict"], report["findings"]) == (0, "verified", [])
    assert (report["size"], report["contracts"]) == (genuine.size, len(genuine.ledger))


def test_without_a_pinned_key_it_is_only_consistent(
    genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever made the bundle could have made all of it: never `verified`."""
    code, report = said(genuine, tmp_path, capsys)
    assert (code, report["verdict"]) == (0, "consistent with itself")


def test_another_s_key_verifies_nothing(genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a key that didn't sign, then that is a finding."""
    code, report = said(genuine, tmp_path, capsys, "--key", str(STRANGER.vkey))
    assert (code, report["verdict"]) == (1, "findings")


def test_a_changed_record_is_named(genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given one byte of one record changed after it was signed, then its number is told."""
    place = 20
    genuine.entries[place] = genuine.entries[place].replace(b'"v":1', b'"v":2')
    _, report = said(genuine, tmp_path, capsys, "--key", str(OPERATOR.vkey))
    assert report["first_bad"] == place + 1


def test_a_rewritten_history_is_seen_by_who_kept_a_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given an older checkpoint, then another history, re-signed by the operator itself, doesn't go on from it."""
    old, new = history(11), history(12)
    kept = tmp_path / "kept"
    kept.write_bytes(signed_over(old[:30]))
    rewritten = told_of(new)
    assert said(rewritten, tmp_path, capsys, "--key", str(OPERATOR.vkey))[0] == 0
    code, report = said(rewritten, tmp_path, capsys, "--key", str(OPERATOR.vkey), "--held", str(kept))
    assert code == 1
    assert "history-rewritten" in str(report["findings"])
    assert said(told_of(old), tmp_path, capsys, "--key", str(OPERATOR.vkey), "--held", str(kept))[0] == 0


def test_a_cut_tail_is_seen_by_who_kept_a_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a checkpoint of more records than the bundle has, then records are missing, from a number on."""
    entries = history(11)
    kept = tmp_path / "kept"
    kept.write_bytes(signed_over(entries))
    code, report = said(told_of(entries[:-5]), tmp_path, capsys, "--key", str(OPERATOR.vkey), "--held", str(kept))
    assert (code, report["first_bad"]) == (1, len(entries) - 4)


def test_a_receipt_is_compared_with_the_record_that_stands_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a receipt kept by a party, then another record at its place is found, even in a re-signed history."""
    old = history(11)
    leaves = [leaf_hash(entry) for entry in old]
    hashes = [root_of(leaves[span[0] : span[1]]) for span in inclusion(20, len(old))]
    receipt = tmp_path / "receipt"
    receipt.write_bytes(Proof(20, tuple(hashes), signed_over(old), old[20]).text())
    key = ("--key", str(OPERATOR.vkey), "--held", str(receipt))
    assert said(told_of(old), tmp_path, capsys, *key)[0] == 0
    code, report = said(told_of([*old[:20], *history(12)[20 : len(old)]]), tmp_path, capsys, *key)
    assert code == 1
    assert "receipt-differs" in str(report["findings"])


def test_a_changed_ledger_row_is_named_by_its_record(
    genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ledger is rebuilt from the records: a row that was changed, dropped or added is a finding."""
    genuine.ledger[2] = genuine.ledger[2].replace(b'"one_sided":false', b'"one_sided":true')
    code, report = said(genuine, tmp_path, capsys, "--key", str(OPERATOR.vkey))
    assert code == 1
    assert "row-differs" in str(report["findings"])
    assert isinstance(report["first_bad"], int)


@pytest.mark.parametrize("raw", [b"", b"PK", b"not a zip at all", b"\x00" * 4096])
def test_what_is_no_bundle_ends_with_2(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no ZIP can't be opened; nor can one that isn't there."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(raw)
    assert main([str(path)]) == 2
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "no bundle" in capsys.readouterr().err


def test_a_member_that_cant_be_read_is_a_finding(
    genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ZIP whose members don't parse is a bundle with findings, not a crash."""
    genuine.checkpoint = b"no note"
    code, report = said(genuine, tmp_path, capsys)
    assert code == 1
    assert "member-unreadable" in str(report["findings"])


def test_the_report_says_it_in_words(genuine: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads what was checked, and what was not."""
    path = genuine.write(tmp_path / "bundle.zip")
    main([str(path), "--key", str(OPERATOR.vkey)])
    told = capsys.readouterr().out
    assert told.startswith("VERIFIED.")
    assert f"{len(genuine.ledger):,} rebuilt from the records" in told
    assert "nothing: an older checkpoint" in told


def test_the_verifier_needs_nothing_but_the_standard_library(genuine: Told, tmp_path: Path) -> None:
    """Given a Python without any package, then it still verifies."""
    path = genuine.write(tmp_path / "bundle.zip")
    command = [sys.executable, "-I", "-S", "-c", _ALONE, str(path), "--key", str(OPERATOR.vkey)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert run.returncode == 0, run.stderr


_ALONE = """
import os, sys
sys.path.insert(0, os.getcwd())
from services.auditor.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_the_packed_verifier_is_one_file_and_the_same_wherever_it_is_made(genuine: Told, tmp_path: Path) -> None:
    """`verify.pyz` runs on a bare Python, with the same exit codes, and two packings give the same bytes."""
    assert packed() == packed()
    pyz = tmp_path / "verify.pyz"
    pyz.write_bytes(packed())
    path = genuine.write(tmp_path / "bundle.zip")

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-I", "-S", str(pyz), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    verified = run(str(path), "--key", str(OPERATOR.vkey))
    assert (verified.returncode, verified.stdout.split(".")[0]) == (0, "VERIFIED")
    assert run(str(path), "--key", str(STRANGER.vkey)).returncode == 1
    assert run(str(tmp_path / "nowhere")).returncode == 2
    assert run().returncode == 2
    assert run(str(path), "--key", "nonsense").returncode == 2


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda raw: raw,
    "no JSON": lambda raw: raw[:-1],
    "another format": lambda raw: raw.replace(b'"v":1', b'"v":2'),
    "an unknown type": lambda raw: raw.replace(b'.v1"', b'.v9"'),
    "a member too many": lambda raw: raw.replace(b'"cause":', b'"cause":1,"causf":'),
    "another version": lambda raw: raw.replace(b'"version":', b'"version":7'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_nothing_that_was_read_refers_to_itself(damage: Callable[[bytes], bytes]) -> None:
    """Given whole and damaged records, then replaying them leaves no garbage: `verify.pyz` looks for none."""
    told = [damage(raw) for raw in history(11)]
    gc.collect()
    gc.disable()
    try:
        replay = Replay(ORIGIN)
        for raw in told:
            replay.take(raw)
        list(replay.numbers())
        assert gc.collect() < len(told) // 10
    finally:
        gc.enable()
