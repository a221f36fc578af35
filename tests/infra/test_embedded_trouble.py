"""What keeps the embedded PostgreSQL from starting is told in a sentence, and what was there stays untouched."""

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.postgres import trouble
from infra.postgres.binaries import Binaries, packaged
from infra.postgres.embedded import EmbeddedPostgres
from tests.infra.embedded_help import dwellers, end, eventually, line, service, sql


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    eventually(lambda: not dwellers(tmp_path))


@pytest.fixture
def made(home: Path) -> Path:
    """A home whose data folder was made, its server stopped."""
    with EmbeddedPostgres(home):
        pass
    return home


@pytest.fixture
def small(home: Path) -> Iterator[Path]:
    """A home on a disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root")
    home.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(home)], check=False).returncode:
        pytest.skip("mounting is forbidden here")
    yield home
    subprocess.run(["umount", str(home)], check=True)


def fill(ballast: Path) -> None:
    """Write zeros until the disk takes no more."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 65_536)


def test_a_strange_folder_is_left_alone(home: Path) -> None:
    """Given a data folder with other files in it, when started, then it's refused and they are untouched."""
    letter = home / "postgres" / "data" / "letter.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text("mine")
    with pytest.raises(trouble.ForeignFolder, match="left untouched"):
        EmbeddedPostgres(home).start()
    assert list(letter.parent.iterdir()) == [letter]


def test_a_file_in_the_folders_place_is_left_alone(home: Path) -> None:
    """Given a file where the data folder should be, when started, then it's refused."""
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "data").write_text("mine")
    with pytest.raises(trouble.ForeignFolder, match="is a file"):
        EmbeddedPostgres(home).start()


def test_another_programs_postgresql_is_left_alone(made: Path) -> None:
    """Given a PostgreSQL data folder without our mark, when started, then it's refused."""
    (made / "postgres" / "data" / "HANDSCHLAG").unlink()
    with pytest.raises(trouble.ForeignFolder, match="another program"):
        EmbeddedPostgres(made).start()


@pytest.mark.parametrize(("version", "expected"), [("19", trouble.NewerData), ("17", trouble.OlderData)])
def test_data_of_another_version_are_left_alone(
    made: Path, version: str, expected: type[trouble.PostgresTrouble]
) -> None:
    """Given data of another major version, when started, then both versions are told and nothing is changed."""
    note = made / "postgres" / "data" / "PG_VERSION"
    note.write_text(f"{version}\n")
    with pytest.raises(expected, match=f"written by {version}, installed is 18"):
        EmbeddedPostgres(made).start()
    note.write_text("18\n")
    with EmbeddedPostgres(made) as urls:
        assert sql(urls.runtime, "select 1") == "1"


def test_a_port_in_use_is_told_and_the_next_start_works(made: Path) -> None:
    """Given another program on the port asked for, when started, then that's said; when it's gone, it starts there."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        with pytest.raises(trouble.PortInUse, match=str(port)):
            EmbeddedPostgres(made, port=port).start()
    with EmbeddedPostgres(made, port=port) as urls:
        assert f":{port}/" in urls.runtime


def test_two_on_one_home_are_one_too_many(made: Path) -> None:
    """Given a running Handschlag, when a second one starts on its home, then it's refused and the first runs on."""
    with EmbeddedPostgres(made) as urls:
        with pytest.raises(trouble.AlreadyRunning, match="Another Handschlag"):
            EmbeddedPostgres(made).start()
        with service(made) as second:
            assert line(second).startswith("AlreadyRunning")
            assert end(second) == 3
        assert sql(urls.runtime, "select 1") == "1"


def test_a_disk_too_small_for_the_data_is_told_and_left_clean(small: Path) -> None:
    """Given a disk of 20 MB, when started for the first time, then it's told to be full, and no half data stay."""
    with pytest.raises(trouble.DiskFull, match="No space left on device"):
        EmbeddedPostgres(small).start()
    assert not list((small / "postgres").glob("data*"))


def test_a_disk_that_filled_up_is_told_and_nothing_is_lost(small: Path) -> None:
    """Given rows on a disk that then fills up, when started, then that's said; with room again, the rows are there."""
    subprocess.run(["mount", "-o", "remount,size=150m", str(small)], check=True)
    with EmbeddedPostgres(small) as urls:
        sql(urls.owner, "create table deal as select generate_series(1, 1000) as n")
    ballast = small / "ballast"
    fill(ballast)
    with pytest.raises(trouble.DiskFull):
        EmbeddedPostgres(small).start()
    ballast.unlink()
    with EmbeddedPostgres(small) as urls:
        assert sql(urls.owner, "select count(*) from deal") == "1000"


def test_missing_binaries_are_told(home: Path, tmp_path: Path) -> None:
    """Given no programs, or a server's program that isn't for this machine, when started, then that's said."""
    with pytest.raises(trouble.BinariesMissing, match="HANDSCHLAG_DATABASE_URL"):
        EmbeddedPostgres(home, binaries=Binaries(tmp_path)).start()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").write_bytes(b"\x7fELF for another machine")
    (tmp_path / "bin" / "postgres").chmod(0o755)
    with pytest.raises(trouble.BinariesMissing, match="Exec format error"):
        EmbeddedPostgres(home, binaries=Binaries(tmp_path)).start()


def test_a_data_folder_that_cant_be_read_by_the_server_is_told(made: Path) -> None:
    """Given data that were opened to the world, when started, then PostgreSQL's refusal is passed on."""
    (made / "postgres" / "data").chmod(0o777)
    with pytest.raises(trouble.PostgresTrouble, match="invalid permissions"):
        EmbeddedPostgres(made).start()


def test_a_copy_of_the_binaries_is_whole_and_made_once(home: Path, tmp_path: Path) -> None:
    """Given a copy of the programs, when asked for again, then it isn't made again; and PostgreSQL runs from it."""
    copy = packaged().copied_to(tmp_path)
    assert packaged().copied_to(tmp_path) == copy
    with EmbeddedPostgres(home, binaries=copy) as urls:
        assert sql(urls.runtime, "select to_tsvector('german', 'Häuser')") == "'haus':1"
    shutil.rmtree(copy.root.parents[1])
