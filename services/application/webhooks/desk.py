"""What owners ask of their webhooks. A host's admins look after all of its webhooks, an integrator after their own.

What is configured here stands in tables beside the log: it is no step of a negotiation, and nothing is derived from it.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.access.roles import Role
from domain.frozen import dataclass
from domain.identity import TenantId
from domain.refusal import NotThere
from domain.streaming.audience import Audience
from infra.clock import fresh_id, now
from infra.event_log.store import EventLog
from infra.streams.addresses import Reach
from infra.streams.endpoints import (
    MOST_ENDPOINTS,
    MOST_ERRANDS,
    MOST_SECRETS,
    Asked,
    Book,
    Endpoint,
    Endpoints,
    Wanted,
)
from infra.streams.keeping import SecretKeeper
from infra.streams.urls import checked
from infra.streams.webhook import Scheme, Secret
from infra.vault.vault import Vault
from services.application.asking import ANY_VERSION, WHOLE_RECORDS, Caller
from services.application.reading.trouble import NotRecordedYet
from services.application.trouble import (
    KeyReused,
    OnlyYourEdition,
    RoleNotAllowed,
    TooBusy,
    VersionMissing,
    VersionStale,
)
from services.application.turns import Turns
from services.application.webhooks.trouble import (
    AttemptWasATest,
    BeyondYourKey,
    RangeUnclear,
    TooManySecrets,
    TooManyWebhooks,
    TooMuchWaiting,
)
from services.application.webhooks.views import (
    AttemptsView,
    WebhookSecretView,
    WebhooksView,
    WebhookView,
    WebhookWaitingView,
    attempt_view,
    webhook_view,
)

OWNERS = frozenset({Role.HOST_ADMIN, Role.INTEGRATOR})
"""Who may have webhooks."""

LONGEST_RANGE = 100_000
"""Positions of one redelivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """What an owner chooses."""

    url: str
    description: str
    wanted: Wanted
    thin: bool
    rate: int


@dataclass(frozen=True, slots=True)
class Once:
    """An idempotency key, and the SHA-256 of what it is used for."""

    key: str
    request: bytes


@dataclass(frozen=True, slots=True)
class _Again:
    """The first answer to an idempotency key, once more: its secret's row is opened when the book is closed."""

    view: WebhookView
    row: Mapping[str, Any]


class Webhooks:
    """The desk of a process. `reach` says where webhooks may lead.

    One request of a host at a time holds a connection to change something, and asks for no second one meanwhile:
    the log's are few, and everybody's.
    """

    def __init__(self, log: EventLog, vault: Vault, reach: Reach) -> None:
        self._log = log
        self._endpoints = Endpoints(log.pool)
        self._keeper = SecretKeeper(vault)
        self._turns = Turns()
        self._reach = reach

    async def all(self, caller: Caller) -> WebhooksView:
        """The webhooks that the caller looks after."""
        _must_own(caller)
        head = await self._head(caller.tenant)
        async with self._endpoints.reading(caller.tenant) as book:
            mine = [endpoint for endpoint in await book.all() if _looks_after(caller, endpoint)]
            return WebhooksView(items=[await _view(book, endpoint, head) for endpoint in mine])

    async def one(self, caller: Caller, id_: str) -> WebhookView:
        """One of them."""
        _must_own(caller)
        head = await self._head(caller.tenant)
        async with self._endpoints.reading(caller.tenant) as book:
            return await _view(book, await _found(book, caller, id_), head)

    async def make(
        self, caller: Caller, once: Once, chosen: Configured, scheme: Scheme, after: int | None
    ) -> WebhookSecretView:
        """A new webhook, sent what comes after a position (None: from now on), and its secret.

        Raises `UrlUnusable`, `BeyondYourKey`, `OnlyYourEdition`, `NotRecordedYet`, `TooManyWebhooks`, `KeyReused`.
        """
        _must_own(caller)
        head = await self._head(caller.tenant)
        _must_be_recorded(after, head)
        id_, secret = fresh_id(), Secret.fresh(scheme)
        endpoint = self._chosen(caller, _new(caller, id_, head if after is None else after), chosen)
        sealed = await self._keeper.seal(caller.tenant, id_, 1, secret)
        async with self._alone(caller.tenant) as book:
            again = await _again(book, caller, once, head)
            if again is None:
                if len(await book.all()) >= MOST_ENDPOINTS:
                    raise TooManyWebhooks
                await book.add(endpoint)
                await book.add_secret(id_, 1, scheme, sealed, secret.public)
                await book.note(once.key, Asked(once.request, id_, "1"))
                return _with_secret(await _view(book, await _found(book, caller, id_), head), secret)
        return await self._told_again(caller, again)

    async def change(self, caller: Caller, id_: str, if_match: int | None, chosen: Configured) -> WebhookView:
        """Replace what is configured. Raises as `make` does."""
        async with self._changing(caller, id_, if_match) as (book, endpoint):
            changed = self._chosen(caller, endpoint, chosen)
            if await book.change(changed) is None:
                raise VersionStale(endpoint.version)
        return await self.one(caller, id_)

    async def remove(self, caller: Caller, id_: str, if_match: int | None) -> None:
        """Forget a webhook with everything that is known of it."""
        async with self._changing(caller, id_, if_match) as (book, _):
            await book.remove(id_)

    async def pause(self, caller: Caller, id_: str, if_match: int | None) -> WebhookView:
        """Send nothing until it is resumed."""
        async with self._changing(caller, id_, if_match) as (book, _):
            await book.pause(id_)
        return await self.one(caller, id_)

    async def resume(self, caller: Caller, id_: str, if_match: int | None, after: int | None) -> WebhookView:
        """Send again, at once: where it stopped, or after another position. Raises `NotRecordedYet`."""
        _must_own(caller)
        _must_be_recorded(after, await self._head(caller.tenant))
        async with self._changing(caller, id_, if_match) as (book, _):
            await book.resume(id_, after)
        self._log.wakeups.moved({caller.tenant})
        return await self.one(caller, id_)

    async def replace_secret(
        self, caller: Caller, id_: str, once: Once, scheme: Scheme, overlap: timedelta
    ) -> WebhookSecretView:
        """A new secret; those before sign beside it for `overlap`. Raises `TooManySecrets`, `KeyReused`."""
        _must_own(caller)
        secret, head = Secret.fresh(scheme), await self._head(caller.tenant)
        await self._keeper.ready(caller.tenant)
        async with self._alone(caller.tenant) as book:
            again = await _again(book, caller, once, head)
            if again is None:
                await _found(book, caller, id_)
                kept = await book.secrets(id_, now())
                if len(kept) >= MOST_SECRETS and overlap:
                    raise TooManySecrets
                number = await book.last_secret(id_) + 1
                sealed = await self._keeper.seal(caller.tenant, id_, number, secret)
                await book.add_secret(id_, number, scheme, sealed, secret.public)
                await book.expire_secrets(id_, number, now() + overlap)
                await book.note(once.key, Asked(once.request, id_, str(number)))
                return _with_secret(await _view(book, await _found(book, caller, id_), head), secret)
        return await self._told_again(caller, again)

    async def test(self, caller: Caller, id_: str, once: Once) -> WebhookWaitingView:
        """Send a test soon, whatever the webhook's state. Raises `TooMuchWaiting`, `KeyReused`."""
        return await self._wait_for(caller, id_, once, None)

    async def redeliver(self, caller: Caller, id_: str, once: Once, first: int, last: int) -> WebhookWaitingView:
        """Send records once more, before whatever is new. Raises `RangeUnclear`, `NotRecordedYet` and as `test`."""
        if not 0 <= last - first < LONGEST_RANGE:
            raise RangeUnclear
        return await self._wait_for(caller, id_, once, (first, last))

    async def redeliver_attempt(self, caller: Caller, id_: str, once: Once, number: int) -> WebhookWaitingView:
        """Send once more what was sent in an attempt. Raises `AttemptWasATest` and as `redeliver`."""
        _must_own(caller)
        async with self._endpoints.reading(caller.tenant) as book:
            await _found(book, caller, id_)
            tried = await book.attempts(id_, number + 1, 1, failed=False)
        if not tried or tried[0].number != number:
            raise NotThere
        position = tried[0].position
        if position is None:
            raise AttemptWasATest
        return await self._wait_for(caller, id_, once, (position, position))

    async def give_up(self, caller: Caller, id_: str, if_match: int | None) -> WebhookView:
        """Give up all that was to be redelivered."""
        async with self._changing(caller, id_, if_match) as (book, _):
            await book.drop_errands(id_)
        return await self.one(caller, id_)

    async def attempts(self, caller: Caller, id_: str, before: int | None, limit: int, *, failed: bool) -> AttemptsView:
        """A page of attempts, the newest first; only failed ones, if asked."""
        _must_own(caller)
        async with self._endpoints.reading(caller.tenant) as book:
            await _found(book, caller, id_)
            tried = await book.attempts(id_, 2**53 if before is None else before, limit, failed=failed)
        following = str(tried[-1].number) if len(tried) == limit else None
        return AttemptsView(items=[attempt_view(each) for each in tried], next=following)

    async def _wait_for(
        self, caller: Caller, id_: str, once: Once, between: tuple[int, int] | None
    ) -> WebhookWaitingView:
        _must_own(caller)
        head = await self._head(caller.tenant)
        if between is not None:
            _must_be_recorded(between[1], head)
        async with self._alone(caller.tenant) as book:
            known = await _known(book, once)
            if known is None:
                await _found(book, caller, id_)
                if len(await book.errands(id_)) >= MOST_ERRANDS:
                    raise TooMuchWaiting
                known = Asked(once.request, id_, fresh_id())
                await book.add_errand(id_, known.thing, between)
                await book.note(once.key, known)
                replayed = False
            else:
                replayed = True
            view = await _view(book, await _found(book, caller, known.endpoint), head)
        self._log.wakeups.moved({caller.tenant})
        return WebhookWaitingView(webhook=view, waiting=known.thing, replayed=replayed)

    @asynccontextmanager
    async def _alone(self, tenant: TenantId) -> AsyncIterator[Book]:
        """The host's webhooks while nobody else changes them. Raises `TooBusy`."""
        async with self._turns.turn(tenant, "webhooks", TooBusy), self._endpoints.changing(tenant) as book:
            yield book

    @asynccontextmanager
    async def _changing(self, caller: Caller, id_: str, if_match: int | None) -> AsyncIterator[tuple[Book, Endpoint]]:
        """The webhook at the version that the caller saw. Raises `VersionMissing`, `VersionStale`, `NotThere`."""
        _must_own(caller)
        async with self._alone(caller.tenant) as book:
            endpoint = await _found(book, caller, id_)
            if if_match is None:
                raise VersionMissing
            if if_match not in (ANY_VERSION, endpoint.version):
                raise VersionStale(endpoint.version)
            yield book, endpoint

    def _chosen(self, caller: Caller, endpoint: Endpoint, chosen: Configured) -> Endpoint:
        """The endpoint with what was chosen, if the caller may have that."""
        if not _sees(caller).includes(Audience(chosen.wanted.audience)):
            raise BeyondYourKey
        if caller.marketplace is not None and chosen.wanted.marketplace not in (None, caller.marketplace):
            raise OnlyYourEdition
        return replace(
            endpoint,
            url=checked(chosen.url, self._reach),
            description=chosen.description,
            wanted=chosen.wanted,
            thin=chosen.thin,
            rate=chosen.rate,
        )

    async def _told_again(self, caller: Caller, again: _Again) -> WebhookSecretView:
        """The first answer to an idempotency key."""
        (secret,) = await self._keeper.open(caller.tenant, again.view.id, [again.row])
        return _with_secret(again.view, secret, replayed=True)

    async def _head(self, tenant: TenantId) -> int:
        return (await self._log.head(tenant)).size


def _new(caller: Caller, id_: str, position: int) -> Endpoint:
    return Endpoint(
        tenant=caller.tenant,
        id=id_,
        version=1,
        url="",
        description="",
        member=caller.member,
        role=caller.role,
        marketplace=caller.marketplace,
        wanted=Wanted(),
        thin=False,
        rate=1,
        state="active",
        notice=None,
        noticed_at=None,
        created_at=now(),
        position=position,
        failures=0,
        failing_since=None,
        next_at=None,
        delivered_at=None,
    )


def _must_own(caller: Caller) -> None:
    if caller.role not in OWNERS:
        raise RoleNotAllowed


def _looks_after(caller: Caller, endpoint: Endpoint) -> bool:
    """A host's admins after all; an integrator after their own of that edition, as far as the key sees."""
    if not _sees(caller).includes(Audience(endpoint.wanted.audience)):
        return False
    if caller.role is Role.HOST_ADMIN and caller.marketplace is None:
        return True
    return (endpoint.member, endpoint.role, endpoint.marketplace) == (caller.member, caller.role, caller.marketplace)


def _sees(caller: Caller) -> Audience:
    """How much of the records the caller's key may read."""
    return (caller.scope or WHOLE_RECORDS).audience


def _must_be_recorded(position: int | None, head: int) -> None:
    if position is not None and position > head:
        raise NotRecordedYet(position, head)


async def _found(book: Book, caller: Caller, id_: str) -> Endpoint:
    """The webhook, if the caller looks after it: others' don't exist."""
    endpoint = await book.one(id_)
    if endpoint is None or not _looks_after(caller, endpoint):
        raise NotThere
    return endpoint


async def _known(book: Book, once: Once) -> Asked | None:
    known = await book.asked(once.key)
    if known is not None and known.request != once.request:
        raise KeyReused
    return known


async def _again(book: Book, caller: Caller, once: Once, head: int) -> _Again | None:
    """What was answered to an idempotency key, as long as the secret is there. Raises `KeyReused`, `NotThere`."""
    known = await _known(book, once)
    if known is None:
        return None
    endpoint = await _found(book, caller, known.endpoint)
    row = await book.sealed(endpoint.id, int(known.thing))
    if row is None:
        raise NotThere
    return _Again(await _view(book, endpoint, head), row)


async def _view(book: Book, endpoint: Endpoint, head: int) -> WebhookView:
    return webhook_view(endpoint, await book.secrets(endpoint.id, now()), await book.errands(endpoint.id), head)


def _with_secret(view: WebhookView, secret: Secret, *, replayed: bool = False) -> WebhookSecretView:
    """Only a shared secret is told; of an Ed25519 key the receiver needs the public half alone."""
    shared = str(secret) if secret.scheme is Scheme.HMAC else None
    return WebhookSecretView(webhook=view, secret=shared, public=secret.public, replayed=replayed)
