"""Seeds of keys on disk: 32 random bytes a file, readable by us alone, never in the database.

A seed is there whole or not at all: it is written aside, synced, and then linked under its name, which fails when
another process was faster; that one's seed is then read. A crash leaves at most a file aside that nobody reads.
"""

import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from domain.transparency.note import NoteMalformed, decode, encode

SEED_BYTES = 32
_HEADER = "handschlag-seed/v1"
_NAME = re.compile(r"log-([0-9]{4})\.seed")
_FIRST = 1


class SeedUnusable(OSError):
    """A file of seeds can't be used; the message names it and says why."""


def read_seed(path: Path) -> bytes:
    """The seed in a file. Raises `SeedUnusable` when it isn't one, or when everybody may read it."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        written = file.read(200)
    if mode & stat.S_IRWXO:
        raise SeedUnusable(f"{path} may be read by everybody on this machine: chmod 600 it, and rotate the keys")
    header, _, encoded = written.decode("ascii", "replace").partition("\n")
    try:
        seed = decode(encoded.removesuffix("\n"))
    except NoteMalformed as error:
        raise SeedUnusable(f"{path} doesn't hold a seed: {error}") from error
    if header != _HEADER or len(seed) != SEED_BYTES:
        raise SeedUnusable(f"{path} doesn't hold a seed")
    return seed


def make_seed(path: Path) -> bytes:
    """The seed in `path`, made if nobody has made it yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(f"{_HEADER}\n{encode(secrets.token_bytes(SEED_BYTES))}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
    sync_directory(path.parent)
    return read_seed(path)


def sync_directory(directory: Path) -> None:
    """Let what was made or removed in a directory outlive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SeedStore:
    """The logs' seeds in one directory, numbered in the order in which they were made. Older ones may be gone."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def numbers(self) -> list[int]:
        """Which seeds are here, oldest first."""
        try:
            names = [path.name for path in self._directory.iterdir()]
        except FileNotFoundError:
            return []
        return sorted(int(named[1]) for name in names if (named := _NAME.fullmatch(name)))

    def read(self, number: int) -> bytes:
        """A seed that is here. Raises `OSError`."""
        return read_seed(self._path(number))

    def add(self, number: int | None = None) -> int:
        """Make one more seed, with the next number (or `number`, unless it is here), and answer its number."""
        here = self.numbers()
        made = number or (here[-1] + 1 if here else _FIRST)
        make_seed(self._path(made))
        return made

    def remove(self, number: int) -> None:
        """Destroy a seed: nothing is ever signed with its keys again. Raises `OSError` when it isn't here."""
        path = self._path(number)
        with path.open("r+b") as file:  # best effort: file systems and disks may keep copies
            file.write(bytes(len(file.read())))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_directory(self._directory)

    def _path(self, number: int) -> Path:
        return self._directory / f"log-{number:04}.seed"
