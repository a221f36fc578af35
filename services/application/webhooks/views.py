"""Webhooks as their owners see them."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.streaming.audience import Audience
from infra.streams.endpoints import Attempt, Endpoint, Errand
from infra.streams.keeping import KeptSecret

NOTICES = {
    "gone": "The receiver answered 410 Gone. Nothing is sent any more until you resume it.",
    "failing": "Deliveries failed for three days. Nothing is sent any more until you resume it; nothing is lost.",
    "access-withdrawn": "Whoever made it holds no key any more that may read this. Nothing is sent any more.",
}
"""What a notice says, by its lasting name."""


class SecretView(Struct, kw_only=True, frozen=True):
    """Something that signs: `v1` (HMAC-SHA256) or `v1a` (Ed25519, with its `public` key). It may have an end."""

    number: int
    scheme: str
    public: str | None
    created_at: datetime
    expires_at: datetime | None


class WaitingView(Struct, kw_only=True, frozen=True):
    """A test, or records from `first` to `last` that are sent again; they are done up to `done`."""

    id: str
    kind: str
    first: int | None
    last: int | None
    done: int | None
    asked_at: datetime


class NoticeView(Struct, kw_only=True, frozen=True):
    """Why we disabled a webhook."""

    kind: str
    sentence: str
    at: datetime


class WebhookView(Struct, kw_only=True, frozen=True):
    """A webhook: where it leads, what is sent, and how far it has come (`position`: taken, or not wanted, up to it).

    `failures` in a row since `failing_since`; the next try is at `next_at`. `behind` counts positions, wanted or not.
    """

    id: str
    version: int
    url: str
    description: str
    audience: Audience
    types: Sequence[str]
    marketplace: str | None
    contract: str | None
    thin: bool
    rate: int
    state: str
    notice: NoticeView | None
    created_at: datetime
    position: int
    behind: int
    failures: int
    failing_since: datetime | None
    next_at: datetime | None
    delivered_at: datetime | None
    secrets: Sequence[SecretView]
    waiting: Sequence[WaitingView]


class WebhooksView(Struct, kw_only=True, frozen=True):
    """The webhooks that you look after, the oldest first."""

    items: Sequence[WebhookView]


class WebhookSecretView(Struct, kw_only=True, frozen=True):
    """A webhook and its new secret, told this once: `secret` (`whsec_…`) to be kept, or a `public` key (`whpk_…`)."""

    webhook: WebhookView
    secret: str | None
    public: str | None
    replayed: bool


class WebhookWaitingView(Struct, kw_only=True, frozen=True):
    """A webhook for which something will be sent besides; its attempts will tell what became of it."""

    webhook: WebhookView
    waiting: str
    replayed: bool


class AttemptView(Struct, kw_only=True, frozen=True):
    """An attempt: `status` is the answer's, `trouble` says why there was none.

    What wasn't taken is sent again at `retry_at`. `message` is its `webhook-id`; a test has no `position`.
    """

    number: int
    at: datetime
    kind: str
    message: str
    position: int | None
    type: str
    taken: bool
    status: int | None
    trouble: str | None
    ms: int
    retry_at: datetime | None


class AttemptsView(Struct, kw_only=True, frozen=True):
    """Attempts, the newest first. `next` is the `before` of the following page, or None at the end."""

    items: Sequence[AttemptView]
    next: str | None


def webhook_view(
    endpoint: Endpoint, secrets: Sequence[KeptSecret], errands: Sequence[Errand], head: int
) -> WebhookView:
    """The view of an endpoint."""
    notice = endpoint.notice
    return WebhookView(
        id=endpoint.id,
        version=endpoint.version,
        url=endpoint.url,
        description=endpoint.description,
        audience=Audience(endpoint.wanted.audience),
        types=endpoint.wanted.types,
        marketplace=endpoint.marketplace or endpoint.wanted.marketplace,
        contract=endpoint.wanted.contract,
        thin=endpoint.thin,
        rate=endpoint.rate,
        state=endpoint.state,
        notice=None
        if notice is None or endpoint.noticed_at is None
        else NoticeView(kind=notice, sentence=NOTICES[notice], at=endpoint.noticed_at),
        created_at=endpoint.created_at,
        position=endpoint.position,
        behind=max(0, head - endpoint.position),
        failures=endpoint.failures,
        failing_since=endpoint.failing_since,
        next_at=endpoint.next_at if endpoint.state == "active" else None,
        delivered_at=endpoint.delivered_at,
        secrets=[
            SecretView(
                number=secret.number,
                scheme=secret.scheme,
                public=secret.public,
                created_at=secret.created_at,
                expires_at=secret.expires_at,
            )
            for secret in secrets
        ],
        waiting=[
            WaitingView(
                id=errand.id,
                kind=errand.kind,
                first=errand.first,
                last=errand.last,
                done=errand.done,
                asked_at=errand.created_at,
            )
            for errand in errands
        ],
    )


def attempt_view(attempt: Attempt) -> AttemptView:
    """The view of an attempt."""
    return AttemptView(
        number=attempt.number,
        at=attempt.at,
        kind=attempt.kind,
        message=attempt.message,
        position=attempt.position,
        type=attempt.type,
        taken=attempt.taken,
        status=attempt.status,
        trouble=attempt.trouble,
        ms=attempt.ms,
        retry_at=attempt.retry_at,
    )
