"""Receipts: an entry's place under a checkpoint, as one text that can be checked offline (C2SP tlog-proof)."""

import re
from dataclasses import dataclass
from typing import Self

from domain.transparency.checkpoint import MOST_LEAVES, Checkpoint
from domain.transparency.checkpoint import parse as parse_checkpoint
from domain.transparency.merkle import HASH_BYTES
from domain.transparency.note import Note, NoteMalformed, decode, encode
from domain.transparency.paths import included

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class ProofMalformed(NoteMalformed):
    """These bytes aren't a tlog-proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Leaf `index` (position − 1) and the hashes that lead from it to the root of a checkpoint.

    `checkpoint` is the signed note verbatim. `extra` isn't vouched for by anybody: our receipts keep the entry's own
    bytes there, from which the leaf hash is computed, so a changed entry doesn't lead to the root.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def text(self) -> bytes:
        """The file (tlog-proof, Format)."""
        lines = [HEADER, *([] if self.extra is None else [f"extra {encode(self.extra)}"]), f"index {self.index}"]
        lines += [encode(each) for each in self.hashes]
        return "".join(f"{line}\n" for line in (*lines, "")).encode("ascii") + self.checkpoint

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """The proof that these bytes are. Raises `NoteMalformed`; whether it proves anything is asked afterwards."""
        head, separator, checkpoint = raw.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise ProofMalformed("a proof's lines are ASCII") from error
        if not separator or lines.pop(0) != HEADER:
            raise ProofMalformed(f"a proof begins with {HEADER}, and a checkpoint follows after an empty line")
        extra = decode(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if index is None or int(index[1]) >= MOST_LEAVES:
            raise ProofMalformed("a proof says at which index its entry is")
        hashes = tuple(decode(line) for line in lines)
        if len(hashes) > MOST_HASHES or any(len(each) != HASH_BYTES for each in hashes):
            raise ProofMalformed("a proof has at most 63 hashes of 32 bytes")
        parse_checkpoint(checkpoint)
        return cls(int(index[1]), hashes, checkpoint, extra)

    def proves(self, leaf: bytes) -> tuple[Checkpoint, Note]:
        """Check that leaf hash `leaf` stands at `index` under the checkpoint, and answer that.

        Raises `NotProved`. The checkpoint's signatures are still to be checked: without that, nothing is proved.
        """
        checkpoint, note = parse_checkpoint(self.checkpoint)
        included(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint, note
