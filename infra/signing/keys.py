"""Keys that sign for logs, made from seeds: one seed for the service, one Ed25519 key for every log's origin.

A log's key is HKDF-SHA256 (RFC 5869) of the seed with the origin as info. So a new host needs no new file, a backup of
the keys is one small file, and no two logs share a public key (which C2SP tlog-policy forbids within one policy).
"""

from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.frozen import dataclass
from domain.transparency import cosignature
from domain.transparency.note import COSIGNATURE, ED25519, Signature, VerifierKey
from infra.signing.seeds import SeedStore

_INFO = b"handschlag/log-key/v1\x00"
"""Keeps these keys apart from whatever else might ever be made from such a seed."""

_HELD = 20_000
"""Keys kept in hand: several seeds for 5,000 logs."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and how verifiers know it."""

    verifier: VerifierKey
    private: Ed25519PrivateKey = field(repr=False)

    def sign(self, text: str) -> Signature:
        """The signature line's content under a note's text (signed-note, Ed25519 signatures)."""
        return Signature(self.verifier.name, self.verifier.key_id, self.private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> Signature:
        """A witness's line under a checkpoint's text, at `time` (tlog-cosignature)."""
        return cosignature.signature(self.verifier, time, self.private.sign(cosignature.message(text, time)))


def log_key(seed: bytes, origin: str) -> SigningKey:
    """The key with which the log `origin` signs under a seed; its name is the origin (tlog-checkpoint, Signatures)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO + origin.encode()).derive(seed)
    return _key(origin, ED25519, derived)


def witness_key(seed: bytes, name: str) -> SigningKey:
    """The key with which the witness `name` cosigns: the seed itself, since a witness has one name."""
    return _key(name, COSIGNATURE, seed)


def _key(name: str, kind: int, seed: bytes) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return SigningKey(VerifierKey(name, kind, private.public_key().public_bytes_raw()), private)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """`domain.transparency.ed25519.verify`, a hundred times as fast."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class LogKeys:
    """The keys of every log under the seeds that are here. `look` again now and then: an operator may rotate them."""

    def __init__(self, seeds: SeedStore) -> None:
        self.store = seeds
        self._seeds: dict[int, bytes] = {}
        self._keys = lru_cache(_HELD)(self._made)

    def look(self) -> Sequence[int]:
        """The numbers of the seeds that are here now, oldest first. Raises `OSError` when one can't be read."""
        numbers = self.store.numbers()
        for number in set(numbers) - self._seeds.keys():
            self._seeds[number] = self.store.read(number)
        for number in self._seeds.keys() - set(numbers):
            del self._seeds[number]
            self._keys.cache_clear()
        return numbers

    def keys(self, origin: str) -> list[SigningKey]:
        """The keys of the log `origin`, one for each seed, oldest first."""
        return [self._keys(number, origin) for number in sorted(self._seeds)]

    def _made(self, number: int, origin: str) -> SigningKey:
        return log_key(self._seeds[number], origin)
