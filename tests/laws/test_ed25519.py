"""Laws of our Ed25519: RFC 8032's own vectors, and the same verdict as a library that many eyes have seen."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.transparency.ed25519 import is_public_key, verify

VECTORS = [
    tuple(line.split(","))
    for line in """\
d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,,\
e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24\
655141438e7a100b
3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,\
92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee\
b00d291612bb0c00
fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,\
6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d\
c027beceea1ec40a
ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,\
ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e\
2a9ac94fa54ca49f,\
dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a\
d9bef1177331a704
""".splitlines()
]
"""RFC 8032 §7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc), as public key, message and signature."""

ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_rfcs_vectors(public: str, message: str, signature: str) -> None:
    """Given RFC 8032's vectors, when checked, then each holds, and with any part changed none does."""
    key, told, signed = (bytes.fromhex(text) for text in (public, message, signature))
    assert verify(key, told, signed)
    assert not verify(key, told + b"!", signed)
    assert not verify(key, told, signed[:-1] + bytes([signed[-1] ^ 1]))
    assert not verify(key, told, bytes([signed[0] ^ 1]) + signed[1:])
    assert not verify(bytes.fromhex(VECTORS[0][0] if public != VECTORS[0][0] else VECTORS[1][0]), told, signed)


def test_a_signature_has_one_form() -> None:
    """Given a good signature with the group's order added to its scalar, when checked, then it is refused (§5.1.7)."""
    key, told, signed = (bytes.fromhex(text) for text in VECTORS[1])
    scalar = int.from_bytes(signed[32:], "little") + ORDER
    assert not verify(key, told, signed[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), b"\xff" * 32, (2**255 - 19).to_bytes(32, "little"),
                                 (2).to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little")])  # fmt: skip
def test_bytes_that_are_no_point_are_no_key(key: bytes) -> None:
    """Given bytes of a wrong length, off the curve or not in canonical form, when checked, then nothing holds."""
    assert not is_public_key(key)
    assert not verify(key, b"", bytes(64))


def test_a_signature_of_a_wrong_length_is_refused() -> None:
    """Given a signature that is too short or too long, when checked, then it is refused."""
    key, told, signed = (bytes.fromhex(text) for text in VECTORS[0])
    assert not verify(key, told, signed[:-1])
    assert not verify(key, told, signed + b"\0")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 63), st.integers(0, 7), st.booleans()
)
def test_our_verdict_is_the_librarys(seed: bytes, message: bytes, at: int, bit: int, spoil: bool) -> None:
    """Given any key, message and signature, spoilt or not, when both judge, then they agree."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    signed = bytearray(private.sign(message))
    if spoil:
        signed[at] ^= 1 << bit
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(signed), message)
        theirs = True
    except InvalidSignature:
        theirs = False
    assert verify(public, message, bytes(signed)) == theirs != spoil
