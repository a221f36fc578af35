"""As whom PostgreSQL runs: never as root, as ourselves if we are ordinary, and rows never hide when rules change."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from infra.postgres.binaries import packaged
from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.footing import outside
from tests.infra.embedded_help import dwellers, end, eventually, line, service, sql

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

BECOME_NOBODY = """
        import pwd
        nobody = pwd.getpwnam("nobody")
        os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
"""

FORBID_NAMESPACES = """
        import ctypes
        if ctypes.CDLL(None).unshare(0x10000000): sys.exit(77)
        print("maps, please", flush=True); sys.stdin.readline()
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
"""


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody can reach (pytest's own is root's alone)."""
    place = Path(tempfile.mkdtemp(prefix="handschlag-test-"))
    place.chmod(0o755)
    yield place
    eventually(lambda: not dwellers(place))
    shutil.rmtree(place)


IMPATIENT = """
        from infra.postgres import server
        server._OLD_SERVER = 0.3
"""


def forbidden(home: Path, *, prelude: str = "") -> "subprocess.Popen[str]":
    """A service whose root may make no user namespace: it lives in one that has all users and a limit of 0."""
    running = service(home, prelude=f"{FORBID_NAMESPACES}{prelude}")
    if line(running) != "maps, please":
        end(running)
        pytest.skip("user namespaces are forbidden here already")
    for kind in ("uid_map", "gid_map"):
        Path(f"/proc/{running.pid}/{kind}").write_text("0 0 65536")
    assert running.stdin
    running.stdin.write("\n")
    running.stdin.flush()
    return running


def test_root_runs_it_as_root_to_the_world_and_as_nobody_to_itself(open_place: Path) -> None:
    """Given root and namespaces, when started, then data stay root's in the closed home, and nothing is copied."""
    postgres = EmbeddedPostgres(open_place / "home")
    postgres.start()
    status = Path(f"/proc/{postgres.pid}/status").read_text()
    powers = next(each.split()[1] for each in status.splitlines() if each.startswith("CapEff"))
    assert int(powers, 16) == 0, "PostgreSQL should have no capability left"
    assert Path(f"/proc/{postgres.pid}/exe").resolve() == packaged().postgres.resolve()
    assert (open_place / "home" / "postgres" / "data").stat().st_uid == 0
    assert not outside(open_place / "home").exists()
    postgres.stop()


def test_an_ordinary_user_runs_it(open_place: Path) -> None:
    """Given an ordinary user, when it starts PostgreSQL in its own home, then it runs as that user and ends with it."""
    nobody = pwd.getpwnam("nobody")
    home = open_place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    copy = packaged().copied_to(open_place)  # the checkout may lie where nobody comes
    with service(home, prelude=f"binaries = Binaries(Path({str(copy.root)!r})){BECOME_NOBODY}") as running:
        pid, url = int(line(running)), line(running)
        assert Path(f"/proc/{pid}").stat().st_uid == nobody.pw_uid
        sql(url, "create table deal as select 1 as n")
        running.kill()
        eventually(lambda: not dwellers(home))
    with service(home, prelude=f"binaries = Binaries(Path({str(copy.root)!r})){BECOME_NOBODY}") as running:
        assert int(line(running)) != pid
        assert sql(line(running), "select n from deal") == "1"
        assert end(running) == 0


def test_a_folder_of_another_user_is_refused(open_place: Path) -> None:
    """Given root's closed home, when an ordinary user starts PostgreSQL on it, then it's told whose matter that is."""
    home = open_place / "home"
    home.mkdir(mode=0o700)
    copy = packaged().copied_to(open_place)
    with service(home, prelude=f"binaries = Binaries(Path({str(copy.root)!r})){BECOME_NOBODY}") as running:
        assert line(running).startswith("NoPermission")
        assert end(running) == 3


def test_a_user_without_a_name_runs_it_in_a_namespace(open_place: Path) -> None:
    """Given a bare number as user, as some containers have, when started, then initdb still finds a name for it."""
    home = open_place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, 61234, 61234)
    copy = packaged().copied_to(open_place)
    become = f"binaries = Binaries(Path({str(copy.root)!r})); os.setgroups([]); os.setgid(61234); os.setuid(61234)"
    become += "; import ctypes; ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)"  # dumpable again, as after any exec
    with service(home, prelude=become) as running:
        answer = line(running)
        if answer.startswith("NoOrdinaryUser"):
            end(running)
            pytest.skip("user namespaces are forbidden to ordinary users here")
        assert sql(line(running), "select current_user") == "handschlag_owner_login"
        assert end(running) == 0


def test_where_namespaces_are_forbidden_root_drops_to_nobody(open_place: Path) -> None:
    """Given root without namespaces, when started, killed by -9 and started, then it runs as nobody and keeps rows."""
    home = open_place / "home"
    elsewhere = outside(home)
    try:
        with forbidden(home) as running:
            pid, url = int(line(running)), line(running)
            assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
            assert str(elsewhere) in (home / "postgres" / "DATA-LIE-ELSEWHERE.txt").read_text()
            sql(url, "create table deal as select 1 as n")
            running.send_signal(signal.SIGKILL)
        with forbidden(home) as running:
            said = line(running)
            assert said.isdigit(), said
            assert sql(line(running), "select n from deal") == "1"
            assert end(running) == 0
        with EmbeddedPostgres(home) as urls:  # namespaces are allowed again: the rows lie where they lay
            assert sql(urls.owner, "select n from deal") == "1"
    finally:
        eventually(lambda: not dwellers(elsewhere))
        shutil.rmtree(elsewhere, ignore_errors=True)


def test_a_server_that_cannot_be_looked_into_keeps_its_pid_file(open_place: Path) -> None:
    """Given an old server that ends slowly in a namespace closed to us, when the next is started, then that waits.

    When it has waited in vain, that's said, and the old server's pid file is as it was: one that starts beside it would
    lose its own when the old one takes its leave. When the old one has ended, a start has the rows.
    """
    home = open_place / "home"
    elsewhere = outside(home)
    pidfile, stopped = elsewhere / "data" / "postmaster.pid", ExitStack()
    try:
        with forbidden(home) as running:
            pid, url = int(line(running)), line(running)
            sql(url, "create table deal as select 1 as n")
            os.kill(pid, signal.SIGSTOP)
            stopped.callback(os.kill, pid, signal.SIGCONT)
            running.send_signal(signal.SIGKILL)
        with forbidden(home, prelude=IMPATIENT) as running:
            assert line(running).startswith("OldServerStays")
            assert end(running) == 3
        assert pidfile.read_text().splitlines()[0] == str(pid)
        with forbidden(home) as running:
            stopped.close()
            said = line(running)
            assert said.isdigit(), said
            assert sql(line(running), "select n from deal") == "1"
            assert end(running) == 0
    finally:
        stopped.close()
        eventually(lambda: not dwellers(elsewhere))
        shutil.rmtree(elsewhere, ignore_errors=True)


def test_rows_never_hide_when_namespaces_become_forbidden(open_place: Path) -> None:
    """Given rows made in a namespace, when namespaces are forbidden, then no empty database appears: it's refused."""
    home = open_place / "home"
    with EmbeddedPostgres(home) as urls:
        sql(urls.owner, "create table deal as select 1 as n")
    with forbidden(home) as running:
        assert line(running).startswith("DataElsewhere")
        assert end(running) == 3
    assert not outside(home).exists()
