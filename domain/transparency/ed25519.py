"""Checking Ed25519 signatures in plain Python (RFC 8032 §5.1), for whoever has nothing but the standard library.

It only verifies: nothing here is secret, so nothing needs to take constant time. Signing is done elsewhere. Of the
two equations that RFC 8032 §5.1.7 allows it takes the stricter one, without the cofactor, as most libraries do.
"""

from functools import cache, lru_cache
from hashlib import sha512

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point (RFC 8032 §5.1)."""
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
"""A square root of −1."""

_Point = tuple[int, int, int, int]
"""Extended homogeneous coordinates X, Y, Z, T: x = X/Z, y = Y/Z, x × y = T/Z (RFC 8032 §5.1.4)."""

_NEUTRAL: _Point = (0, 1, 1, 0)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the holder of `public`'s over `message` (RFC 8032 §5.1.7); never raises for bad bytes."""
    if len(public) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key = _key(public)
    commitment, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    if key is None or scalar >= _L:
        return False
    challenge = int.from_bytes(sha512(commitment + public + message).digest(), "little") % _L
    # [S]B = R + [k]A, told as [S]B − [k]A = R: one encoding to compare, and R needn't be decoded.
    found = _add(_times_base(scalar), _times(challenge, _negative(key)))
    return _encoded(found) == commitment


def is_public_key(public: bytes) -> bool:
    """Whether these bytes are the encoding of a point of the curve (RFC 8032 §5.1.3)."""
    return len(public) == PUBLIC_BYTES and _key(public) is not None


@lru_cache(1000)
def _key(public: bytes) -> _Point | None:
    """The point that `public` encodes; a verifier meets few keys and many signatures."""
    return _decoded(public)


def _decoded(encoded: bytes) -> _Point | None:
    """RFC 8032 §5.1.3; None where decoding fails."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P != u:
        x = x * _ROOT % _P
        if v * x * x % _P != u:
            return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _encoded(point: _Point) -> bytes:
    """RFC 8032 §5.1.2."""
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _add(one: _Point, other: _Point) -> _Point:
    """RFC 8032 §5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _doubled(point: _Point) -> _Point:
    """RFC 8032 §5.1.4."""
    a, b = point[0] * point[0] % _P, point[1] * point[1] % _P
    c = 2 * point[2] * point[2] % _P
    h = a + b
    e = h - (point[0] + point[1]) ** 2 % _P
    g = a - b
    f = c + g
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _negative(point: _Point) -> _Point:
    return (_P - point[0], point[1], point[2], _P - point[3])


def _times(scalar: int, point: _Point) -> _Point:
    found = _NEUTRAL
    for bit in bin(scalar)[2:]:
        found = _doubled(found)
        if bit == "1":
            found = _add(found, point)
    return found


def _times_base(scalar: int) -> _Point:
    """[scalar]B, from the doubled base points that are made once."""
    found = _NEUTRAL
    for power in _base_doubled():
        if scalar & 1:
            found = _add(found, power)
        scalar >>= 1
    return found


@cache
def _base_doubled() -> tuple[_Point, ...]:
    """B, 2B, 4B … B has y = 4/5 and an even x (RFC 8032 §5.1)."""
    base = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    if base is None:
        raise AssertionError("the base point is on the curve")
    found = [base]
    while len(found) < 253:
        found.append(_doubled(found[-1]))
    return tuple(found)
