"""Policies and witnesses: the examples of C2SP tlog-policy and tlog-witness, and what they forbid."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import EMPTY_ROOT, leaf_hash, root_of
from domain.transparency.note import COSIGNATURE, ED25519, Note, NoteMalformed, Signature, VerifierKey
from domain.transparency.policy import Policy, PolicyMalformed
from domain.transparency.witnessing import NOTHING, Cosign, Known, Refused, Request, judge, opened

ASKED = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE\
+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovn\
zv++qbSzm9Q=
"""
"""The example of a request to add-checkpoint."""

LOG = Ed25519PrivateKey.from_private_bytes(bytes(32))
LOG_KEY = VerifierKey("example.com/log", ED25519, LOG.public_key().public_bytes_raw())
LEAVES = [leaf_hash(bytes([n])) for n in range(4)]


def witness_key(number: int) -> VerifierKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return VerifierKey(f"witness.example/{number}", COSIGNATURE, private.public_key().public_bytes_raw())


X1, X2, X3, Y1, Y2, Y3 = (witness_key(number) for number in range(1, 7))

EXAMPLE = f"""# The example of tlog-policy, its keys filled in.
log {LOG_KEY}

witness X1 {X1}
witness X2 {X2} https://witness.example/x2
 \twitness X3\t{X3}
group X-witnesses 2 X1 X2 X3

witness Y1 {Y1}
witness Y2 {Y2}
witness Y3 {Y3}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_a_policy_counts_as_it_says() -> None:
    """Given the example, when witnesses have cosigned, then two of the X and one of the Y are a quorum."""
    policy = Policy.parse(EXAMPLE.encode())
    assert [log.key for log in policy.logs] == [LOG_KEY]
    assert policy.witnesses["X2"].url == "https://witness.example/x2"
    assert policy.met_by([X1, X3, Y2])
    assert not policy.met_by([X1, Y1, Y2, Y3])
    assert not policy.met_by([X1, X2, X3])
    assert not policy.met_by([])


def test_no_quorum_and_a_single_witness() -> None:
    """Given `quorum none` or a witness's name, when judged, then nobody or that witness is enough."""
    assert Policy.parse(b"quorum none\n").met_by([])
    one = Policy.parse(f"witness W {X1}\nquorum W\n".encode())
    assert one.met_by([X1])
    assert not one.met_by([X2])
    kelvin = Policy.parse(f"witness K {X1}\nwitness \u212a {X2}\nquorum \u212a\n".encode())
    assert kelvin.met_by([X2])
    assert not kelvin.met_by([X1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum\n",
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum W\n",
        f"quorum W\nwitness W {X1}\n",
        f"witness none {X1}\nquorum none\n",
        f"witness W {LOG_KEY}\nquorum none\n",
        f"log {X1}\nquorum none\n",
        f"log {LOG_KEY}\nlog {LOG_KEY}\nquorum none\n",
        f"witness W {X1}\nwitness W {X2}\nquorum none\n",
        f"witness W {X1}\nwitness V {X1}\nquorum none\n",
        f"witness W {X1}\ngroup G 2 W\nquorum G\n",
        f"witness W {X1}\ngroup G 0 W\nquorum G\n",
        f"witness W {X1}\ngroup G 01 W\nquorum G\n",
        f"witness W {X1}\ngroup G any\nquorum W\n",
        f"witness W {X1}\ngroup G any none\nquorum W\n",
        f"witness W {X1}\ngroup G any W W\nquorum W\n",
        f"witness W {X1}\ngroup G any W\ngroup H any W\nquorum W\n",
        f"group G any W\nwitness W {X1}\nquorum W\n",
        "log nonsense\nquorum none\n",
        "rule none\nquorum none\n",
        "quorum none\r\n",
    ],
)
def test_what_isnt_a_policy_is_refused(text: str) -> None:
    """Given a file that tlog-policy forbids, when read, then it is refused."""
    with pytest.raises(PolicyMalformed):
        Policy.parse(text.encode())


def test_the_example_of_a_request_is_read_and_written_byte_for_byte() -> None:
    """Given the example of tlog-witness, when read and written, then not a byte differs."""
    found = opened(ASKED.encode())
    assert (found.request.old, len(found.request.proof)) == (20852014, 4)
    assert (found.checkpoint.size, len(found.note.signatures)) == (20852163, 2)
    assert found.request.text() == ASKED.encode()


HASH = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("old ", "new "),
        ("old 2", "old 02"),
        ("PlRN", "PlR"),
        ("\n\nexample", "\nexample"),
        ("20852163", "-1"),
        (HASH, "AAAA\n"),
        (HASH, HASH * 61),
    ],
)
def test_what_isnt_a_request_is_refused(there: str, instead: str) -> None:
    """Given a body that isn't written as tlog-witness says, when read, then it is refused."""
    with pytest.raises(NoteMalformed):
        opened(ASKED.replace(there, instead, 1).encode())


def signed(size: int, leaves: list[bytes] = LEAVES, key: Ed25519PrivateKey = LOG) -> bytes:
    text = Checkpoint(LOG_KEY.name, size, root_of(leaves[:size])).text()
    return str(Note(text, [Signature(LOG_KEY.name, LOG_KEY.key_id, key.sign(text.encode()))])).encode()


def asked(old: int, proof: list[bytes], checkpoint: bytes, known: Known, keys: tuple[VerifierKey, ...] = (LOG_KEY,)):  # type: ignore[no-untyped-def]
    return judge(opened(Request(old, tuple(proof), checkpoint).text()), keys, known)


def status(verdict: object) -> int:
    return verdict.status if isinstance(verdict, Refused) else 200


def test_a_witness_cosigns_what_has_grown() -> None:
    """Given nothing, the empty tree or a smaller tree, when a checkpoint continues it, then it may be cosigned."""
    three = Known(3, root_of(LEAVES[:3]))
    assert isinstance(asked(0, [], signed(0), NOTHING), Cosign)
    assert isinstance(asked(0, [], signed(3), NOTHING), Cosign)
    found = asked(3, [LEAVES[2], LEAVES[3], root_of(LEAVES[:2])], signed(4), three)
    assert isinstance(found, Cosign)
    assert found.checkpoint.size == 4
    assert isinstance(asked(3, [], signed(3), three), Cosign)


def test_a_witness_refuses_everything_else() -> None:
    """Given what tlog-witness forbids, when asked, then the answer is the status that it names."""
    three = Known(3, root_of(LEAVES[:3]))
    proof = [LEAVES[2], LEAVES[3], root_of(LEAVES[:2])]
    other = [*LEAVES[:2], *LEAVES[1:3]]
    assert status(asked(0, [], signed(3), NOTHING, ())) == 404
    assert status(asked(0, [], signed(3, key=Ed25519PrivateKey.generate()), NOTHING)) == 403
    assert status(asked(4, [], signed(3), three)) == 400
    assert asked(2, [], signed(3), three) == Refused(409, "Another size was cosigned last.", 3)
    assert status(asked(3, [], signed(3, other), three)) == 409
    assert status(asked(3, proof[:-1], signed(4), three)) == 422
    assert status(asked(3, proof, signed(4, other), three)) == 422
    assert status(asked(0, proof, signed(4), NOTHING)) == 422
    assert status(asked(3, [], signed(4), three)) == 422
    assert Known() == Known(0, EMPTY_ROOT)
