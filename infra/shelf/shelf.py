"""Files that are made once and handed out often, in a folder: nobody sees one before it is whole.

A file is written as `TENANT.….part`, locked by whoever writes it, and renamed when it is whole and on disk. Its name
says whose it is, of which size, and the SHA-256 of its bytes, so that it is known again after a restart. A crash leaves
a part that nobody has locked: `sweep` removes it. Who reads a file while it is removed reads it to its end.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.clock import fresh_id, now
from infra.signing.seeds import sync_directory

_NAME = re.compile(r"([a-z0-9-]{1,63})\.(0|[1-9][0-9]{0,18})\.([0-9a-f]{64})\.zip")

_YOUNG = 60.0
"""Seconds in which a part may be there and not yet be locked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole file: whose, of how many records, the SHA-256 (hex) of its bytes, how many they are, and since when."""

    path: Path
    tenant: TenantId
    size: int
    sha256: str
    length: int
    made_at: float


@dataclass(frozen=True, slots=True)
class Part:
    """A file that is being written."""

    path: Path
    file: BinaryIO


class Shelf:
    """The files of a folder. Everything here may wait for the disk: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self, tenant: TenantId) -> list[Kept]:
        """What is there of a host, the newest first."""
        return sorted((kept for kept in self._all() if kept.tenant == tenant), key=lambda kept: -kept.made_at)

    @contextmanager
    def part(self, tenant: TenantId) -> Iterator[Part]:
        """A fresh part to write; what isn't put on the shelf is removed at the end."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{tenant}.{fresh_id()}.part"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield Part(path, file)
        finally:
            path.unlink(missing_ok=True)

    def put(self, part: Part, tenant: TenantId, size: int) -> Kept:
        """The part is whole: bring it to disk, and give it its name."""
        part.file.flush()
        os.fsync(part.file.fileno())
        part.file.seek(0)
        hashed = _digest(part.file)
        path = self._folder / f"{tenant}.{size}.{hashed}.zip"
        part.path.replace(path)
        sync_directory(self._folder)
        told = path.stat()
        return Kept(path, tenant, size, hashed, told.st_size, told.st_mtime)

    def room(self) -> int:
        """Bytes that are free where the folder is."""
        return shutil.disk_usage(self._folder).free

    def thin(self, tenant: TenantId, most: int) -> None:
        """Keep the newest `most` files of a host."""
        for kept in self.all(tenant)[most:]:
            kept.path.unlink(missing_ok=True)

    def sweep(self, older_than: timedelta) -> int:
        """Remove what is older, and parts that nobody writes any more; answers how many."""
        oldest = now().timestamp() - older_than.total_seconds()
        gone = [kept.path for kept in self._all() if kept.made_at < oldest]
        gone += [path for path in self._listed("*.part") if _abandoned(path)]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _all(self) -> Iterator[Kept]:
        return (kept for path in self._listed("*.zip") if (kept := _kept(path)) is not None)

    def _listed(self, pattern: str) -> list[Path]:
        return list(self._folder.glob(pattern)) if self._folder.is_dir() else []


def _digest(file: BinaryIO) -> str:
    hashed = sha256()
    while chunk := file.read(1 << 20):
        hashed.update(chunk)
    return hashed.hexdigest()


def _kept(path: Path) -> Kept | None:
    """What a file's name says; None for another file, and for one that is gone meanwhile."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return Kept(path, TenantId(named[1]), int(named[2]), named[3], told.st_size, told.st_mtime)


def _abandoned(path: Path) -> bool:
    """Whether whoever began this part is gone."""
    try:
        with path.open("rb") as file:
            if now().timestamp() - path.stat().st_mtime < _YOUNG:
                return False
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return False
    return True
