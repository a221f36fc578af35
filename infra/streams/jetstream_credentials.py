"""Credentials files of NATS: a user's JWT and the seed that signs the server's nonce, each between marked lines.

A seed is base32 of two bytes that say what it is, 32 bytes of Ed25519 seed, and a CRC-16/XMODEM, little-endian
(github.com/nats-io/nkeys). The packages that read them aren't kept up or come without wheels; this is all they'd do.
"""

import base64
import binascii
import re
from dataclasses import field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.frozen import dataclass

_PART = r"-----BEGIN {0}-----\s*(\S+)\s*------?END {0}------?"
_JWT = re.compile(_PART.format("NATS USER JWT"))
_SEED = re.compile(_PART.format("USER NKEY SEED"))
_LENGTH = 2 + 32 + 2
_SEED_PREFIX = 18 << 3
_USER_PREFIX = 20 << 3


class CredentialsUnusable(ValueError):
    """The credentials file isn't one, or not a user's; the message says what is wrong, never what stands in it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are at a NATS server."""

    _jwt: bytes = field(repr=False)
    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a credentials file, anew for each connection. Raises `OSError`, `CredentialsUnusable`."""
        text = path.read_text("ascii", errors="replace")
        jwt, seed = _JWT.search(text), _SEED.search(text)
        if jwt is None or seed is None:
            raise CredentialsUnusable(f"{path} holds no user's JWT and seed: it isn't a NATS credentials file.")
        return cls(jwt[1].encode(), _key(seed[1], path))

    def jwt(self) -> bytes:
        """What the operator's account says about us."""
        return self._jwt

    def sign(self, nonce: str) -> bytes:
        """The signature over the server's nonce, in base64."""
        return base64.b64encode(self._key.sign(nonce.encode()))


def _key(seed: str, path: Path) -> Ed25519PrivateKey:
    try:
        raw = base64.b32decode(seed + "=" * (-len(seed) % 8))
    except binascii.Error:
        raise CredentialsUnusable(f"{path}: the seed isn't base32.") from None
    if len(raw) != _LENGTH or binascii.crc_hqx(raw[:-2], 0) != int.from_bytes(raw[-2:], "little"):
        raise CredentialsUnusable(f"{path}: the seed isn't whole.")
    kind = (raw[0] & 0x07) << 5 | raw[1] >> 3
    if raw[0] & 0xF8 != _SEED_PREFIX or kind != _USER_PREFIX:
        raise CredentialsUnusable(f"{path}: the seed isn't a user's.")
    return Ed25519PrivateKey.from_private_bytes(raw[2:-2])
