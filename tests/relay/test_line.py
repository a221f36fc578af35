"""The line to JetStream: messages come behind the end that is named, or not at all."""

import asyncio
import shutil
from pathlib import Path

import pytest

from domain.identity import EventId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.settings import NatsSettings
from infra.streams.broker import BrokerAway, BrokerRefused, End, LastMessage, Message, Overtaken
from infra.streams.jetstream import connect
from tests.conftest import DatabaseUrls
from tests.relay.broker import NatsServer, jetstream, kept, nats_server, needs_nats
from tests.relay.conftest import Beyond
from tests.relay.relaying import a_relay, holds_every_record_once, relayed_to, running, until, write

pytestmark = needs_nats


def a_host() -> TenantId:
    return TenantId(f"t-{fresh_id()}")


def messages(first: int, last: int, body: bytes = b"{}") -> list[Message]:
    return [Message(at, EventId(f"event-{at}"), "test.noted.v1", body) for at in range(first, last + 1)]


async def test_who_was_overtaken_is_refused(nats_settings: NatsSettings, beyond_the_window: Beyond) -> None:
    """Given two relays that both believe to be the one, when both append behind one end, then the later is refused.

    And so is everything that was to come after it. Within the window the same records at the same place are
    acknowledged once more: they are there.
    """
    host = a_host()
    async with connect(nats_settings) as one, connect(nats_settings) as other:
        assert await one.end(host) == End(0, None)
        assert await other.end(host) == End(0, None)
        assert await one.append(host, 0, messages(1, 3)) == 3
        assert await other.append(host, 0, messages(1, 3)) == 3
        await beyond_the_window.wait()
        with pytest.raises(Overtaken):
            await other.append(host, 0, messages(1, 3))
        with pytest.raises(Overtaken):
            await other.append(host, 2, messages(4, 9))
        assert await other.end(host) == End(3, LastMessage(3, EventId("event-3")))


async def test_a_message_that_is_too_large_is_refused_and_nothing_comes_after_it(
    broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given a message over the server's limit between others, then the ones before it arrive and none behind it."""
    host = a_host()
    too_large = messages(2, 2, b" " * (2**20 + 1))
    async with connect(nats_settings) as line:
        await line.end(host)
        with pytest.raises(BrokerRefused, match="larger"):
            await line.append(host, 0, [*messages(1, 1), *too_large, *messages(3, 3)])
        await until(lambda: _ends_at(line_settings=nats_settings, host=host, sequence=1))
    assert [message.position for message in await kept(broker, nats_settings.stream_of(host))] == [1]


async def _ends_at(line_settings: NatsSettings, host: TenantId, sequence: int) -> bool:
    async with connect(line_settings) as line:
        return (await line.end(host)).sequence == sequence


async def test_a_stream_that_the_operator_made_is_used_as_it_is(
    broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given a stream of the operator's, then it is left as it is; one that never acknowledges is refused."""
    host, silent = a_host(), a_host()
    async with jetstream(broker) as context:
        await context.add_stream(name=nats_settings.stream_of(host), subjects=[f"handschlag.{host}.>"], max_msgs=2)
        await context.add_stream(name=nats_settings.stream_of(silent), subjects=[f"handschlag.{silent}.>"], no_ack=True)
        async with connect(nats_settings) as line:
            await line.end(host)
            assert await line.append(host, 0, messages(1, 5)) == 5
            with pytest.raises(BrokerRefused, match="no_ack"):
                await line.end(silent)
        config = (await context.stream_info(nats_settings.stream_of(host))).config
    assert config.max_msgs == 2
    assert [message.position for message in await kept(broker, nats_settings.stream_of(host))] == [4, 5]


async def test_whoever_waits_on_a_line_that_breaks_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given messages under way, when the server is killed, then the wait for them ends long before its deadline."""
    monkeypatch.setattr("infra.streams.jetstream.ANSWER", 600.0)
    host = a_host()
    with nats_server(tmp_path) as server:
        async with connect(NatsSettings(url=server.url)) as line:
            await line.end(host)
            sending = asyncio.create_task(_send_without_end(line.append, host))
            await asyncio.sleep(0.2)
            server.kill()
            with pytest.raises(BrokerAway):
                await asyncio.wait_for(sending, 60)
        with pytest.raises(BrokerAway):
            await _come(server)


async def _send_without_end(append: object, host: TenantId) -> None:
    after = 0
    while callable(append):
        after = await append(host, after, messages(after + 1, after + 50))


async def _come(server: NatsServer) -> None:
    async with connect(NatsSettings(url=server.url)):
        pass


async def test_a_broker_that_lost_the_end_of_its_streams_gets_it_again(
    relayed: DatabaseUrls, log: EventLog, tenant: TenantId, tmp_path: Path
) -> None:
    """Given a server whose store was put back to an earlier copy, when it is up again, then every record is there once.

    Nothing new has to be recorded for that: a relay that connects looks at every stream's end.
    """
    with nats_server(tmp_path) as server:
        settings = NatsSettings(url=server.url, window=0.2)
        async with running(a_relay(relayed, log, settings)):
            await write(log, tenant, 12)
            await relayed_to(relayed, tenant, 12)
            server.kill()
            shutil.copytree(tmp_path / "nats", tmp_path / "copy")
            server.start()
            await write(log, tenant, 9)
            await relayed_to(relayed, tenant, 21)
            server.kill()
            shutil.rmtree(tmp_path / "nats")
            (tmp_path / "copy").rename(tmp_path / "nats")
            server.start()
            await until(lambda: _keeps(server, settings.stream_of(tenant), 21))
        await holds_every_record_once(log, tenant, await kept(server, settings.stream_of(tenant)))


async def _keeps(server: NatsServer, stream: str, number: int) -> bool:
    return len(await kept(server, stream)) >= number
