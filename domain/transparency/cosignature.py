"""Cosignatures: a witness's word that, at a time, this was the largest consistent tree it had seen of a log.

C2SP tlog-cosignature, the Ed25519 kind (`cosignature/v1`). It is a signature of a note whose bytes begin with the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.transparency import ed25519
from domain.transparency.note import COSIGNATURE, Note, Signature, SignatureWrong, VerifierKey, Verify

MOST_TIME = 2**63 - 1
_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Cosigned:
    """`key` has cosigned at `time`, in seconds since the Epoch."""

    key: VerifierKey
    time: int


def message(text: str, time: int) -> bytes:
    """What a witness signs: two lines and the checkpoint's text (tlog-cosignature, Ed25519 signed message)."""
    if not 0 <= time <= MOST_TIME:
        raise ValueError(f"{time} is no POSIX time that a cosignature can tell")
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def signature(key: VerifierKey, time: int, signed: bytes) -> Signature:
    """The line's content: the time as a big-endian u64, and the Ed25519 signature (tlog-cosignature, Format)."""
    return Signature(key.name, key.key_id, time.to_bytes(_TIME_BYTES, "big") + signed)


def cosigned_by(note: Note, keys: Iterable[VerifierKey], verify: Verify = ed25519.verify) -> list[Cosigned]:
    """Which of the witnesses `keys` have cosigned `note`, and when; nobody is no error.

    Raises `SignatureWrong` when a line names a known key and isn't that key's.
    """
    known = {(key.name, key.key_id): key for key in keys if key.kind == COSIGNATURE}
    found: dict[VerifierKey, Cosigned] = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        time, signed = int.from_bytes(line.signature[:_TIME_BYTES], "big"), line.signature[_TIME_BYTES:]
        if time > MOST_TIME or not verify(key.public, message(note.text, time), signed):
            raise SignatureWrong(f"the cosignature of {key.name}+{key.key_id.hex()} isn't over this text")
        if key not in found or found[key].time < time:
            found[key] = Cosigned(key, time)
    return list(found.values())
