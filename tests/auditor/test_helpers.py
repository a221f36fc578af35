"""Processes that help to verify: when one is killed, when somebody has enough, when none can be had."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.codec import entry_bytes
from services.auditor import helpers, sharing
from services.auditor.bundle import Bundle
from services.auditor.helpers import HelperLost
from services.auditor.history import EVERY
from services.auditor.main import main
from services.auditor.pack import packed
from services.auditor.trust import Trust
from services.auditor.verify import Verdict, verify
from tests.auditor.bundles import OPERATOR, history, told_of
from tests.auditor.editions import editions

pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")

ROOT = Path(__file__).parents[2]

Tell = Callable[[Any], None]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A genuine bundle of more records than are read between two words of progress."""
    entries = [entry_bytes(envelope) for envelope in editions(5, 2, 100).told]
    assert len(entries) > EVERY
    return told_of(entries).write(tmp_path_factory.mktemp("genuine") / "bundle.zip")


@pytest.fixture
def pids(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were begun."""
    told: list[int] = []
    fork = os.fork

    def note() -> int:
        pid = fork()
        if pid:
            told.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", note)
    return told


def gone(pids: list[int]) -> bool:
    """Whether nothing is left of these processes, not even to be waited for."""
    for pid in pids:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    return bool(pids)


def dying(after: int) -> Callable[[Bundle, str, sharing.Share, Tell], None]:
    """A helper that is killed when it has told so much."""
    help_ = helpers._help

    def work(bundle: Bundle, origin: str, share: sharing.Share, tell: Tell) -> None:
        told = 0

        def counted(what: Any) -> None:
            nonlocal told
            if told == after:
                os.kill(os.getpid(), signal.SIGKILL)
            told += 1
            tell(what)

        help_(bundle, origin, share, counted)

    return work


@pytest.mark.parametrize("after", [0, 1, 2], ids=["judging", "telling rows", "later"])
def test_a_killed_helper_is_trouble_and_never_verified(
    after: int, bundle: Path, pids: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a helper that is killed before it has told everything, then no verdict is given, and the exit code is 2."""
    monkeypatch.setattr(helpers, "_help", dying(after))
    with Bundle(bundle) as opened, pytest.raises(HelperLost):
        verify(opened, Trust(keys=(OPERATOR.vkey,)), lambda *_: None, 2)
    assert main([str(bundle), "--key", str(OPERATOR.vkey), "--processes", "2"]) == 2
    said = capsys.readouterr()
    assert (said.out, "nothing is verified" in said.err, "--processes 1" in said.err) == ("", True, True)
    assert gone(pids)


def test_a_helper_that_fails_is_trouble_as_well(bundle: Path, pids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a helper that runs out of memory, then no verdict is given."""

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(helpers, "_help", fail)
    with Bundle(bundle) as opened, pytest.raises(HelperLost):
        verify(opened, Trust(keys=(OPERATOR.vkey,)), lambda *_: None, 3)
    assert gone(pids)


def test_who_has_enough_leaves_no_process_behind(bundle: Path, pids: list[int]) -> None:
    """Given Ctrl-C in the middle, then the helpers are ended with the rest."""

    def enough(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with Bundle(bundle) as opened, pytest.raises(KeyboardInterrupt):
        verify(opened, Trust(), enough, 3)
    assert gone(pids)


def test_a_helper_doesnt_outlive_its_owner(bundle: Path) -> None:
    """Given a process that is killed itself, then its helpers end, too: what they hold open is closed."""
    run = subprocess.run(
        [sys.executable, "-c", _KILLED, str(bundle)], capture_output=True, check=False, cwd=ROOT, timeout=60
    )
    assert run.returncode == -signal.SIGKILL


_KILLED = """
import os, signal, sys
from pathlib import Path
from services.auditor.bundle import Bundle
from services.auditor.trust import Trust
from services.auditor.verify import verify
with Bundle(Path(sys.argv[1])) as bundle:
    verify(bundle, Trust(), lambda *_: os.kill(os.getpid(), signal.SIGKILL), 3)
"""


def test_progress_is_told_while_others_help(bundle: Path) -> None:
    """Given helpers, then it is told as often how far it is, and the end is told."""
    told: dict[int, list[tuple[int, int]]] = {1: [], 2: []}
    for processes, steps in told.items():
        with Bundle(bundle) as opened:
            verify(opened, Trust(), lambda done, of, steps=steps: steps.append((done, of)), processes)  # type: ignore[misc]  # mypy doesn't infer it
    assert told[1] == told[2]
    assert told[2][-1][0] == told[2][-1][1]


def test_without_fork_one_process_does_it(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a system that has no fork, then the verdict is the same, and nothing is asked of anybody."""
    monkeypatch.delattr(os, "fork")
    with Bundle(bundle) as opened:
        report = verify(opened, Trust(keys=(OPERATOR.vkey,)), lambda *_: None, 4)
    assert report.verdict is Verdict.VERIFIED
    assert sharing.useful(10**9) == 1


def test_where_no_more_processes_can_be_had_one_does_it(
    bundle: Path, pids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a system that gives one process and no second, then that one is ended, and the verdict is the same."""
    fork = os.fork

    def once() -> int:
        if pids:
            raise BlockingIOError
        return fork()

    monkeypatch.setattr(os, "fork", once)
    with Bundle(bundle) as opened:
        report = verify(opened, Trust(keys=(OPERATOR.vkey,)), lambda *_: None, 4)
    assert report.verdict is Verdict.VERIFIED
    assert gone(pids)


def test_without_positions_of_its_own_a_file_is_read_all_the_same(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a system that has no pread, then the verdict is the same."""
    monkeypatch.delattr(os, "pread")
    with Bundle(bundle) as opened:
        report = verify(opened, Trust(keys=(OPERATOR.vkey,)), lambda *_: None, 4)
    assert report.verdict is Verdict.VERIFIED


def test_few_records_are_verified_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a machine of many processors, then a short history takes one of them, and a long one four at most."""
    monkeypatch.setattr(sharing, "_processors", lambda: 16)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    assert (sharing.useful(sharing.PAYS - 1), sharing.useful(sharing.PAYS)) == (1, sharing.MOST)
    monkeypatch.setattr(sharing, "_processors", lambda: 2)
    assert sharing.useful(sharing.PAYS) == 2


@pytest.mark.parametrize("number", ["0", "65", "-1", "two"])
def test_the_number_of_processes_is_one(number: str, bundle: Path) -> None:
    """Given what is no number of processes, then that is told, with the exit code of a wrong call."""
    with pytest.raises(SystemExit) as ended:
        main([str(bundle), "--processes", number])
    assert ended.value.code == 2


def test_the_packed_verifier_has_helpers_as_well(tmp_path: Path) -> None:
    """Given the one file on a Python without packages, then two processes verify, and find what one finds."""
    pyz = tmp_path / "verify.pyz"
    pyz.write_bytes(packed())
    genuine = told_of(history(11)).write(tmp_path / "genuine.zip")
    told = told_of(history(11))
    del told.entries[20]
    tampered = told.write(tmp_path / "tampered.zip")

    def run(path: Path, processes: int) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(pyz), str(path), "--key", str(OPERATOR.vkey)]
        command += ["--processes", str(processes)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert ran.stderr == ""
        return ran.returncode, ran.stdout

    assert (run(genuine, 2)[0], run(tampered, 2)[0]) == (0, 1)
    assert (run(genuine, 2), run(tampered, 2)) == (run(genuine, 1), run(tampered, 1))
