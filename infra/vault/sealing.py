"""AES-256-GCM as the vault uses it (NIST SP 800-38D): what is sealed opens at its own place and nowhere else.

A box is a nonce of 96 random bits and the ciphertext with its tag. The associated data says what the box is and where
it belongs, so that a box that is moved to another tenant, person, event or field, or changed in one bit, doesn't open.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.identity import EventId, PersonId, TenantId
from domain.transparency.commitment import SALT_BYTES
from infra.vault.trouble import VaultDamaged

KEY_BYTES = 32
SEALING = "aes-256-gcm.v1"
"""The name under which a row says how its value is sealed."""

_NONCE_BYTES = 12


def fresh_key() -> bytes:
    """A key of 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(master: bytes, place: bytes, key: bytes) -> bytes:
    """`key` under `master`; `place` says whose key it is."""
    return _seal(master, b"handschlag/vault/key/v1\x00" + place, key)


def unwrap(master: bytes, place: bytes, wrapped: bytes) -> bytes:
    """The key that `wrap` was given; raises `VaultDamaged`."""
    return _open(master, b"handschlag/vault/key/v1\x00" + place, wrapped)


def seal(key: bytes, place: bytes, salt: bytes, value: str) -> bytes:
    """A value and the salt of its commitment under a person's key; `place` says what it is a value of."""
    return _seal(key, b"handschlag/vault/value/v1\x00" + place, salt + value.encode())


def unseal(key: bytes, place: bytes, sealed: bytes) -> tuple[bytes, str]:
    """The salt and the value that `seal` was given; raises `VaultDamaged`."""
    plain = _open(key, b"handschlag/vault/value/v1\x00" + place, sealed)
    return plain[:SALT_BYTES], plain[SALT_BYTES:].decode()


def seal_secret(key: bytes, place: bytes, secret: str) -> bytes:
    """A secret that signs webhooks, under a key of the host's own; `place` says whose secret it is."""
    return _seal(key, b"handschlag/streams/secret/v1\x00" + place, secret.encode())


def unseal_secret(key: bytes, place: bytes, sealed: bytes) -> str:
    """The secret that `seal_secret` was given; raises `VaultDamaged`."""
    return _open(key, b"handschlag/streams/secret/v1\x00" + place, sealed).decode()


def place_of_person(tenant: TenantId, person: PersonId) -> bytes:
    """Whose key it is. The parts hold no U+0000, so they can't run into each other."""
    return _joined("person", tenant, person)


def place_of_tenant(tenant: TenantId, purpose: str, period: int) -> bytes:
    """A host's own key for a purpose in a period."""
    return _joined("tenant", tenant, purpose, str(period))


def place_of_value(tenant: TenantId, person: PersonId, event: EventId, field: str) -> bytes:
    """What a value is of."""
    return _joined(tenant, person, event, field)


def place_of_secret(tenant: TenantId, endpoint: str, number: int) -> bytes:
    """Which of an endpoint's secrets it is."""
    return _joined(tenant, endpoint, str(number))


def _joined(*parts: str) -> bytes:
    return b"\x00".join(part.encode() for part in parts)


def _seal(key: bytes, associated: bytes, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, associated)


def _open(key: bytes, associated: bytes, box: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], associated)
    except (InvalidTag, ValueError):
        raise VaultDamaged(VaultDamaged.__doc__) from None
