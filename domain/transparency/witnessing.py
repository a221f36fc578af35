"""What a witness is asked and how it judges (C2SP tlog-witness, add-checkpoint), without a clock, a key or a file.

The witness keeps, for each log's origin, the size and root of the largest checkpoint it has cosigned. It cosigns
what has grown from that, and nothing else; whoever rewrites a history has to find witnesses who have forgotten it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from domain.transparency import ed25519
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.checkpoint import parse as parse_checkpoint
from domain.transparency.merkle import EMPTY_ROOT, HASH_BYTES
from domain.transparency.note import (
    Note,
    NoteMalformed,
    NoteUntrusted,
    VerifierKey,
    Verify,
    decode,
    encode,
    signed_by,
)
from domain.transparency.paths import NotProved, consistent

SIZE_TYPE = "text/x.tlog.size"
MOST_HASHES = 63
"""Lines of consistency proof that a client may send."""

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Request:
    """The body of add-checkpoint: the size that the client thinks the witness knows, a proof, a checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def text(self) -> bytes:
        """The body."""
        lines = [f"old {self.old}", *(encode(each) for each in self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode("ascii") + self.checkpoint

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """The request that a body is. Raises `NoteMalformed`."""
        head, separator, checkpoint = raw.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise NoteMalformed("the lines before the checkpoint are ASCII") from error
        old = _OLD.fullmatch(first)
        if not separator or old is None:
            raise NoteMalformed("the body is an old size, a proof, an empty line and a checkpoint")
        proof = tuple(decode(line) for line in lines)
        if len(proof) > MOST_HASHES or any(len(each) != HASH_BYTES for each in proof):
            raise NoteMalformed("a consistency proof has at most 63 hashes of 32 bytes")
        return cls(int(old[1]), proof, checkpoint)


@dataclass(frozen=True, slots=True)
class Known:
    """The largest tree of a log that the witness has cosigned."""

    size: int = 0
    root: bytes = EMPTY_ROOT


NOTHING = Known()
"""Of a log never cosigned: the empty tree, which every tree is consistent with."""


@dataclass(frozen=True, slots=True)
class Cosign:
    """It may be cosigned, once this is kept."""

    checkpoint: Checkpoint
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not: the status that tlog-witness gives to this, and a sentence. At 409, `size` says what is known."""

    status: int
    sentence: str
    size: int | None = None


Verdict: TypeAlias = Cosign | Refused


@dataclass(frozen=True, slots=True)
class Opened:
    """A request whose body could be read."""

    request: Request
    checkpoint: Checkpoint
    note: Note


def opened(raw: bytes) -> Opened:
    """The request and the checkpoint in it. Raises `NoteMalformed`."""
    request = Request.parse(raw)
    checkpoint, note = parse_checkpoint(request.checkpoint)
    return Opened(request, checkpoint, note)


def judge(asked: Opened, keys: Sequence[VerifierKey], known: Known, verify: Verify = ed25519.verify) -> Verdict:
    """What tlog-witness wants done with a request, in its order.

    `keys` are those trusted for the checkpoint's origin. The caller must keep a `Cosign`'s checkpoint before it
    answers, and must let nobody else judge upon the same `known` meanwhile.
    """
    checkpoint, old = asked.checkpoint, asked.request.old
    if not keys:
        return Refused(404, "This witness doesn't know that log.")
    try:
        signed_by(asked.note, keys, verify)
    except NoteUntrusted:
        return Refused(403, "No key that this witness trusts for that log has signed the checkpoint.")
    if old > checkpoint.size:
        return Refused(400, "The old size is larger than the checkpoint's.")
    if old != known.size:
        return Refused(409, "Another size was cosigned last.", known.size)
    if old == checkpoint.size and checkpoint.root != known.root:
        return Refused(409, "Another root was cosigned at that size.", known.size)
    try:
        consistent(known.size, known.root, checkpoint.size, checkpoint.root, asked.request.proof)
    except NotProved as error:
        return Refused(422, f"The checkpoint isn't shown to continue what was cosigned: {error}.")
    return Cosign(checkpoint, asked.note.text)
