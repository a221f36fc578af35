"""What came is checked: receipts against a log's keys, webhooks against a shared secret or our key."""

import asyncio
import base64
import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks.webhooks import Webhook

from infra.clock import now
from services.client import (
    Event,
    Handschlag,
    ReceiptWorthless,
    RecordMalformed,
    Refused,
    WebhookUntrusted,
    verify_receipt,
    verify_webhook,
)
from tests.running import RunningService
from tests.services.hall import Hall

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
SENT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
BODY = '{"data":"Ä"}'.encode()


async def _receipt(handschlag: Handschlag, position: int) -> bytes:
    """It is there within a second."""
    for _ in range(40):
        try:
            return await asyncio.to_thread(handschlag.receipt, position)
        except Refused as refused:
            if not refused.passes:
                raise
            await asyncio.sleep(0.1)
    raise AssertionError("no checkpoint covers the record")


async def test_a_receipt_proves_a_record_to_whoever_knows_the_logs_key(hall: Hall, service: RunningService) -> None:
    """Given a record and its receipt, when checked with the log's keys, then it is proved; changed or unknown, not."""
    await hall.plan()
    told = httpx2.get(f"{service.url}/.well-known/handschlag-log-keys", params={"tenant": hall.host.tenant}).text
    keys = [line for line in told.splitlines() if not line.startswith("#")]
    with Handschlag(service.url, hall.host.tenant, hall.host.keys["integrator"]) as handschlag:
        event = (await asyncio.to_thread(lambda: list(handschlag.events())))[-1]
        receipt = await _receipt(handschlag, event.position)
    proved = verify_receipt(receipt, keys)
    assert (proved.position, proved.raw, proved.origin) == (event.position, event.raw, event.origin)
    assert proved.signed_by[0] in keys
    head, _, checkpoint = receipt.partition(b"\n\n")
    lines = head.split(b"\n")
    entry = base64.b64decode(lines[1].removeprefix(b"extra ")).replace(b"host_admin", b"host_admim")
    lines[1] = b"extra " + base64.b64encode(entry)
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    name = keys[0].partition("+")[0]
    key_id = sha256(name.encode() + b"\n\x01" + stranger).digest()[:4].hex()
    for worthless, trusted in (
        (b"\n".join(lines) + b"\n\n" + checkpoint, keys),
        (receipt, [f"{name}+{key_id}+{base64.b64encode(bytes([1]) + stranger).decode()}"]),
        (receipt, []),
        (receipt[:-9], keys),
        (b"", keys),
    ):
        with pytest.raises(ReceiptWorthless):
            verify_receipt(worthless, trusted)


def _signed(secret: str, id_: str = "msg_1", sent: datetime = SENT, body: bytes = BODY) -> dict[str, str]:
    stamp = str(int(sent.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.digest(key, f"{id_}.{stamp}.".encode() + body, sha256)
    return {
        "Webhook-Id": id_,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": "v1," + base64.b64encode(made).decode(),
    }


def test_a_delivery_signed_with_our_secret_is_taken() -> None:
    """Given a delivery signed with one of two secrets, beside signatures of other kinds, then it is trusted."""
    headers = _signed(SECRET)
    headers["Webhook-Signature"] = f"v9,!!! v1,AAAA {headers['Webhook-Signature']}"
    other = "whsec_" + base64.b64encode(b"another secret, the one before it").decode()
    delivery = verify_webhook(headers, BODY, [other, SECRET], now=SENT + timedelta(seconds=299))
    assert (delivery.id, delivery.sent, delivery.body) == ("msg_1", SENT, BODY)


def test_a_delivery_signed_with_our_ed25519_key_is_taken() -> None:
    """Given a signature v1a, when the public key is known, then it is trusted; as a v1 it isn't."""
    private = Ed25519PrivateKey.generate()
    public = "whpk_" + base64.b64encode(private.public_key().public_bytes_raw()).decode()
    headers = _signed(SECRET)
    made = base64.b64encode(private.sign(f"msg_1.{headers['Webhook-Timestamp']}.".encode() + BODY)).decode()
    verify_webhook(headers | {"Webhook-Signature": f"v1a,{made}"}, BODY, [public], now=SENT)
    with pytest.raises(WebhookUntrusted):
        verify_webhook(headers | {"Webhook-Signature": f"v1,{made}"}, BODY, [public, SECRET], now=SENT)


def test_what_the_standards_own_library_signs_is_taken() -> None:
    """Given a delivery signed by the package of Standard Webhooks, then we trust it, and it trusts what we would."""
    library, sent = Webhook(SECRET), now().replace(microsecond=0)
    headers = _signed(SECRET, sent=sent)
    assert library.sign("msg_1", sent, BODY.decode()) == headers["Webhook-Signature"]
    assert library.verify(BODY, headers) == {"data": "Ä"}
    assert verify_webhook(headers, BODY, [SECRET]).body == BODY


def test_a_test_delivery_tells_of_no_record() -> None:
    """Given what somebody asked to be sent as a test, when it is trusted, then there is no event to take."""
    body = b'{"specversion":"1.0","type":"handschlag.webhook_tested.v1"}'
    assert verify_webhook(_signed(SECRET, body=body), body, [SECRET], now=SENT).event is None
    with pytest.raises(RecordMalformed):
        _ = verify_webhook(_signed(SECRET), BODY, [SECRET], now=SENT).event


@pytest.mark.parametrize(
    ("changed", "body", "late"),
    [
        ({"Webhook-Id": "msg_2"}, BODY, 0),
        ({"Webhook-Id": ""}, BODY, 0),
        ({"Webhook-Timestamp": "1e9"}, BODY, 0),
        ({"Webhook-Timestamp": str(int(SENT.timestamp()) + 1)}, BODY, 0),
        ({"Webhook-Signature": "v1,"}, BODY, 0),
        ({"Webhook-Signature": "v2,AAAA"}, BODY, 0),
        ({}, BODY + b" ", 0),
        ({}, b"", 0),
        ({}, BODY, 301),
        ({}, BODY, -301),
    ],
)
def test_whatever_was_changed_or_is_stale_is_refused(changed: dict[str, str], body: bytes, late: int) -> None:
    """Given a good delivery, when anything about it differs, or it comes too late or early, then it isn't trusted."""
    with pytest.raises(WebhookUntrusted):
        verify_webhook(_signed(SECRET) | changed, body, [SECRET], now=SENT + timedelta(seconds=late))


def test_a_delivery_without_its_headers_is_refused() -> None:
    """Given no headers of Standard Webhooks, then nothing is trusted; and a secret that is none is our mistake."""
    with pytest.raises(WebhookUntrusted, match="webhook-id"):
        verify_webhook({}, BODY, [SECRET], now=SENT)
    for none in ("whsec_", "whsec_§", "whpk_AAAA"):
        with pytest.raises(ValueError, match=r"secret|key"):
            verify_webhook(_signed(SECRET), BODY, [none], now=SENT)


@pytest.mark.parametrize("text", ["", "{}", "[]", "{", '{"position":1}', '{"position":1,"leaf_hash":"00","entry":{}}'])
def test_what_isnt_a_record_is_said_to_be_none(text: str) -> None:
    """Given something else than a record, when it is read, then that is told, and no half of an event comes."""
    with pytest.raises(RecordMalformed):
        Event.parse(text)
    with pytest.raises(RecordMalformed):
        Event.page(text)
    with pytest.raises(RecordMalformed):
        Event.from_cloudevent(text)
