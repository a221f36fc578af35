"""Webhooks checked by their receiver (Standard Webhooks 1.0): who sent it, that it is whole, and fresh."""

import hmac
import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from domain.transparency import ed25519
from services.client.event import Event
from services.client.trouble import ClientTrouble

TOLERANCE = 300
"""Seconds by which a delivery's time may lie off ours (Standard Webhooks, Verifying webhook authenticity)."""

TESTED = "handschlag.webhook_tested.v1"
"""The type of what somebody asked to be sent as a test."""

_SECRET, _PUBLIC = "whsec_", "whpk_"
_MOST_SIGNATURES = 20
_LONGEST_ID = 256


class WebhookUntrusted(ClientTrouble):
    """This delivery isn't from who we share a secret with, was changed, or is too old or too new. Answer 401 or 400."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that can be trusted. `id` stays the same when it is sent again: by it, take each only once."""

    id: str
    sent: datetime
    body: bytes = field(repr=False)

    @property
    def event(self) -> Event | None:
        """The record that it tells of; None for a test, which tells of none. Raises `RecordMalformed`."""
        return None if _is_test(self.body) else Event.from_cloudevent(self.body)


def verify_webhook(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Iterable[str],
    *,
    tolerance: float = TOLERANCE,
    now: datetime | None = None,
) -> Delivery:
    """Check a delivery; `body` are the bytes as they came, before anybody parsed them.

    `secrets` are yours of this subscription, several while one is replaced: `whsec_…` (HMAC-SHA256, signatures `v1`)
    and `whpk_…` (our Ed25519 public key, signatures `v1a`). One signature that fits one of them is enough. Raises
    `WebhookUntrusted`; `ValueError` when a secret of yours can't be one.
    """
    checks = [_check_by(secret) for secret in secrets]
    told = {name.lower(): value for name, value in headers.items()}
    try:
        id_, stamp, signatures = (told[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise WebhookUntrusted(f"The header {missing.args[0]} is missing.") from None
    if not 0 < len(id_) <= _LONGEST_ID:
        raise WebhookUntrusted("webhook-id can't be one.")
    sent = _sent(stamp)
    at = now or datetime.now(UTC)  # noqa: TID251 - the client stands alone, without infra's clock
    if abs((at - sent).total_seconds()) > tolerance:
        raise WebhookUntrusted(f"It was sent at {sent.isoformat()}, more than {tolerance:g} seconds from now.")
    message = b".".join((id_.encode(), stamp.encode(), body))
    given = [_split(signature) for signature in signatures.split(" ")[:_MOST_SIGNATURES]]
    # No early end: how long this takes says nothing about which secret nearly fitted.
    fits = [check(version, message, signature) for check in checks for version, signature in given]
    if not any(fits):
        raise WebhookUntrusted("No signature is by a secret of ours over this body.")
    return Delivery(id_, sent, body)


def _is_test(body: bytes) -> bool:
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("type") == TESTED


_Check = Callable[[str, bytes, bytes], bool]


def _check_by(secret: str) -> _Check:
    """How a signature is checked with this secret or key."""
    try:
        raw = b64decode(secret.removeprefix(_SECRET).removeprefix(_PUBLIC), validate=True)
    except ValueError:
        raise ValueError("a secret is whsec_ or whpk_ and base64") from None
    if secret.startswith(_PUBLIC):
        if not ed25519.is_public_key(raw):
            raise ValueError("this isn't an Ed25519 public key")
        return lambda version, message, signature: version == "v1a" and ed25519.verify(raw, message, signature)
    if not raw:
        raise ValueError("an empty secret keeps nobody out")
    return lambda version, message, signature: (
        version == "v1" and hmac.compare_digest(hmac.digest(raw, message, sha256), signature)
    )


def _split(signature: str) -> tuple[str, bytes]:
    """Version and bytes of one signature; one of another kind fits nothing, and spoils none beside it."""
    version, _, encoded = signature.partition(",")
    try:
        return version, b64decode(encoded, validate=True)
    except ValueError:
        return "", b""


def _sent(stamp: str) -> datetime:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        raise WebhookUntrusted("webhook-timestamp isn't a time in whole seconds.")
    return datetime.fromtimestamp(int(stamp), UTC)
