"""What owners of webhooks send: no commands, since nothing of it is recorded in the log."""

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from domain.names import CLASSES
from domain.streaming.audience import Audience
from infra.streams.endpoints import Wanted
from infra.streams.urls import LONGEST
from infra.streams.webhook import Scheme
from services.api import text
from services.api.bodies.base import nfc
from services.application.webhooks.desk import Configured

MOST_TYPES = 200
LONGEST_OVERLAP = 7 * 24
FASTEST = 200

if TYPE_CHECKING:
    TypeName = str
else:
    TypeName = Literal[tuple(sorted(CLASSES))]
Position = Annotated[int, Meta(ge=0, le=2**53 - 1, description="A position in the log; 0 is before the first record.")]
SchemeName = Literal["v1", "v1a"]


class WebhookBody(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Where to send what. No `types` are all; `contract` and `marketplace` choose one; `rate` is messages a second."""

    url: Annotated[str, Meta(min_length=1, max_length=LONGEST, description="https://…, at a public address.")]
    description: Annotated[str, Meta(max_length=200, pattern=text.REMARK)] = ""
    audience: Audience = Audience.PUBLIC
    types: Annotated[list[TypeName], Meta(max_length=MOST_TYPES)] = []
    marketplace: text.Id | None = None
    contract: text.Id | None = None
    thin: bool = False
    rate: Annotated[int, Meta(ge=1, le=FASTEST)] = 50

    def configured(self) -> Configured:
        """What it chooses."""
        wanted = Wanted(
            types=tuple(sorted(set(self.types))),
            marketplace=self.marketplace,
            contract=self.contract,
            audience=self.audience.value,
        )
        return Configured(
            url=self.url, description=nfc(self.description), wanted=wanted, thin=self.thin, rate=self.rate
        )


class NewWebhookBody(WebhookBody, kw_only=True, frozen=True):
    """A new webhook, sent what comes `after` a position; without one, what comes from now on."""

    scheme: SchemeName = Scheme.HMAC.value
    after: Position | None = None


class ReplaceSecretBody(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A new secret. Those before sign beside it for so many hours; with 0 they sign nothing more."""

    scheme: SchemeName = Scheme.HMAC.value
    overlap_hours: Annotated[int, Meta(ge=0, le=LONGEST_OVERLAP)] = 24


class ResumeWebhookBody(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Where to go on: after this position, earlier or later than where it stopped; without one, where it stopped."""

    after: Position | None = None


class RedeliverBody(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Which records to send once more: from `first` to `last`, both included."""

    first: text.Position
    last: text.Position


class NothingBody(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Everything is said by the address."""
