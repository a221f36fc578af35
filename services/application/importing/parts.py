"""The parts of an XLSX workbook, an archive from somebody who isn't trusted, as the library that reads them asks."""

import io
import zipfile
from typing import IO

MAX_UNPACKED = 16 * 1024 * 1024
"""Bytes that all parts of a workbook may come to."""
MAX_PARTS = 500
MAX_HANDED_OUT = 3 * MAX_UNPACKED
"""Bytes of parts that are handed out in all: a workbook may name one of them as a sheet, and another, and again."""
MAX_SIGNS = 1_000_000
"""Signs of XML, `<` and `=`, that are handed out in all."""
MAX_SIGNS_OF_CELLS = 250_000
"""Signs of a part with cells or words: a filled cell has seven. What is made of them is a hundred times as large."""
MAX_SIGNS_OF_OTHERS = 50_000
"""Signs of a part that is read as a whole: styles above all."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the other methods the standard library unpacks everything before it cuts it off."""


class TooMuch(Exception):
    """The workbook holds, or makes one hold, more than its rows can be worth."""


class Damaged(Exception):
    """A part isn't what a workbook's part is."""


class Parts:
    """An archive of which no part gives more than its directory says, and all of them no more than they may.

    Raises `TooMuch` at once for an archive that says too much, and `Damaged` for one that is packed in another way.
    """

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self.filename = self._zip.filename
        self._bytes, self._signs = MAX_HANDED_OUT, MAX_SIGNS
        parts = self._zip.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise TooMuch
        if any(part.compress_type not in _METHODS for part in parts):
            raise Damaged

    def namelist(self) -> list[str]:
        """The names of the parts."""
        return self._zip.namelist()

    def read(self, name: str) -> bytes:
        """A part that is read as a whole. Raises `KeyError`, `TooMuch` and `Damaged`, and what `zipfile` raises."""
        return self._taken(name, MAX_SIGNS_OF_OTHERS)

    def open(self, name: str, _mode: str = "r") -> IO[bytes]:
        """A part with cells or words, which is read along. Raises as `read` does."""
        return io.BytesIO(self._taken(name, MAX_SIGNS_OF_CELLS))

    def close(self) -> None:
        """Nothing is read any more."""
        self._zip.close()

    def _taken(self, name: str, most: int) -> bytes:
        part = self._zip.getinfo(name)
        self._bytes -= part.file_size
        if self._bytes < 0:
            raise TooMuch
        with self._zip.open(part) as file:
            raw = file.read(part.file_size)  # without a number it would unpack everything before it cuts it off
        if b"\x00" in raw or b"<!DOCTYPE" in raw:
            raise Damaged
        signs = raw.count(b"<") + raw.count(b"=")
        self._signs -= signs
        if signs > most or self._signs < 0:
            raise TooMuch
        return raw
