"""Checkpoints: what a log says of itself at one size (C2SP tlog-checkpoint), as the text of a signed note."""

import re
from dataclasses import dataclass
from typing import Self

from domain.transparency.merkle import EMPTY_ROOT, HASH_BYTES
from domain.transparency.note import Note, NoteMalformed, decode, encode
from domain.transparency.note import parse as parse_note

MOST_LEAVES = 2**63 - 1

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
"""ASCII decimal with no leading zeroes (tlog-checkpoint, Note text)."""


class CheckpointMalformed(NoteMalformed):
    """This text isn't a checkpoint's."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log `origin` has `size` entries under `root`. We write no extension lines and keep those of others."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The lines of the note's text (tlog-checkpoint, Note text)."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), encode(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint that a note's text is. Raises `NoteMalformed`."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or not all(lines):
            raise CheckpointMalformed("a checkpoint has at least three lines, none of them empty")
        origin, size, root, *extensions = lines
        if not _SIZE.fullmatch(size) or int(size) > MOST_LEAVES:
            raise CheckpointMalformed(f"{size[:80]!r} isn't the size of a tree")
        raw = decode(root)
        if len(raw) != HASH_BYTES:
            raise CheckpointMalformed("a root has 32 bytes")
        if size == "0" and raw != EMPTY_ROOT:
            raise CheckpointMalformed("the tree without an entry has another root")
        return cls(origin, int(size), raw, tuple(extensions))


def parse(raw: bytes) -> tuple[Checkpoint, Note]:
    """The signed note and the checkpoint it holds; nobody has checked the signatures yet. Raises `NoteMalformed`."""
    note = parse_note(raw)
    return Checkpoint.parse(note.text), note
