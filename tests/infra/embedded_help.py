"""What the tests of the embedded PostgreSQL share: SQL by psql, a process that can be killed, a look at who lives."""

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from infra.postgres.binaries import packaged

REPOSITORY = Path(__file__).resolve().parents[2]
CLEAN = {"PATH": "/usr/bin:/bin", "PGCONNECT_TIMEOUT": "10"}


def sql(url: str, statement: str) -> str:
    """What psql prints for `statement`, unadorned; AssertionError with PostgreSQL's words if it's refused."""
    done = psql(url, statement)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def psql(url: str, statement: str) -> "subprocess.CompletedProcess[str]":
    """A session of psql of its own."""
    command = [str(packaged().root / "bin" / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]
    return subprocess.run(command, env=CLEAN, capture_output=True, text=True, check=False, timeout=60)


def dwellers(place: Path) -> list[int]:
    """The processes whose working folder lies in `place`: all that a test may have left behind."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            cwd = (process / "cwd").readlink()
        except OSError:
            continue
        if cwd.is_relative_to(place.resolve()):
            found.append(int(process.name))
    return found


def eventually(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until `condition` holds; AssertionError if it doesn't in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.001)


def service(home: Path, *, prelude: str = "", settings: str = "") -> "subprocess.Popen[str]":
    """A process that starts an embedded PostgreSQL, prints pid and owner's URL, and waits for its input to end."""
    script = f"""
        import os, sys
        from pathlib import Path
        from infra.postgres.binaries import Binaries, packaged
        from infra.postgres.embedded import EmbeddedPostgres
        from infra.postgres.trouble import PostgresTrouble
        binaries = packaged()
        {prelude}
        pg = EmbeddedPostgres(Path({str(home)!r}), binaries=binaries{settings})
        try:
            urls = pg.start()
        except PostgresTrouble as trouble:
            print(type(trouble).__name__, trouble, flush=True)
            sys.exit(3)
        print(pg.pid, flush=True)
        print(urls.owner, flush=True)
        sys.stdin.read()
        pg.stop()
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line(process: "subprocess.Popen[str]") -> str:
    """The next line that the process prints."""
    assert process.stdout
    return process.stdout.readline().strip()


def end(process: "subprocess.Popen[str]") -> int:
    """End its input, wait for it to finish, and give its exit code."""
    process.communicate(timeout=60)
    return process.returncode
