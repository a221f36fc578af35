"""Standard Webhooks: secrets as they are written, and the headers by which a receiver knows that a message is ours.

The specification, version 1.0.0, is at standardwebhooks.com; section names below are its own. A message is signed with
every secret that an endpoint has at the time, so that one can be replaced while the receiver still knows the other.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.frozen import dataclass

SYMMETRIC_BYTES = 32
_LEAST, _MOST = 24, 64
_SEED_BYTES = 32

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"


class Scheme(StrEnum):
    """How messages are signed: HMAC-SHA256 with a shared secret, or Ed25519 (RFC 8032) with a key that only we have."""

    HMAC = "v1"
    ED25519 = "v1a"


class SecretUnreadable(ValueError):
    """A text isn't a secret of Standard Webhooks."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What signs: HMAC's shared secret (24 to 64 bytes), or the 32-byte seed of an Ed25519 key."""

    scheme: Scheme
    key: bytes

    @classmethod
    def fresh(cls, scheme: Scheme) -> Self:
        """A random one."""
        return cls(scheme, secrets.token_bytes(SYMMETRIC_BYTES if scheme is Scheme.HMAC else _SEED_BYTES))

    @classmethod
    def parse(cls, told: str) -> Self:
        """Read `whsec_…` or `whsk_…` (Signature scheme). Raises `SecretUnreadable`."""
        prefix, _, encoded = told.partition("_")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if prefix == "whsec" and _LEAST <= len(key) <= _MOST:
            return cls(Scheme.HMAC, key)
        if prefix == "whsk" and len(key) == _SEED_BYTES:
            return cls(Scheme.ED25519, key)
        raise SecretUnreadable(SecretUnreadable.__doc__)

    def __str__(self) -> str:
        """`whsec_…`, which the receiver needs too, or `whsk_…`, which nobody else gets."""
        return f"{'whsec' if self.scheme is Scheme.HMAC else 'whsk'}_{base64.b64encode(self.key).decode()}"

    def __repr__(self) -> str:
        """Without what must not stand in a log."""
        return f"Secret({self.scheme})"

    @property
    def public(self) -> str | None:
        """`whpk_…`, by which anybody can verify; None for a shared secret."""
        if self.scheme is Scheme.HMAC:
            return None
        raw = Ed25519PrivateKey.from_private_bytes(self.key).public_key().public_bytes_raw()
        return f"whpk_{base64.b64encode(raw).decode()}"

    def signature(self, content: bytes) -> str:
        """`v1,…` or `v1a,…` over the content (Signature scheme)."""
        if self.scheme is Scheme.HMAC:
            raw = hmac.digest(self.key, content, "sha256")
        else:
            raw = Ed25519PrivateKey.from_private_bytes(self.key).sign(content)
        return f"{self.scheme},{base64.b64encode(raw).decode()}"


def signed_headers(keys: Sequence[Secret], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers (Webhook headers): `at` is when this attempt is made, the id the same for every attempt.

    Raises `ValueError` for an id with a full stop in it: it would let one message pass for another.
    """
    if "." in message_id:
        raise ValueError("a message's id has no full stop")
    moment = str(int(at.timestamp()))
    content = b".".join((message_id.encode(), moment.encode(), body))
    return {ID: message_id, TIMESTAMP: moment, SIGNATURE: " ".join(key.signature(content) for key in keys)}
