"""Checking Ed25519 signatures in plain Python (RFC 8032 §5.1), for whoever has nothing but the standard library.

It only verifies: nothing here is secret, so nothing needs to take constant time. Signing is done elsewhere. Of the
two equations that RFC 8032 §5.1.7 allows it takes the stricter one, without the cofactor, as most libraries do.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha512

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point (RFC 8032 §5.1)."""
_D = -121665 * pow(121666, -1, _P) % _P
_D2 = 2 * _D % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
"""A square root of −1."""

_DOUBLED = 254
"""Powers of two in which a scalar below the order can be told, when some are taken."""

_Point = tuple[int, int, int, int]
"""Extended homogeneous coordinates X, Y, Z, T: x = X/Z, y = Y/Z, x × y = T/Z (RFC 8032 §5.1.4)."""

_Ready = tuple[int, int, int, int]
"""What adding a point needs of it: Y − X, Y + X, 2Z, 2dT."""

_NEUTRAL: _Point = (0, 1, 1, 0)


@lru_cache(1000)
def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the holder of `public`'s over `message` (RFC 8032 §5.1.7); never raises for bad bytes.

    An auditor asks twice about the same: whether anybody has signed, and who.
    """
    if len(public) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key = _key(public)
    commitment, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    if key is None or scalar >= _L:
        return False
    challenge = int.from_bytes(sha512(commitment + public + message).digest(), "little") % _L
    # [S]B = R + [k]A, told as [S]B − [k]A = R: one encoding to compare, and R needn't be decoded.
    found = _multiple(challenge, _doubled_often(_negative(key)), _multiple(scalar, _base_doubled()))
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


def _ready(point: _Point) -> _Ready:
    """The point as a second summand."""
    x, y, z, t = point
    return ((y - x) % _P, (y + x) % _P, 2 * z % _P, t * _D2 % _P)


def _add(one: _Point, other: _Ready) -> _Point:
    """RFC 8032 §5.1.4."""
    a = (one[1] - one[0]) * other[0] % _P
    b = (one[1] + one[0]) * other[1] % _P
    c = one[3] * other[3] % _P
    d = one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _taken(one: _Point, other: _Ready) -> _Point:
    """`one` less `other`."""
    return _add(one, (other[1], other[0], other[2], _P - other[3]))


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


def _multiple(scalar: int, doubled: Sequence[_Ready], onto: _Point = _NEUTRAL) -> _Point:
    """[scalar]P + `onto`, from P, 2P, 4P …: points are added and taken, so that it takes a third as many as bits."""
    found = onto
    for power in doubled:
        if scalar & 3 == 3:
            found, scalar = _taken(found, power), scalar + 1
        elif scalar & 1:
            found = _add(found, power)
        scalar >>= 1
    return found


@lru_cache(16)
def _doubled_often(point: _Point) -> tuple[_Ready, ...]:
    """P, 2P, 4P …, as many as a scalar needs: made once for a key, whose signatures are many."""
    found = []
    for _ in range(_DOUBLED):
        found.append(_ready(point))
        point = _doubled(point)
    return tuple(found)


@cache
def _base_doubled() -> tuple[_Ready, ...]:
    """B, 2B, 4B … B has y = 4/5 and an even x (RFC 8032 §5.1)."""
    base = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    if base is None:
        raise AssertionError("the base point is on the curve")
    return _doubled_often(base)
