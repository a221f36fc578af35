"""Writing a ZIP member by member: bytes in, length and SHA-256 out, nothing of it kept in memory.

Compressing takes time, so long members are written in a thread: the loop that asks goes on answering others.
"""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from typing import IO

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every member's time: the same history gives the same bytes."""


class Member:
    """A member that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hashed = sha256()
        self.length = 0

    def write(self, raw: bytes) -> None:
        """Append bytes."""
        self._file.write(raw)
        self._hashed.update(raw)
        self.length += len(raw)

    @property
    def sha256(self) -> str:
        """The hash of what was written, in lower-case hex."""
        return self._hashed.hexdigest()


class SlowMember:
    """A member that is written in a thread."""

    def __init__(self, member: Member) -> None:
        self._member = member

    async def write(self, raw: bytes) -> None:
        """Append bytes. Who is cancelled waits for the thread: nobody closes a file that is being written."""
        writing = asyncio.ensure_future(asyncio.to_thread(self._member.write, raw))
        try:
            await asyncio.shield(writing)
        finally:
            await asyncio.wait({writing})


class Archive:
    """A ZIP over a writable file, which needs no seeking. `told` is what the manifest says of its members."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.told: dict[str, dict[str, object]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        """Write a member; it is named in `told` once it is whole."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            member = Member(file)
            yield member
        self.told[name] = {"length": member.length, "sha256": member.sha256}

    @asynccontextmanager
    async def slowly(self, name: str) -> AsyncIterator[SlowMember]:
        """Write a long member, in a thread."""
        with self.member(name) as member:
            yield SlowMember(member)

    def put(self, name: str, raw: bytes) -> None:
        """Write a small member at once."""
        with self.member(name) as member:
            member.write(raw)

    def close(self) -> None:
        """Write the directory; the file stays the caller's."""
        self._zip.close()

    def abandon(self) -> None:
        """Write no directory: what is there so far is no ZIP."""
        self._zip.fp = None
