"""What a witness has cosigned, on its disk: for each log the largest tree, in a file that is replaced whole.

A cosignature is worth what this directory remembers. It is locked, so that two witnesses never share it; a file that
can't be read is an error and never an empty tree; and it is on disk before a cosignature leaves the house.
"""

import fcntl
import os
import re
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from domain.transparency.witnessing import NOTHING, Known
from infra.signing.seeds import sync_directory

_KNOWN = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([0-9a-f]{64})\n")


class WitnessRuns(OSError):
    """Another witness uses this directory. Two that share a memory could cosign two histories: stop one."""


class WitnessForgot(OSError):
    """A file of what was cosigned can't be read; the message names it. Put it back from a copy: don't remove it."""


class WitnessBook:
    """The largest cosigned tree of each log, below a directory. Not for threads; the caller lets one in at a time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: BinaryIO | None = None

    def open(self) -> None:
        """Take the directory for ourselves. Raises `WitnessRuns`."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self._directory / "lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise WitnessRuns(f"{self._directory}: {WitnessRuns.__doc__}") from error
        self._lock = lock

    def close(self) -> None:
        """Give the directory back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def known(self, origin: str) -> Known:
        """What was cosigned of a log last. Raises `WitnessForgot`."""
        path = self._path(origin)
        try:
            written = path.read_text("utf-8")
        except FileNotFoundError:
            return NOTHING
        except (OSError, UnicodeDecodeError) as error:
            raise WitnessForgot(f"{path}: {error}") from error
        read = _KNOWN.fullmatch(written)
        if read is None or read[1] != origin:
            raise WitnessForgot(f"{path} isn't what it should be. {WitnessForgot.__doc__}")
        return Known(int(read[2]), bytes.fromhex(read[3]))

    def keep(self, origin: str, known: Known) -> None:
        """Remember a tree for good: a crash leaves this one or the one before."""
        path = self._path(origin)
        aside = path.with_suffix(".new")
        with aside.open("w", encoding="utf-8") as file:
            file.write(f"{origin}\n{known.size}\n{known.root.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_directory(self._directory)

    def _path(self, origin: str) -> Path:
        return self._directory / f"{sha256(origin.encode()).hexdigest()}.tree"


class LogKeyFile:
    """The logs that a witness knows: a file with a vkey a line, as `/.well-known/handschlag-log-keys` answers it.

    Lines that begin with # are passed over. It is read again when it has changed, so keys can be rotated.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._lines: list[str] = []

    def lines(self) -> list[str]:
        """The vkeys as they stand now. Raises `OSError`."""
        state = self._path.stat()
        seen = (state.st_mtime_ns, state.st_size)
        if seen != self._seen:
            told = [line.strip() for line in self._path.read_text("utf-8").splitlines()]
            self._lines = [line for line in told if line and not line.startswith("#")]
            self._seen = seen
        return self._lines
