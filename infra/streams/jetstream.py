"""NATS JetStream as a broker: a stream for each host, so that its sequence says exactly what has arrived.

Subjects are `handschlag.<tenant>.<type>`. Every publish names the stream, its message's id and the sequence that it
expects to come behind (headers `Nats-Expected-Stream`, `Nats-Msg-Id`, `Nats-Expected-Last-Sequence`): the id holds
within the stream's deduplication window, the sequence for ever. A page is sent in one go and acknowledged one by one;
within it each message also names the one before it (`Nats-Expected-Last-Msg-Id`), so that nothing comes after a message
that was refused.

In a cluster each stream has a leader of its own, and one that too many of its servers have left answers nobody. First
its publishes time out; then it has no leader, and its state is told by somebody who may be behind (nats-server 2.9). So
a time that is over says nothing of the line: whether the server answers a ping does.

The client's own `publish_async` isn't used: it never resolves a publish that the server refuses (nats-py 2.16).
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import MaxPayloadError
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg, RetentionPolicy, StorageType, StreamInfo
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from domain.identity import EventId, TenantId
from infra.settings import NatsSettings
from infra.streams.broker import BrokerAway, BrokerRefused, End, LastMessage, Message, Overtaken, StreamSilent
from infra.streams.cloudevent import MEDIA_TYPE
from infra.streams.jetstream_credentials import Credentials

POSITION = "Handschlag-Position"
EVENT = "Handschlag-Event"

ANSWER = 10.0
"""Seconds that the server has for an answer."""

PING = 10
"""Seconds that a server has to answer a ping, when a stream didn't answer."""

CLOSING = 2.0
"""Seconds that a line has to be closed in good order."""

_WRONG_LAST = {10070, 10071}
"""Another id, another sequence."""

_NAME_IN_USE = 10058

_NO_JETSTREAM = {None, 10039, 10076}
"""Of the 503s, what is so for all streams: nobody listens, not enabled for the account, not enabled."""


def subject(tenant: TenantId, type_: str) -> str:
    """Where a host's records of a type are published; a type's dots are tokens of their own."""
    return f"handschlag.{tenant}.{type_}"


def message_id(tenant: TenantId, position: int) -> str:
    """What JetStream deduplicates by, within its window."""
    return f"{tenant}/{position}"


class JetStream:
    """An open line (`Broker`); made by `connect`."""

    def __init__(self, client: Client, settings: NatsSettings) -> None:
        self._client = client
        self._settings = settings
        self._jetstream: JetStreamContext = client.jetstream(timeout=ANSWER)
        self._inbox = client.new_inbox()
        self._numbers = itertools.count()
        self._waiting: dict[str, asyncio.Future[dict[str, Any] | None]] = {}
        self.complaint = ""
        """What the server said last without being asked: a right that is missing, for example."""

    async def listen(self) -> None:
        """Begin to hear acknowledgements."""
        await self._client.subscribe(f"{self._inbox}.*", cb=self._acknowledged)

    def hang_up(self) -> None:
        """The line is gone: nothing that is waited for will be answered."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)

    async def end(self, tenant: TenantId) -> End:
        """See `Broker`."""
        name = self._settings.stream_of(tenant)
        try:
            info = await self._stream(name, tenant)
            last = None
            if info.state.messages:
                with suppress(NotFoundError):
                    last = await self._jetstream.get_last_msg(name, ">")
        except ServiceUnavailableError as error:
            if error.err_code in _NO_JETSTREAM:
                raise BrokerAway("JetStream isn't enabled there, or not available yet.") from error
            raise StreamSilent(f"{name}: {error.description}") from error
        except APIError as error:
            raise BrokerRefused(f"{name}: {error.description}") from error
        except TimeoutError as error:
            raise await self._unanswered(name) from error
        except (nats.errors.Error, OSError) as error:
            raise self._away(error) from error
        if info.config.no_ack:
            raise BrokerRefused(f"{name} is set to acknowledge nothing (no_ack): nobody can know what has arrived.")
        if info.cluster is not None and not info.cluster.leader:
            raise StreamSilent(f"{name} has no leader: too many of the servers that keep it are away.")
        if last is None:
            return End(info.state.last_seq, None)
        return End(max(info.state.last_seq, last.seq or 0), _last_message(name, last))

    async def append(self, tenant: TenantId, after: int, messages: Sequence[Message]) -> int:
        """See `Broker`."""
        tokens = [str(next(self._numbers)) for _ in messages]
        loop = asyncio.get_running_loop()
        self._waiting |= {token: loop.create_future() for token in tokens}
        try:
            before: Message | None = None
            for expected, (token, message) in enumerate(zip(tokens, messages, strict=True), start=after):
                await self._publish(tenant, before, message, expected, f"{self._inbox}.{token}")
                before = message
            async with asyncio.timeout(ANSWER):
                answers = [await self._waiting[token] for token in tokens]
        except MaxPayloadError as error:
            most = self._client.max_payload
            raise BrokerRefused(f"A record is larger than the {most} bytes that the server takes.") from error
        except TimeoutError as error:
            raise await self._unanswered(self._settings.stream_of(tenant)) from error
        except (nats.errors.Error, OSError) as error:
            raise self._away(error) from error
        finally:
            for token in tokens:
                self._waiting.pop(token).cancel()
        for expected, answer in enumerate(answers, start=after):
            self._must_follow(expected, answer)
        return after + len(messages)

    def must_be_open(self) -> None:
        """See `Broker`."""
        if self._client.is_closed:
            raise self._away(None)

    async def _publish(
        self, tenant: TenantId, before: Message | None, message: Message, expected: int, reply: str
    ) -> None:
        """Send one message; `before` is the one that was sent just before it.

        With the sequence alone, a message could come behind what somebody else has put where `before` was to be.
        """
        headers = {
            "Nats-Msg-Id": message_id(tenant, message.position),
            "Nats-Expected-Stream": self._settings.stream_of(tenant),
            "Nats-Expected-Last-Sequence": str(expected),
            POSITION: str(message.position),
            EVENT: message.event,
            "Content-Type": MEDIA_TYPE,  # CloudEvents' NATS binding, structured mode
        }
        if before is not None:
            headers["Nats-Expected-Last-Msg-Id"] = message_id(tenant, before.position)
        await self._client.publish(subject(tenant, message.type), message.body, reply, headers)

    async def _acknowledged(self, told: Msg) -> None:
        """An answer to a publish: `{"stream", "seq"}`, `{"error"}`, or nothing when no stream listens."""
        waiting = self._waiting.get(told.subject.rpartition(".")[2])
        if waiting is not None and not waiting.done():
            waiting.set_result(json.loads(told.data) if told.data else {"error": {"description": "no stream listens"}})

    def _must_follow(self, expected: int, answer: dict[str, Any] | None) -> None:
        """Check that a message came behind the sequence that was expected. Raises what `append` does."""
        if answer is None:
            raise self._away(None)
        error = answer.get("error")
        if error is not None:
            if error.get("err_code") in _WRONG_LAST:
                raise Overtaken(error.get("description"))
            raise BrokerRefused(str(error.get("description")))
        if answer.get("seq") != expected + 1:  # a duplicate by its id, which stands elsewhere
            raise Overtaken(f"It stands at {answer.get('seq')}, and not at {expected + 1}.")

    async def _stream(self, name: str, tenant: TenantId) -> StreamInfo:
        """The stream as it is; how it was set up by somebody else is left alone."""
        try:
            return await self._jetstream.stream_info(name)
        except NotFoundError:
            try:
                return await self._make(name, tenant)
            except APIError as error:
                if error.err_code != _NAME_IN_USE:
                    raise
                return await self._jetstream.stream_info(name)

    async def _make(self, name: str, tenant: TenantId) -> StreamInfo:
        wanted = self._settings
        return await self._jetstream.add_stream(
            name=name,
            description=f"Handschlag: the records of {tenant}",
            subjects=[subject(tenant, ">")],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=wanted.replicas,
            max_age=wanted.max_age_days * 86_400,
            max_bytes=wanted.max_bytes or -1,
            duplicate_window=wanted.window,
        )

    async def _unanswered(self, name: str) -> BrokerAway | StreamSilent:
        """What it means that a stream's time is over: the ping goes behind all that was sent."""
        try:
            await self._client.rtt(PING)
        except (nats.errors.Error, OSError) as error:
            return self._away(error)
        return StreamSilent(f"{name} hasn't answered within {ANSWER:g} s, while the server does answer.")

    def _away(self, error: Exception | None) -> BrokerAway:
        told = "" if error is None else f"{type(error).__name__}: {error}"
        return BrokerAway("; ".join(each for each in (told, self.complaint) if each) or "the line is gone")


@asynccontextmanager
async def connect(settings: NatsSettings) -> AsyncIterator[JetStream]:
    """A line to one of the servers, not mended when it breaks. Raises `BrokerAway`, also when we aren't let in."""
    client = Client()
    line: JetStream | None = None

    async def complained(error: Exception) -> None:
        if line is not None:
            line.complaint = str(error)
            line.hang_up()  # a right that is missing, mostly: an answer won't come

    async def closed() -> None:
        if line is not None:
            line.hang_up()

    try:
        try:
            credentials = None if settings.credentials is None else Credentials.read(settings.credentials)
            async with asyncio.timeout(ANSWER):
                await client.connect(
                    settings.servers(),
                    name="handschlag-relay",
                    allow_reconnect=False,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0,
                    pending_size=0,  # nothing is kept for a line that isn't there; no flush waits in between
                    ping_interval=10,
                    error_cb=complained,
                    closed_cb=closed,
                    user_jwt_cb=None if credentials is None else credentials.jwt,
                    signature_cb=None if credentials is None else credentials.sign,
                )
            line = JetStream(client, settings)
            await line.listen()
        except Exception as error:  # whatever the client or a credentials file is up to: it is said, and tried again
            raise BrokerAway(f"{type(error).__name__}: {error}") from error
        yield line
    finally:
        # It fails when it never came so far as to connect, and waits without end after a handshake that failed.
        with suppress(Exception):
            async with asyncio.timeout(CLOSING):
                await client.close()


def _last_message(name: str, raw: RawStreamMsg) -> LastMessage:
    headers = raw.headers or {}
    try:
        return LastMessage(int(headers[POSITION]), EventId(headers[EVENT]))
    except (KeyError, ValueError):
        raise BrokerRefused(
            f"The last message in {name}, number {raw.seq}, isn't one of ours: keep others from publishing there."
        ) from None
