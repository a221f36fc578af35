"""What the log holds instead of a personal value: a salted commitment that reveals nothing and can be opened.

The salt (256 random bits for each value) stands in the vault alone. Destroying it makes the commitment
meaningless while every proof over the log still verifies (DESIGN §4, Personal data).
"""

import hmac

SALT_BYTES = 32
_DOMAIN = b"handschlag/sealed/v1"
"""Keeps these HMACs apart from whatever else might ever be computed under such a salt."""


def commitment(salt: bytes, value: str, field: str) -> str:
    """HMAC-SHA-256(salt, domain || 0x00 || field || 0x00 || value) (RFC 2104) in lower-case hex.

    `field` is an ASCII name without U+0000, so the parts can't run into each other; `value` is UTF-8.
    Raises `ValueError` for a salt that isn't 32 bytes or a field that is no such name.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, this one {len(salt)}")
    if not field or not field.isascii() or "\x00" in field:
        raise ValueError(f"{field!r} is not an ASCII field name")
    return hmac.digest(salt, b"\x00".join((_DOMAIN, field.encode(), value.encode())), "sha256").hex()


def opens(committed: str, salt: bytes, value: str, field: str) -> bool:
    """Whether `committed` is the commitment to `value` (compared in constant time)."""
    return hmac.compare_digest(committed, commitment(salt, value, field))
