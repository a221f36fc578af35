"""The shelf of bundles: nobody sees a file before it is whole, and what a crash left goes."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from domain.identity import TenantId
from infra.shelf.shelf import Shelf

ESSEN, KIEL = TenantId("essen"), TenantId("kiel")

_WRITER = """
import sys, time
from pathlib import Path
from infra.shelf.shelf import Shelf
with Shelf(Path(sys.argv[1])).part("essen") as part:
    part.file.write(b"half")
    part.file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


def put(shelf: Shelf, tenant: TenantId, size: int, raw: bytes) -> None:
    """A file of so many records."""
    with shelf.part(tenant) as part:
        part.file.write(raw)
        shelf.put(part, tenant, size)


def test_a_file_is_there_when_it_is_whole_and_known_by_its_bytes(tmp_path: Path) -> None:
    """Given a part, then it is nobody's yet; once put, another process knows tenant, size, length and hash."""
    shelf = Shelf(tmp_path / "bundles")
    with shelf.part(ESSEN) as part:
        part.file.write(b"bundle")
        assert Shelf(tmp_path / "bundles").all(ESSEN) == []
        kept = shelf.put(part, ESSEN, 7)
    assert Shelf(tmp_path / "bundles").all(ESSEN) == [kept]
    assert (kept.size, kept.length, kept.sha256) == (7, 6, sha256(b"bundle").hexdigest())
    assert kept.path.read_bytes() == b"bundle"
    assert kept.path.stat().st_mode & 0o077 == 0
    assert shelf.all(KIEL) == []


def test_a_writing_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Given an error while it is written, then neither part nor file is left."""
    shelf = Shelf(tmp_path)

    def fail() -> None:
        with shelf.part(ESSEN) as part:
            part.file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_is_swept_and_what_is_being_written_stays(tmp_path: Path) -> None:
    """Given a writer that is killed, then its part is swept later on; while it writes, it is left alone."""
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        (part,) = tmp_path.glob("*.part")
        os.utime(part, (0, 0))
        assert Shelf(tmp_path).sweep(timedelta(days=1)) == 0
        writer.send_signal(signal.SIGKILL)
        writer.wait(10)
    assert Shelf(tmp_path).sweep(timedelta(days=1)) == 1
    assert list(tmp_path.iterdir()) == []


def test_old_files_go_and_few_are_kept(tmp_path: Path) -> None:
    """Given files of a day ago and several of today, then the old ones are swept and the newest are kept."""
    shelf = Shelf(tmp_path)
    for size in range(1, 5):
        put(shelf, ESSEN, size, b"%d" % size)
    put(shelf, KIEL, 9, b"kiel")
    for kept in shelf.all(ESSEN):
        os.utime(kept.path, (kept.made_at, 1_000_000 + kept.size if kept.size < 3 else kept.made_at + kept.size))
    assert shelf.sweep(timedelta(days=1)) == 2
    assert [kept.size for kept in shelf.all(ESSEN)] == [4, 3]
    shelf.thin(ESSEN, 1)
    assert [kept.size for kept in shelf.all(ESSEN)] == [4]
    assert len(shelf.all(KIEL)) == 1
