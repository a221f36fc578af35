"""One run of the server's process: started, awaited, stopped."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from infra.postgres.footing import ENVIRONMENT, Footing
from infra.postgres.trouble import DiskFull, OldServerStays, PostgresTrouble, StartFailed, of_words

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # no socket file, so no path can be too long
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    # what was confirmed stays, whatever happens to the machine
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",  # trouble.of_words reads them
    # the log shows what went wrong, and neither statements nor values: they may tell of persons
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
"""Given on the command line, where neither a file nor ALTER SYSTEM overrides them."""

_LOG_LIMIT = 4 * 1024 * 1024  # bytes; a longer log is put aside at the next start
_TOO_LITTLE = 1024 * 1024  # bytes of free disk; PostgreSQL can't start with less
_START = 120.0  # seconds; crash recovery is bounded by max_wal_size
_FAST_STOP = 30.0  # seconds
_QUICK_STOP = 10.0  # seconds
_OLD_SERVER = 60.0  # seconds
_PAUSE = 0.01  # seconds


class Server:
    """A running postmaster, child of ours. Made by `launch`; whoever launched it stops it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process = process
        self.port = port

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the postmaster runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stop and reap it: fast (SIGINT: all is written), or else at once (SIGQUIT: the next start recovers).

        Returns when the process is gone, after 40 seconds at most.
        """
        for order, patience in ((signal.SIGINT, _FAST_STOP), (signal.SIGQUIT, _QUICK_STOP)):
            if not self.alive:
                return
            self._process.send_signal(order)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                return
        self._process.kill()
        self._process.wait()


def launch(footing: Footing, port: int, log: Path, hold: int) -> Server:
    """Start the server on the footing's data and wait until it takes connections. Raises a `PostgresTrouble`.

    The caller is in its main thread and has the hold of `vacant`, which the server inherits. A process of the server
    before may have left its folder and not yet the shared memory by which PostgreSQL knows it: for a minute that is
    only too early.
    """
    deadline = time.monotonic() + _OLD_SERVER
    while True:
        try:
            return _launched(footing, port, log, hold)
        except OldServerStays:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def _launched(footing: Footing, port: int, log: Path, hold: int) -> Server:
    """One try. Its own session, so that Ctrl-C at the terminal reaches us and not it; SIGINT when we die."""
    with log.open("ab") as sink:
        start = sink.tell()
        command = [str(footing.binaries.postgres), "-D", str(footing.data), "-c", f"port={port}"]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            pass_fds=(hold,),
            preexec_fn=footing.prepare(signal.SIGINT),  # noqa: PLW1509 - the forked child calls the kernel alone
        )
    server = Server(process, port)
    try:
        _await_ready(server, footing.data / "postmaster.pid", log, start)
    except BaseException:
        server.stop()
        raise
    return server


def _await_ready(server: Server, pidfile: Path, log: Path, start: int) -> None:
    """Until line 8 of the pid file says `ready` (or `standby`); its first line must be our child's number."""
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        if not server.alive:
            raise _reason(log, start)
        with contextlib.suppress(FileNotFoundError, PermissionError):
            lines = pidfile.read_text().splitlines()
            if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
                return
        time.sleep(_PAUSE)
    raise StartFailed(f"not ready after {_START:.0f} s / {_words(log, start)[-300:]}")


def _reason(log: Path, start: int) -> PostgresTrouble:
    """Why the server ended at once. On a full disk its log can't tell, so we look ourselves."""
    reason = of_words(_words(log, start))
    if isinstance(reason, StartFailed) and shutil.disk_usage(log.parent).free < _TOO_LITTLE:
        return DiskFull(str(log.parent))
    return reason


def _words(log: Path, start: int) -> str:
    """What the server has said since `start` (bytes)."""
    with log.open("rb") as file:
        file.seek(start)
        return file.read(65_536).decode(errors="replace")


def shorten(log: Path) -> None:
    """Put a long log aside; one older one is kept, so both together stay bounded across starts."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


@contextlib.contextmanager
def vacant(data: Path, lock: Path) -> Iterator[int]:
    """A hold on `data`, had when no process of an earlier server is left; a pid file that names a stranger is dropped.

    After kill -9 of a postmaster its children live on for a moment; after kill -9 of ours the postmaster does, and its
    last act is to remove `postmaster.pid`, whosever that is by then. So the server and its children inherit the hold, a
    descriptor that has `lock` flock'ed, and keep it when ours is closed, until the last of them is gone. They are
    looked for in /proc, too: a server of an earlier release has no hold. (One in a user namespace of its own can't be
    looked into from another.) `OldServerStays` after a minute.

    A pid file outlives a machine's crash, and by then its number may be anybody's: PostgreSQL would refuse to start.
    Without /proc (macOS) PostgreSQL's own check stands alone.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _await_vacancy(data, descriptor)
        if Path("/proc/self/cwd").exists():
            (data / "postmaster.pid").unlink(missing_ok=True)
        yield descriptor
    finally:
        os.close(descriptor)


def _await_vacancy(data: Path, descriptor: int) -> None:
    deadline = time.monotonic() + _OLD_SERVER
    while (dwellers := _dwellers(data)) or not _locked(descriptor):
        if time.monotonic() > deadline:
            raise OldServerStays(f"{data}: {', '.join(map(str, dwellers)) or 'not in /proc'}")
        time.sleep(_PAUSE)


def _locked(descriptor: int) -> bool:
    """Whether the file is flock'ed by us now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _dwellers(data: Path) -> list[int]:
    """The numbers of the postgres processes whose working folder is `data`; every server's is its data folder."""
    place, found = os.path.realpath(data), []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name = (process / "comm").read_text().strip()
            if name == "postgres" and os.readlink(process / "cwd") == place:  # noqa: PTH115 - the link may dangle
                found.append(int(process.name))
    return found
