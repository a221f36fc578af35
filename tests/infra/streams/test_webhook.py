"""What we send is accepted by the reference library of Standard Webhooks, and by the vectors of its specification."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from infra.clock import now
from infra.streams.webhook import ID, SIGNATURE, TIMESTAMP, Scheme, Secret, SecretUnreadable, signed_headers

BODY = '{"type":"contract.certified.v1","data":{"title":"Größe – größer"}}'.encode()


def verify_ed25519(public: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify as the specification says (Verifying signatures): one `v1a` among the signatures has to be right."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    content = f"{headers[ID]}.{headers[TIMESTAMP]}.".encode() + body
    for told in headers[SIGNATURE].split(" "):
        scheme, _, signature = told.partition(",")
        if scheme == "v1a":
            try:
                key.verify(base64.b64decode(signature), content)
            except InvalidSignature:
                continue
            return True
    return False


def test_the_reference_library_accepts_what_we_sign() -> None:
    """Given a shared secret, when a message is signed, then `standardwebhooks` verifies it, told as text or bytes."""
    secret = Secret.fresh(Scheme.HMAC)
    headers = signed_headers([secret], "3f1c", now(), BODY)
    assert Webhook(str(secret)).verify(BODY, headers)["type"] == "contract.certified.v1"
    assert Webhook(secret.key).verify(BODY, headers)


def test_the_example_of_the_specification_comes_out() -> None:
    """Given the well-known example of the libraries' tests, when it is signed, then the signature is theirs."""
    secret = Secret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers == {
        ID: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        TIMESTAMP: "1614265330",
        SIGNATURE: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_every_secret_signs_while_one_is_replaced() -> None:
    """Given an old shared secret, a new one and an Ed25519 key, when signed, then whoever knows one is satisfied."""
    old, new, key = Secret.fresh(Scheme.HMAC), Secret.fresh(Scheme.HMAC), Secret.fresh(Scheme.ED25519)
    headers = signed_headers([key, new, old], "3f1c", now(), BODY)
    for secret in (old, new):
        assert Webhook(str(secret)).verify(BODY, headers)
    assert key.public is not None
    assert verify_ed25519(key.public, headers, BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(str(Secret.fresh(Scheme.HMAC))).verify(BODY, headers)
    assert not verify_ed25519(Secret.fresh(Scheme.ED25519).public or "", headers, BODY)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_changed_message_is_noticed(scheme: Scheme) -> None:
    """Given a signed message, when body, id or time are changed, then nobody takes it for ours."""
    secret = Secret.fresh(scheme)
    headers = signed_headers([secret], "3f1c", now(), BODY)
    changed = [
        (headers, BODY.replace(b"certified", b"annulled")),
        (headers | {ID: "3f1d"}, BODY),
        (headers | {TIMESTAMP: str(int(headers[TIMESTAMP]) + 1)}, BODY),
    ]
    for told, body in changed:
        if scheme is Scheme.ED25519:
            assert not verify_ed25519(secret.public or "", told, body)
        else:
            with pytest.raises(WebhookVerificationError):
                Webhook(str(secret)).verify(body, told)


def test_an_old_message_is_not_taken_again() -> None:
    """Given a message signed ten minutes ago, when it is sent again as it was, then the library refuses it."""
    secret = Secret.fresh(Scheme.HMAC)
    headers = signed_headers([secret], "3f1c", now() - timedelta(minutes=10), BODY)
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(str(secret)).verify(BODY, headers)


@given(st.sampled_from(Scheme))
def test_a_secret_is_read_as_it_is_written(scheme: Scheme) -> None:
    """Given any secret, when it is written and read, then it is the same, and its repr doesn't tell it."""
    secret = Secret.fresh(scheme)
    assert Secret.parse(str(secret)) == secret
    assert str(secret).partition("_")[2] not in repr(secret)
    assert (secret.public is None) == (scheme is Scheme.HMAC)


@pytest.mark.parametrize(
    "told",
    ["", "whsec_", "whsec_c2hvcnQ=", "whpk_" + "A" * 43 + "=", "whsk_c2hvcnQ=", "whsec_!!!", "MfKQ9r8GKYqrTwjUPD8ILPZ"],
)
def test_what_is_no_secret_is_refused(told: str) -> None:
    """Given text that is no secret, or too short a one, when it is read, then it is refused."""
    with pytest.raises(SecretUnreadable):
        Secret.parse(told)


def test_an_id_with_a_full_stop_is_refused() -> None:
    """Given an id that could move the border between id and time, when a message is to be signed, then it isn't."""
    with pytest.raises(ValueError, match="full stop"):
        signed_headers([Secret.fresh(Scheme.HMAC)], "3f1c.5", now(), BODY)
