"""What the auditor brings along: keys that shall be trusted, a policy of witnesses, and evidence kept from before."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from domain.frozen import dataclass
from domain.transparency import checkpoint as checkpoints
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import leaf_hash
from domain.transparency.note import Note, NoteMalformed, NoteUntrusted, VerifierKey, signed_by
from domain.transparency.paths import NotProved
from domain.transparency.policy import Policy
from domain.transparency.proof import HEADER, Proof
from domain.transparency.replay import Finding

MAX_HELD = 1024 * 1024
"""Bytes of a piece of evidence."""


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint that the auditor kept, or a receipt: its file, what was signed, and the note it came in.

    A receipt also keeps an entry's `position` and `entry` bytes; that they lead to its checkpoint has been checked.
    """

    file: str
    checkpoint: Checkpoint
    note: Note
    position: int | None = None
    entry: bytes | None = None

    @classmethod
    def read(cls, path: Path) -> "Held":
        """Read a kept checkpoint or receipt. Raises `OSError`, and `NoteMalformed` for anything else."""
        with path.open("rb") as file:
            raw = file.read(MAX_HELD + 1)
        if len(raw) > MAX_HELD:
            raise NoteMalformed("this is too large for a checkpoint or a receipt")
        if raw.startswith(HEADER.encode()):
            return cls._receipt(path.name, raw)
        found, note = checkpoints.parse(raw)
        return cls(path.name, found, note)

    @classmethod
    def _receipt(cls, file: str, raw: bytes) -> "Held":
        receipt = Proof.parse(raw)
        if receipt.extra is None:
            raise NoteMalformed(f"{file} keeps no entry: the proof alone says nothing of a record")
        try:
            found, note = receipt.proves(leaf_hash(receipt.extra))
        except NotProved as error:
            raise NoteMalformed(f"{file} proves nothing: {error}") from error
        return cls(file, found, note, receipt.index + 1, receipt.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Pinned keys (without any, nothing is verified, only found consistent), a policy, and kept checkpoints.

    `disclosed` is a file of values with their salts.
    """

    keys: tuple[VerifierKey, ...] = ()
    policy: Policy | None = None
    held: tuple[Held, ...] = ()
    disclosed: Path | None = None


def check_signature(note: Note, keys: Sequence[VerifierKey], of: str) -> Iterator[Finding]:
    """A note bears the signature of one of the log's keys."""
    try:
        signed_by(note, keys)
    except NoteUntrusted as error:
        yield Finding("signature-missing", None, f"No trusted key has signed {of}: {error}.")


def check_held(
    held: Held, keys: Sequence[VerifierKey], size: int, root: bytes | None, kept_entry: bytes | None
) -> Iterator[Finding]:
    """The history goes on from a kept checkpoint, and a receipt's record is the one that stands there.

    `root` is what the checkpoint's first entries give, None where there are fewer; `kept_entry` stands at the
    receipt's position.
    """
    yield from check_signature(held.note, keys, f"the checkpoint in {held.file}")
    kept = held.checkpoint
    if root is None:
        said = f"{held.file} is of {kept.size} records, this history has only {size}: records are missing at its end."
        yield Finding("shorter-than-held", size + 1, said)
    elif root != kept.root:
        said = f"The first {kept.size} records aren't those of the checkpoint in {held.file}: history was rewritten."
        yield Finding("history-rewritten", None, said)
    if held.position is not None and kept_entry is not None and kept_entry != held.entry:
        said = f"The record of the receipt in {held.file} is another one by now."
        yield Finding("receipt-differs", held.position, said)
