"""One endpoint's deliveries, one message after the other: tests, what is asked for again, and the records as they come.

A message that isn't taken holds up what comes after it, for this endpoint alone: so a receiver sees the positions in
their order, and may know by the largest one what it has had. What waits costs nobody anything but a row.

Order: a message is sent, its answer judged, and only then the cursor moved; a crash between sends it once more.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Protocol

import structlog

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.streams.deliveries import DeliveryStore, Loaded, Try
from infra.streams.endpoints import Endpoint, Errand
from infra.streams.keeping import SecretKeeper
from infra.streams.retrying import next_try, retry_after
from infra.streams.sending import Sender, SendingFailed
from infra.streams.webhook import Secret, signed_headers

PAGE = 20
"""Records looked at for messages at a time; while one message fails, it is made alone."""

FRESH = 5.0
"""Seconds after which an endpoint is looked at anew between two messages: its maker's access may be gone."""

MEDIA_TYPE = "application/cloudevents+json; charset=UTF-8"
AGENT = "Handschlag-Webhooks/1"

GONE = "gone"
FAILING = "failing"
WITHDRAWN = "access-withdrawn"
"""Notices: why an endpoint was disabled."""

AT_ONCE, SLOW_AT_ONCE = 256, 64
"""Requests under way at the same time: to receivers that answered quickly the last time, and to the others."""

_SLOW_OF_A_TENANT = 4
"""Of these others, those of one tenant. Its quick ones are bounded by the number of its endpoints."""

_SLOW = 2.0
"""Seconds after which an answer isn't quick."""

_log = structlog.get_logger(__name__)
_random = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent: a CloudEvent's bytes, its id and type, and its record's position (None for a test)."""

    id: str
    type: str
    position: int | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in the order of their positions; the log was looked through up to `reached`."""

    messages: Sequence[Message]
    reached: int


class Source(Protocol):
    """Where an endpoint's messages come from."""

    async def batch(self, endpoint: Endpoint, after: int, most: int) -> Batch:
        """What the endpoint is to get of the records after a position."""

    async def test(self, endpoint: Endpoint, errand: Errand, at: datetime) -> Message:
        """A message that stands for no record."""


class Turns:
    """Who may send now. One a process.

    Receivers that failed or were slow the last time wait in a line of their own, so that those that hang take no turn
    from those that answer.
    """

    def __init__(self) -> None:
        self._quick = asyncio.Semaphore(AT_ONCE)
        self._slow = asyncio.Semaphore(SLOW_AT_ONCE)
        self._tenants: dict[TenantId, asyncio.Semaphore] = {}
        self._were_slow: set[tuple[TenantId, str]] = set()

    @asynccontextmanager
    async def turn(self, tenant: TenantId, endpoint: str, *, failing: bool) -> AsyncIterator[None]:
        """One request's turn."""
        lane = tenant, endpoint
        async with AsyncExitStack() as stack:
            if failing or lane in self._were_slow:
                own = self._tenants.setdefault(tenant, asyncio.Semaphore(_SLOW_OF_A_TENANT))
                await stack.enter_async_context(own)
                await stack.enter_async_context(self._slow)
            else:
                await stack.enter_async_context(self._quick)
            clock = asyncio.get_running_loop().time
            begun = clock()
            yield
            if clock() - begun > _SLOW:
                self._were_slow.add(lane)
            else:
                self._were_slow.discard(lane)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What all lanes of a process share. `entitled` says whether an endpoint's maker may still be told."""

    store: DeliveryStore
    source: Source
    sender: Sender
    keeper: SecretKeeper
    turns: Turns
    entitled: Callable[[Endpoint], Awaitable[bool]]
    clock: Callable[[], datetime]


class Lane:
    """One endpoint's lane. `run` until there is nothing to send, or it has to wait."""

    def __init__(self, tools: Tools, tenant: TenantId, id_: str) -> None:
        self._tools = tools
        self._tenant = tenant
        self._id = id_
        self._failures = 0
        self._failing_since: datetime | None = None
        self._sent_at = 0.0
        self._fresh_until = 0.0
        self._secrets: tuple[int, list[tuple[Secret, datetime | None]]] = 0, []

    async def run(self) -> None:
        """Send until there is nothing more to send just now."""
        while True:
            found = await self._tools.store.load(self._tenant, self._id, self._tools.clock())
            if found is None or not await self._go_on(found):
                return

    async def _go_on(self, found: Loaded) -> bool:
        """Do one thing; True when it is worth looking again."""
        endpoint = found.endpoint
        self._failures, self._failing_since = endpoint.failures, endpoint.failing_since
        self._fresh_until = asyncio.get_running_loop().time() + FRESH
        test = next((errand for errand in found.errands if errand.kind == "test"), None)
        if test is not None:
            await self._test(found, test)
            return True
        if endpoint.state != "active" or (endpoint.next_at or self._tools.clock()) > self._tools.clock():
            return False
        if not await self._tools.entitled(endpoint):
            await self._tools.store.disable(endpoint, WITHDRAWN, self._tools.clock())
            self._say_disabled(WITHDRAWN)
            return False
        if found.errands:
            return await self._redeliver(found, found.errands[0])
        return await self._deliver(found)

    async def _deliver(self, found: Loaded) -> bool:
        """A batch of what comes after the cursor."""
        endpoint, at = found.endpoint, found.endpoint.position
        batch = await self._tools.source.batch(endpoint, at, self._most())
        for message in batch.messages:
            if at > endpoint.position and self._is_stale():
                return True
            position = message.position or 0
            made = await self._send(found, message, "delivery")
            if not made.taken:
                return False
            version = await self._tools.store.taken(endpoint, at, position, made)
            if version != endpoint.version:
                return version is not None
            at = position
        if batch.reached > at:
            await self._tools.store.passed(endpoint, at, batch.reached)
        return batch.reached > endpoint.position

    async def _redeliver(self, found: Loaded, errand: Errand) -> bool:
        """A batch of what was asked for once more."""
        endpoint, begun, last = found.endpoint, errand.done or 0, errand.last or 0
        at = begun
        batch = await self._tools.source.batch(endpoint, begun, self._most())
        for message in batch.messages:
            position = message.position or 0
            if position > last:
                break
            if at > begun and self._is_stale():
                return True
            made = await self._send(found, message, "redelivery")
            if not made.taken:
                return False
            version = await self._tools.store.redelivered(endpoint, errand, position, made)
            if version != endpoint.version:
                return True
            at = position
        # A log that doesn't reach so far any more was put back: what isn't there can't be sent.
        reached = batch.reached if batch.reached > begun else last
        await self._tools.store.redelivered(endpoint, errand, min(reached, last), None)
        return True

    def _most(self) -> int:
        """How many records to make messages of: while it fails, one is tried."""
        return 1 if self._failures else PAGE

    def _is_stale(self) -> bool:
        """Whether the endpoint has to be looked at again before anything more is sent."""
        return asyncio.get_running_loop().time() > self._fresh_until

    async def _test(self, found: Loaded, errand: Errand) -> None:
        message = await self._tools.source.test(found.endpoint, errand, self._tools.clock())
        made, _ = await self._attempt(found, message, "test")
        await self._tools.store.tested(found.endpoint, errand, made)

    async def _send(self, found: Loaded, message: Message, kind: str) -> Try:
        """One attempt; when it fails, what follows of it is kept, and the lane has to wait."""
        made, asked = await self._attempt(found, message, kind)
        if made.taken:
            self._failures, self._failing_since = 0, None
            return made
        since = self._failing_since or made.at
        following = next_try(self._failures + 1, since, self._tools.clock(), asked, _random.random())
        notice = GONE if made.status == 410 else FAILING if following is None else None
        made = replace(made, retry_at=None if notice else following)
        await self._tools.store.failed(found.endpoint, made, notice)
        if notice is not None:
            self._say_disabled(notice)
        return made

    async def _attempt(self, found: Loaded, message: Message, kind: str) -> tuple[Try, timedelta | None]:
        """Sign and send; what came of it, and what `Retry-After` asks for."""
        endpoint = found.endpoint
        await self._open(found)
        await self._keep_pace(endpoint.rate)
        async with self._tools.turns.turn(self._tenant, self._id, failing=self._failures > 0):
            at, begun = self._tools.clock(), asyncio.get_running_loop().time()
            secrets = [secret for secret, end in self._secrets[1] if end is None or end > at]
            signed = signed_headers(secrets, message.id, at, message.body)
            headers = {"Content-Type": MEDIA_TYPE, "User-Agent": AGENT, **signed}
            status, trouble, asked = None, None, None
            try:
                answer = await self._tools.sender.post(endpoint.url, headers, message.body)
                status, asked = answer.status, retry_after(answer.retry_after, self._tools.clock())
            except SendingFailed as failed:
                trouble = failed.kind
            took = asyncio.get_running_loop().time() - begun
        made = Try(
            at=at,
            kind=kind,
            message=message.id,
            position=message.position,
            type=message.type,
            taken=status is not None and 200 <= status < 300,
            status=status,
            trouble=trouble,
            ms=round(took * 1000),
        )
        return made, asked

    async def _open(self, found: Loaded) -> None:
        """Open the secrets; they stay what they are as long as the endpoint's version does."""
        version = found.endpoint.version
        if self._secrets[0] != version:
            opened = await self._tools.keeper.open(self._tenant, self._id, found.secrets)
            ends = [row["expires_at"] for row in found.secrets]
            self._secrets = version, list(zip(opened, ends, strict=True))

    async def _keep_pace(self, rate: int) -> None:
        """At most `rate` messages a second, also when there is much to catch up with."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max(0.0, self._sent_at + 1 / rate - clock()))
        self._sent_at = clock()

    def _say_disabled(self, notice: str) -> None:
        _log.error("webhook.disabled", tenant=self._tenant, endpoint=self._id, notice=notice)
