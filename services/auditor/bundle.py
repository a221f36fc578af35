"""Reading a bundle: a ZIP from somebody who isn't trusted."""

import io
import json
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import IO, Any, Self

from domain.codec import Malformed, parse
from domain.envelope import MAX_ENTRY_BYTES
from domain.transparency import bundle as members
from domain.transparency.tiles import Tile, TileMalformed, hashes_of
from services.auditor import archive

MAX_SMALL = 16 * 1024 * 1024
"""Bytes of a member that is read as a whole."""
MAX_LINE = 4 * 1024 * 1024
"""Bytes of a line; an entry has fewer."""
_CHUNK = 256 * 1024
"""Bytes of a member of lines that are read at once."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How members may be compressed: what is read piece by piece takes no more memory than a piece. Of others it does."""


class NothingToCheck(Exception):
    """What was to be checked can't be had, or isn't what it should be; the message says why."""


class CantOpen(Exception):
    """The file isn't there, or isn't a ZIP."""


class Unreadable(Exception):
    """A member of the bundle is missing or can't be read; `member` names it."""

    def __init__(self, member: str, sentence: str) -> None:
        super().__init__(sentence)
        self.member = member


class Bundle:
    """An open bundle. Use it in a `with`; raises `CantOpen`, and `Unreadable` for a member that can't be read."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = _opened(path)
            self._zip = _zip(self._file)
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise CantOpen(f"{path}: {error}") from error
        self._times = Counter(self._zip.namelist())
        self.names = frozenset(self._times)
        """The members."""
        self._measured: dict[str, tuple[int, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    def besides(self) -> Iterator[str]:
        """Where the file holds bytes that are of no member, in sentences."""
        return archive.besides(self._zip, self._file)

    def irregular(self) -> list[str]:
        """Members that aren't regular files: links, folders, devices."""
        return sorted({member.filename for member in self._zip.infolist() if not archive.is_file(member)})

    def small(self, member: str) -> bytes:
        """A member as a whole."""
        with self._open(member) as file:
            raw = self._read(member, file, MAX_SMALL + 1)
        if len(raw) > MAX_SMALL:
            raise Unreadable(member, f"{member} is larger than it can be")
        return raw

    def manifest(self) -> dict[str, Any]:
        """The manifest: canonical JSON of our format."""
        try:
            told = parse(self.small(members.MANIFEST))
        except Malformed as error:
            raise Unreadable(members.MANIFEST, f"the manifest can't be read: {error}") from error
        if not isinstance(told, dict) or told.get("format") != members.FORMAT:
            raise Unreadable(members.MANIFEST, "the manifest is of no format that this verifier knows")
        return told

    def lines(self, member: str, longest: int = MAX_LINE) -> Iterator[bytes]:
        """The lines of a member without their line feeds; the last one has to be ended, too."""
        number, rest, length, hashed = 0, b"", 0, sha256()
        with self._open(member) as file:
            while chunk := self._read(member, file, _CHUNK):
                length += len(chunk)
                hashed.update(chunk)
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole:
                    number += 1
                    if len(line) > longest + 1:
                        raise _no_line(member, number)
                    yield line
                if len(rest) > longest + 1:
                    raise _no_line(member, number + 1)
        self._measured[member] = length, hashed.hexdigest()
        if rest:
            raise _no_line(member, number + 1)

    def entries(self) -> Iterator[bytes]:
        """The entries' bytes in the order of their positions."""
        return self.lines(members.ENTRIES, MAX_ENTRY_BYTES)

    def tile(self, tile: Tile) -> bytes | None:
        """A tile of hashes; None when it isn't there."""
        name = members.tile_member(tile)
        return self.small(name) if name in self.names else None

    def hashes(self) -> Iterator[bytes]:
        """The leaf hashes as the signer has kept them: those of the tiles of level 0, in their order."""
        for index in count():
            tile = self.tile(Tile(0, index)) or self._partial(index)
            if tile is None:
                return
            try:
                yield from hashes_of(tile)
            except TileMalformed as error:
                raise Unreadable(members.tile_member(Tile(0, index)), f"{error}") from error

    def _partial(self, index: int) -> bytes | None:
        """The partial tile of level 0 at the right edge; None when the edge isn't there."""
        begin = f"{members.tile_member(Tile(0, index))}.p/"
        found = [name for name in self.names if name.startswith(begin)]
        return self.small(found[0]) if len(found) == 1 else None

    def measured(self, member: str, most: int) -> tuple[int, str]:
        """The length and SHA-256 of a member; of one that was read to its end, of what was read then.

        Beyond `most` bytes nothing is read on: then they are of the beginning, which is longer.
        """
        if member in self._measured:
            return self._measured[member]
        length, hashed = 0, sha256()
        with self._open(member) as file:
            while length <= most and (chunk := self._read(member, file, 1 << 20)):
                length += len(chunk)
                hashed.update(chunk)
        if length <= most:
            self._measured[member] = length, hashed.hexdigest()
        return length, hashed.hexdigest()

    def _open(self, member: str) -> IO[bytes]:
        if self._times[member] != 1:
            raise Unreadable(member, f"{member} isn't in the bundle, or is there twice")
        if self._zip.getinfo(member).compress_type not in _METHODS:
            raise Unreadable(member, f"{member} is compressed in a way that no bundle is")
        try:
            return self._zip.open(member)
        except _DAMAGED as error:
            raise Unreadable(member, f"{member} can't be read: {error}") from error

    def _read(self, member: str, file: IO[bytes], size: int) -> bytes:
        try:
            return file.read(size)
        except _DAMAGED as error:
            raise Unreadable(member, f"{member} is damaged: {error}") from error


class _Positioned(io.RawIOBase):
    """A file with a position of the process's own: a process and those that it forks don't move each other's."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raw = os.pread(self._file.fileno(), len(buffer), self._at)
        buffer[: len(raw)] = raw
        self._at += len(raw)
        return len(raw)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        before = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (os.fstat(self._file.fileno()).st_size if before is None else before)
        return self._at

    def close(self) -> None:
        self._file.close()
        super().close()


def _opened(path: Path) -> IO[bytes]:
    return io.BufferedReader(_Positioned(path), _CHUNK) if hasattr(os, "pread") else path.open("rb")


def _zip(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive in an open file, which is closed when it holds none."""
    try:
        return zipfile.ZipFile(file)
    except BaseException:
        file.close()
        raise


_DAMAGED = (
    zlib.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
)


def _no_line(member: str, number: int) -> Unreadable:
    return Unreadable(member, f"line {number} of {member} is too long or isn't ended")


def told_line(member: str, line: bytes) -> Any:
    """A line of JSON; raises `Unreadable` for anything but canonical JSON."""
    try:
        return parse(line)
    except (Malformed, json.JSONDecodeError) as error:
        raise Unreadable(member, f"a line of {member} can't be read: {error}") from error
