"""The embedded PostgreSQL: it starts, keeps what it confirmed through every kind of end, and leaves nothing behind."""

import ctypes
import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.postgres.binaries import packaged
from infra.postgres.cluster import SUPERUSER
from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.trouble import NotMainThread, OldServerStays
from tests.infra.embedded_help import CLEAN, dwellers, end, eventually, line, psql, service, sql


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    eventually(lambda: not dwellers(tmp_path))


def test_a_first_start_gives_three_logins_that_are_no_superusers(home: Path) -> None:
    """Given an empty folder, when PostgreSQL is started, then all three log in, and only the owner makes roles."""
    with EmbeddedPostgres(home) as urls:
        rights = "select current_user, rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
        assert sql(urls.owner, rights) == "handschlag_owner_login|f|t|f"
        assert sql(urls.runtime, rights) == "handschlag_runtime_login|f|f|f"
        assert sql(urls.follower, rights) == "handschlag_follower_login|f|f|f"
        assert "postgresql" not in repr(urls)


def test_the_server_is_set_up_to_keep_what_it_confirms(home: Path) -> None:
    """Given a started server, when it's asked, then it syncs, sums its pages, counts in UTC and sorts by code point."""
    with EmbeddedPostgres(home) as urls:
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert sql(urls.runtime, f"show {name}") == "on"
        assert sql(urls.runtime, "show timezone") == "UTC"
        assert sql(urls.runtime, "show server_encoding") == "UTF8"
        assert sql(urls.runtime, "select 'Z' < 'a', upper('straße ä') = 'STRASSE Ä' or upper('ä') = 'Ä'") == "t|t"
        assert sql(urls.owner, "select string_agg(extname, ',') from pg_extension") == "plpgsql"


def test_rows_outlive_a_restart(home: Path) -> None:
    """Given rows, when the server is stopped and another launcher starts it, then they are there."""
    with EmbeddedPostgres(home) as urls:
        sql(urls.owner, "create table deal as select generate_series(1, 1000) as n")
    assert not dwellers(home)
    with EmbeddedPostgres(home) as urls:
        assert sql(urls.owner, "select count(*) from deal") == "1000"


def test_starting_and_stopping_twice_is_once(home: Path) -> None:
    """Given a running server, when it's started again, then nothing happens; likewise when it's stopped twice."""
    postgres = EmbeddedPostgres(home)
    first, pid = postgres.start(), postgres.pid
    assert (postgres.start(), postgres.pid) == (first, pid)
    postgres.stop()
    postgres.stop()
    assert postgres.pid is None


def test_home_and_passwords_are_closed_to_others(home: Path) -> None:
    """Given a first start, when one looks at the folders, then others can't enter, and nobody else reads passwords."""
    with EmbeddedPostgres(home):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "postgres" / "passwords.json").stat().st_mode) == 0o600


def test_no_one_gets_in_without_a_password(home: Path) -> None:
    """Given a running server, when one comes with a wrong password or as superuser, then loopback doesn't help."""
    with EmbeddedPostgres(home) as urls:
        place = urls.owner.partition("@")[2]
        wrong = psql(f"postgresql://handschlag_owner_login:wrong@{place}", "select 1")
        assert "password authentication failed" in wrong.stderr
        boss = psql(f"postgresql://{SUPERUSER}:wrong@{place}", "select 1")
        assert "pg_hba.conf rejects connection" in boss.stderr


def test_kill_9_of_the_postmaster_loses_nothing(home: Path) -> None:
    """Given confirmed rows, when the postmaster is killed by -9, then it can be started again and they are there."""
    postgres = EmbeddedPostgres(home)
    urls = postgres.start()
    sql(urls.owner, "create table deal as select generate_series(1, 1000) as n")
    assert postgres.pid
    os.kill(postgres.pid, signal.SIGKILL)
    eventually(lambda: postgres.pid is None)
    assert sql(postgres.start().owner, "select count(*) from deal") == "1000"
    postgres.stop()


def test_a_start_waits_for_a_backend_that_outlives_its_postmaster(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a backend busy for seconds, when the postmaster is killed by -9, then the next start waits for its end.

    If it doesn't end in time, that's said, and a later start still works.
    """
    postgres = EmbeddedPostgres(home)
    busy = """do $$ declare start timestamptz := clock_timestamp();
              begin while clock_timestamp() < start + '2 s' loop end loop; end $$"""
    session = [str(packaged().root / "bin" / "psql"), "-Xq", "-d", postgres.start().owner, "-c", busy]
    with subprocess.Popen(session, env=CLEAN, stderr=subprocess.DEVNULL) as client:
        time.sleep(0.5)
        assert postgres.pid
        os.kill(postgres.pid, signal.SIGKILL)
        eventually(lambda: postgres.pid is None)
        assert dwellers(home), "the backend should still be busy"
        with monkeypatch.context() as impatient:
            impatient.setattr("infra.postgres.server._OLD_SERVER", 0.1)
            with pytest.raises(OldServerStays, match="earlier run"):
                postgres.start()
        assert sql(postgres.start().owner, "select 1") == "1"
        client.wait(20)
    postgres.stop()


def test_a_start_waits_for_shared_memory_that_outlives_its_postmaster(home: Path) -> None:
    """Given a dead postmaster whose shared memory is let go late, when started, then it waits and has the rows."""
    c = ctypes.CDLL(None, use_errno=True)
    c.shmat.restype = ctypes.c_void_p
    with EmbeddedPostgres(home) as urls:
        sql(urls.owner, "create table deal as select 1 as n")
        told = (home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
        held = c.shmat(int(told[6].split()[1]), None, 0)
        assert held not in (None, ctypes.c_void_p(-1).value), os.strerror(ctypes.get_errno())
        os.kill(int(told[0]), signal.SIGKILL)
    letting_go = threading.Timer(1.0, c.shmdt, [ctypes.c_void_p(held)])
    letting_go.start()
    with EmbeddedPostgres(home) as urls:
        assert sql(urls.owner, "select n from deal") == "1"
    letting_go.join()
    assert "pre-existing shared memory block" in (home / "postgres" / "server.log").read_text()


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(home: Path) -> None:
    """Given a pid file left by a crash whose number is by now another process's, when started, then it starts."""
    postgres = EmbeddedPostgres(home)
    postgres.start()
    assert postgres.pid
    os.kill(postgres.pid, signal.SIGKILL)
    eventually(lambda: not dwellers(home))
    left = home / "postgres" / "data" / "postmaster.pid"
    left.write_text("\n".join([str(os.getpid()), *left.read_text().splitlines()[1:]]) + "\n")
    assert sql(postgres.start().owner, "select 1") == "1"
    postgres.stop()


def test_kill_9_of_the_service_ends_postgresql(home: Path) -> None:
    """Given a service with confirmed rows, when it's killed by -9, then PostgreSQL ends too, and the rows are kept."""
    with service(home) as running:
        pid, url = int(line(running)), line(running)
        sql(url, "create table deal as select generate_series(1, 1000) as n")
        running.kill()
        with EmbeddedPostgres(home) as urls:  # at once: it must wait for the old server itself
            assert sql(urls.owner, "select count(*) from deal") == "1000"
            assert pid not in dwellers(home)


def test_ctrl_c_at_the_terminal_reaches_the_service_first(home: Path) -> None:
    """Given a running server, when the terminal sends SIGINT to our group, then PostgreSQL isn't in it."""
    postgres = EmbeddedPostgres(home)
    postgres.start()
    assert postgres.pid
    assert os.getpgid(postgres.pid) != os.getpgid(0)
    assert os.getsid(postgres.pid) != os.getsid(0)
    postgres.stop()


def test_a_half_made_data_folder_is_made_anew(home: Path) -> None:
    """Given a first start killed by -9 while initdb was at work, when started again, then it starts from nothing."""
    with service(home) as running:
        eventually(lambda: any((home / "postgres").glob("data.growing-*/base")))
        running.kill()
    assert not (home / "postgres" / "data").exists()
    with EmbeddedPostgres(home) as urls:
        assert sql(urls.owner, "select 1") == "1"
    assert not list((home / "postgres").glob("data.growing-*"))


def test_half_made_logins_are_made_again(home: Path) -> None:
    """Given a first start killed by -9 while the logins were made, when started again, then all three log in."""
    with service(home) as running:
        eventually((home / "postgres" / "passwords.growing").exists)
        running.kill()
    assert not (home / "postgres" / "passwords.json").exists()
    with EmbeddedPostgres(home) as urls:
        assert [sql(url, "select 1") for url in (urls.runtime, urls.owner, urls.follower)] == ["1", "1", "1"]


def test_lost_passwords_are_replaced_and_rows_stay(home: Path) -> None:
    """Given rows and a deleted password file, when started, then there are new passwords and the old rows."""
    with EmbeddedPostgres(home) as before:
        sql(before.owner, "create table deal as select 1 as n")
    (home / "postgres" / "passwords.json").unlink()
    with EmbeddedPostgres(home) as urls:
        assert urls.owner.split("@")[0] != before.owner.split("@")[0]
        assert sql(urls.owner, "select n from deal") == "1"


def test_a_worker_thread_may_not_start_it(home: Path) -> None:
    """Given a worker thread, when it starts PostgreSQL, then it's refused: the server would end with the thread."""
    met: list[BaseException] = []

    def work() -> None:
        try:
            EmbeddedPostgres(home).start()
        except NotMainThread as refusal:
            met.append(refusal)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert "main thread" in str(met[0])


def test_the_log_stays_bounded_and_tells_no_values(home: Path) -> None:
    """Given a log of 5 MB, when started, then it's put aside; a failing statement's values aren't in the new one."""
    log = home / "postgres" / "server.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"x" * 5_000_000)
    with EmbeddedPostgres(home) as urls:
        twice = "insert into person values ('Erika Mustermann')"
        sql(urls.owner, f"create table person (name text primary key); {twice}")
        assert "Erika" in psql(urls.owner, twice).stderr
    assert log.stat().st_size < 100_000
    assert "violates unique constraint" in log.read_text()
    assert "Erika" not in log.read_text()


def test_a_service_that_ends_stops_its_server(home: Path) -> None:
    """Given a service, when it ends by itself, then its server was shut down cleanly and needs no recovery."""
    with service(home) as running:
        line(running)
        assert end(running) == 0
    assert not dwellers(home)
    assert (home / "postgres" / "server.log").read_text().rstrip().endswith("database system is shut down")
