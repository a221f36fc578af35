"""Signed notes: text that keys have signed (C2SP signed-note), and the keys that check them.

Signatures go in and out as bytes: whoever holds a private key signs elsewhere. What doesn't have the one right form
(base64 with loose bits, a control character, a missing newline) is refused rather than guessed at.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self, TypeAlias

from domain.transparency import ed25519

ED25519 = 0x01
"""Ed25519 over the note's text (signed-note, Signature types)."""

COSIGNATURE = 0x04
"""A witness's timestamped Ed25519 cosignature (signed-note, Signature types)."""

MOST_SIGNATURES = 100
"""More than that nobody checks (signed-note, Format: a verifier has a limit, of at least 16)."""

_DASH = "— "
"""U+2014 and a space: how a signature line begins (signed-note, Format)."""

Verify: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""(public key, message, signature) → whether it is good. `ed25519.verify` needs nothing; others are faster."""


class NoteMalformed(ValueError):
    """These bytes aren't a signed note, or not a verifier key."""


class NoteUntrusted(Exception):
    """No key that is known has signed this note."""


class SignatureWrong(NoteUntrusted):
    """A signature names a known key and isn't that key's."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its id (4 bytes), and what the key made of the text."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {encode(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a newline, and the signatures under it."""

    text: str
    signatures: Sequence[Signature]

    def __str__(self) -> str:
        """The note as it is written: text, a blank line, signature lines."""
        return f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with a name and the kind of signatures it checks; written as a vkey."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || kind || public key)[:4] (signed-note, Signatures)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """`<name>+<key id, hex>+<base64 of kind and public key>` (signed-note, Verifier keys)."""
        return f"{self.name}+{self.key_id.hex()}+{encode(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """A vkey of one of the two kinds we know. Raises `NoteMalformed`."""
        name, _, rest = vkey.partition("+")
        key_id, _, material = rest.partition("+")
        raw = decode(material)
        if not is_name(name):
            raise NoteMalformed(f"{name!r} can't be a key's name")
        if raw[:1] not in (bytes([ED25519]), bytes([COSIGNATURE])) or not ed25519.is_public_key(raw[1:]):
            raise NoteMalformed("the key is neither for Ed25519 signatures nor for Ed25519 cosignatures")
        key = cls(name, raw[0], raw[1:])
        if key.key_id.hex() != key_id:
            raise NoteMalformed("the key's id isn't that of its name and its bytes")
        return key


def parse(raw: bytes) -> Note:
    """The note that these bytes are (signed-note, Format). Raises `NoteMalformed`."""
    try:
        written = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteMalformed("a note is UTF-8") from error
    if any(character < " " and character != "\n" for character in written):
        raise NoteMalformed("a note has no control characters but newlines")
    # The text is separated from the signatures by the last empty line (signed-note, Format).
    text, separator, lines = written.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise NoteMalformed("a note is a text, an empty line, and lines of signatures, each with its newline")
    return Note(f"{text}\n", parse_signatures(lines))


def parse_signatures(lines: str) -> list[Signature]:
    """One or more signature lines, each with its newline. Raises `NoteMalformed`."""
    if not lines.endswith("\n"):
        raise NoteMalformed("a line of a note ends with a newline")
    found = [_signature(line) for line in lines[:-1].split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise NoteMalformed(f"more than {MOST_SIGNATURES} signatures")
    return found


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_name(name):
        raise NoteMalformed(f"{line!r} isn't a line of a signature")
    raw = decode(encoded)
    if len(raw) < 5:
        raise NoteMalformed(f"{line!r} has no signature after the key's id")
    return Signature(name, raw[:4], raw[4:])


def is_name(name: str) -> bool:
    """Whether a key may be called so: UTF-8, not empty, no Unicode space, no plus, no control character."""
    surrogate = any("\ud800" <= c <= "\udfff" for c in name)
    return bool(name) and not surrogate and not any(c.isspace() or c == "+" or c < " " for c in name)


def signed_by(note: Note, keys: Iterable[VerifierKey], verify: Verify = ed25519.verify) -> list[VerifierKey]:
    """The Ed25519 keys among `keys` that have signed `note`: at least one.

    Signatures of unknown keys are ignored; one that names a known key must be right (signed-note, Signatures).
    Raises `SignatureWrong`, and `NoteUntrusted` when no known key has signed.
    """
    known = {(key.name, key.key_id): key for key in keys if key.kind == ED25519}
    found: list[VerifierKey] = []
    message = note.text.encode()
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not verify(key.public, message, signature.signature):
            raise SignatureWrong(f"the signature of {key.name}+{key.key_id.hex()} isn't over this text")
        if key not in found:
            found.append(key)
    if not found:
        raise NoteUntrusted(NoteUntrusted.__doc__)
    return found


def encode(raw: bytes) -> str:
    """Base64 of RFC 4648 §4."""
    return b64encode(raw).decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of base64 (RFC 4648 §4) in the one way that they can be written. Raises `NoteMalformed`."""
    try:
        raw = b64decode(text.encode("ascii"), validate=True)
    except (NotBase64, UnicodeEncodeError) as error:
        raise NoteMalformed(f"{text[:80]!r} isn't base64") from error
    if encode(raw) != text:
        raise NoteMalformed(f"{text[:80]!r} isn't base64 as it has to be written")
    return raw
