"""What the signer remembers outside the database: for each log, the size and root it has signed last.

Whoever owns the database can put its tables back to what they were yesterday, the signer's own among them, and let it
sign another history from there. This file, beside the keys, is what tells. A line is appended and synced before a
checkpoint is stored, so a crash leaves a promise that nobody has seen, never a promise that is forgotten; the next run
checks that the log still keeps it.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.signing.seeds import sync_directory

_LINE = re.compile(r"([a-z0-9-]{1,63}) ([0-9]{1,19}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Promise:
    """The log has this root at this size, for ever."""

    size: int
    root: bytes


class MemoryUnusable(OSError):
    """The file of what was signed last can't be read; the message says where."""


class Memory:
    """The promises in a file, newest last. One process at a time uses it: the one that signs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._promises: dict[TenantId, Promise] = {}
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Read what is remembered, and write it anew without what is outdated. Raises `OSError`."""
        self.close()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._promises = _read(self._path)
        aside = self._path.with_suffix(".new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_lines(self._promises.items()))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)
        sync_directory(self._path.parent)
        self._file = self._path.open("ab")

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def get(self, tenant: TenantId) -> Promise | None:
        """What was promised of a log."""
        return self._promises.get(tenant)

    def promise(self, promises: Iterable[tuple[TenantId, Promise]]) -> None:
        """Remember, for good, before anybody is told."""
        if self._file is None:
            raise ValueError("this memory isn't open")
        told = list(promises)
        self._file.write(_lines(told))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._promises.update(told)


def _read(path: Path) -> dict[TenantId, Promise]:
    try:
        written = path.read_text("ascii")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise MemoryUnusable(f"{path} isn't a list of what was signed last") from error
    found: dict[TenantId, Promise] = {}
    # A crash may leave half a line at the end: what it was to promise hasn't been told to anybody.
    for number, line in enumerate(written.split("\n")[:-1], start=1):
        read = _LINE.fullmatch(line)
        if read is None:
            raise MemoryUnusable(f"{path}, line {number}: this isn't a log with its size and root")
        found[TenantId(read[1])] = Promise(int(read[2]), bytes.fromhex(read[3]))
    return found


def _lines(promises: Iterable[tuple[TenantId, Promise]]) -> bytes:
    return "".join(f"{tenant} {of.size} {of.root.hex()}\n" for tenant, of in promises).encode("ascii")
