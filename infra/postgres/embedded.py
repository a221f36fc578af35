"""PostgreSQL embedded: our own launcher over packaged binaries, so that Python and make are all a machine needs.

Owned by whoever starts it, one per home (`<home>/postgres`, closed to others):

    lock             flock'ed while we run; the kernel frees it when we die, however we die
    server-lock      flock'ed by whoever inherited it: every process of the server; the kernel frees it with the last
    data/            the data folder (elsewhere if user namespaces are forbidden to root: see `footing`)
    passwords.json   0600, the three logins' passwords
    server.log       what PostgreSQL says; at 4 MB put aside as server.log.1 at the next start

After a crash at any point the next `start` finds its way: a half-made data folder is thrown away, half-made logins are
made again, an old server is waited for, and PostgreSQL recovers what it had confirmed.
"""

import contextlib
import fcntl
import os
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from domain.frozen import dataclass
from infra.postgres import cluster, footing, logins, server
from infra.postgres.binaries import Binaries, packaged
from infra.postgres.trouble import AlreadyRunning, NotMainThread, PortInUse, of_os_error

_FREE_PORT_TRIES = 5
_LOCK_PATIENCE = 1.0  # seconds; a killed service needs a moment to be gone


@dataclass(frozen=True, slots=True, repr=False)
class Urls:
    """How to log in, as `postgresql://login:password@address:port/database`; never shown, since they hold passwords."""

    runtime: str
    """Serves commands and queries; sees one tenant at a time."""

    owner: str
    """Owns the database and migrates it; may create roles, isn't a superuser."""

    follower: str
    """Reads every tenant's log: projector, relay, signer."""


class EmbeddedPostgres:
    """A PostgreSQL server that lives and dies with this process, its data below `home`.

    Not for two threads at once. `start` must run in the main thread: the kernel ends the server with the *thread*
    that started it.
    """

    def __init__(self, home: Path, *, port: int | None = None, binaries: Binaries | None = None) -> None:
        """`port` None: any free one on loopback. `binaries` None: the packaged ones."""
        self._home = home.expanduser().absolute()
        self._port = port
        self._binaries = binaries
        self._last_port: int | None = None
        self._lock: int | None = None
        self._server: server.Server | None = None
        self._urls: Urls | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id; None if it isn't running."""
        return self._server.pid if self._server and self._server.alive else None

    def start(self) -> Urls:
        """Start the server, or start it anew if it has died, and wait until it takes connections.

        Takes a second or two the first time, some tenths later, more after a crash. If it already runs, nothing
        happens. Raises a `PostgresTrouble`, and then nothing is left running.
        """
        if self._server and self._server.alive and self._urls:
            return self._urls
        if threading.current_thread() is not threading.main_thread():
            raise NotMainThread
        self.stop()
        try:
            self._urls = self._start()
        except OSError as error:
            self.stop()
            raise of_os_error(error, self._home) from error
        except BaseException:
            self.stop()
            raise
        return self._urls

    def stop(self) -> None:
        """Stop the server cleanly and leave the home to others. Does nothing if it isn't running."""
        if self._server:
            self._server.stop()
            self._server = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self._urls = None

    def __enter__(self) -> Urls:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> Urls:
        """In this order: the lock, the footing, the data folder, the old server's end, the logins, the server."""
        room = self._home / "postgres"
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        room.mkdir(mode=0o700, exist_ok=True)
        room.chmod(0o700)
        self._lock = _locked(room / "lock")
        place = footing.find(self._home, self._binaries or packaged())
        cluster.ensure(place)
        with server.vacant(place.data, room / "server-lock") as hold:
            passwords = logins.ensure(place, room / "passwords.json")
            server.shorten(room / "server.log")
            self._server = self._launched(place, room / "server.log", hold)
        return _urls(passwords, self._server.port)

    def _launched(self, place: footing.Footing, log: Path, hold: int) -> server.Server:
        """The server on the port asked for, or on a free one: another program may take that between look and use.

        A server that died is started anew on the port that its clients know, if that is still free.
        """
        ports = [self._port] if self._port else [self._last_port, *[None] * _FREE_PORT_TRIES]
        for wished in ports:
            port = wished or _free_port()
            with contextlib.suppress(PortInUse):
                launched = server.launch(place, port, log, hold)
                self._last_port = port
                return launched
        raise PortInUse(f"127.0.0.1:{port}")


def _locked(path: Path) -> int:
    """A descriptor that holds the lock; it isn't inherited by children. `AlreadyRunning` if another keeps it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + _LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.01)
                continue
            os.close(descriptor)
            raise AlreadyRunning(str(path.parent)) from None
        return descriptor


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _urls(passwords: Mapping[str, str], port: int) -> Urls:
    def url(login: str) -> str:
        return f"postgresql://{login}:{passwords[login]}@127.0.0.1:{port}/{logins.DATABASE}"

    return Urls(runtime=url(logins.RUNTIME), owner=url(logins.OWNER), follower=url(logins.FOLLOWER))
