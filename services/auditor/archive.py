"""A ZIP as a file: what lies in it besides its members, and members that aren't files.

Programs find a ZIP's members in different ways, and pass over whatever isn't one: what is there unseen, nobody checks.
"""

import stat
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import IO
from zipfile import ZipFile, ZipInfo

_LOCAL = struct.Struct("<4s22xHH")
"""A member's own header: its mark, and how long its name and its extra field are, which follow."""
_LOCAL_MARK = b"PK\x03\x04"
_STREAMED = 0x08
"""The flag of a member whose length stands behind it."""
_BEHIND = (0, 12, 16, 20, 24)
"""How long that is: with or without a mark and a checksum, of four or eight bytes a length."""
_END = 22
_END_MARK, _NO_COMMENT = b"PK\x05\x06", b"\x00\x00"
_FOLDER = 0x10
"""The attribute of a folder on DOS."""


def is_file(member: ZipInfo) -> bool:
    """Whether a member is a regular file: no folder, link or device, in whichever way a system says that."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return kind in (0, stat.S_IFREG) and not member.filename.endswith("/") and not member.external_attr & _FOLDER


def besides(archive: ZipFile, file: IO[bytes]) -> Iterator[str]:
    """Where in the open `file` of an `archive` bytes lie that are of no member, one place a sentence."""
    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    begins = [*(member.header_offset for member in members), archive.start_dir]
    if begins[0] != 0:
        yield f"There are {begins[0]:,} bytes before the first member."
    for member, (begin, following) in zip(members, pairwise(begins), strict=True):
        rest = following - begin - _length(file, member) if 0 <= begin < following else -1
        if rest not in (_BEHIND if member.flag_bits & _STREAMED else (0,)):
            yield f"{member.filename} isn't followed by the next member at once: other bytes lie there, or it overlaps."
    if archive.comment or any(member.comment for member in members):
        yield "The archive, or a member of it, has a comment."
    elif not _ends(file):
        yield "There are bytes behind the end of the archive."


def _length(file: IO[bytes], member: ZipInfo) -> int:
    """Bytes of a member with its header; of no member, when there is no header where it should begin."""
    file.seek(member.header_offset)
    raw = file.read(_LOCAL.size)
    mark, name, extra = _LOCAL.unpack(raw) if len(raw) == _LOCAL.size else (b"", 0, 0)
    return _LOCAL.size + name + extra + member.compress_size if mark == _LOCAL_MARK else 0


def _ends(file: IO[bytes]) -> bool:
    """Whether the file's last bytes are the archive's."""
    file.seek(-_END, 2)
    raw = file.read(_END)
    return raw.startswith(_END_MARK) and raw.endswith(_NO_COMMENT)
