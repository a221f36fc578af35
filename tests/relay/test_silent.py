"""A stream that doesn't answer, as one of a cluster that too many of its servers have left: its host alone waits."""

import json
from collections.abc import AsyncIterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.msg import Msg
from structlog.testing import capture_logs

from domain.identity import EventId, TenantId
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.settings import NatsSettings
from infra.streams.broker import BrokerAway, Message, StreamSilent
from infra.streams.jetstream import connect
from tests.conftest import DatabaseUrls, new_tenant
from tests.relay.broker import NatsServer, jetstream, kept, nats_server, needs_nats
from tests.relay.relaying import a_relay, holds_every_record_once, relayed_to, running, tracked, until, write

pytestmark = needs_nats

MESSAGES = [Message(at, EventId(f"event-{at}"), "test.noted.v1", b"{}") for at in (1, 2)]


@asynccontextmanager
async def silent(server: NatsServer, settings: NatsSettings, *tenants: TenantId) -> AsyncIterator[None]:
    """Streams that say where they end, and don't acknowledge: somebody else gets their messages, who says nothing."""
    client = await nats.connect(server.url)
    try:
        for tenant in tenants:
            await client.subscribe(f"handschlag.{tenant}.>")
            await client.jetstream().add_stream(name=settings.stream_of(tenant), subjects=[f"elsewhere.{tenant}"])
        await client.flush()
        yield
    finally:
        await client.close()


async def answers(server: NatsServer, settings: NatsSettings, tenant: TenantId) -> None:
    """The stream takes its host's messages now."""
    async with jetstream(server) as context:
        await context.update_stream(name=settings.stream_of(tenant), subjects=[f"handschlag.{tenant}.>"])


async def test_a_stream_that_acknowledges_nothing_is_told_from_a_line_that_is_gone(
    broker: NatsServer, nats_settings: NatsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a stream that doesn't answer, then that is said of it; the line is as good as before for others."""
    host, other = TenantId(f"t-{fresh_id()}"), TenantId(f"t-{fresh_id()}")
    async with silent(broker, nats_settings, host), connect(nats_settings) as line:
        await line.end(host)
        await line.end(other)
        monkeypatch.setattr("infra.streams.jetstream.ANSWER", 1.0)
        with pytest.raises(StreamSilent, match=nats_settings.stream_of(host)):
            await line.append(host, 0, MESSAGES)
        monkeypatch.undo()
        assert await line.append(other, 0, MESSAGES) == 2
        line.must_be_open()


async def test_a_server_that_answers_no_ping_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a server that stands still, when messages are sent or an end is asked for, then the broker is away."""
    monkeypatch.setattr("infra.streams.jetstream.ANSWER", 3.0)
    monkeypatch.setattr("infra.streams.jetstream.PING", 1)
    host = TenantId("essen")
    with nats_server(tmp_path) as server:
        settings = NatsSettings(url=server.url)
        async with connect(settings) as one, connect(settings) as other:
            await one.end(host)
            server.stand_still()
            with pytest.raises(BrokerAway):
                await one.append(host, 0, MESSAGES)
            with pytest.raises(BrokerAway):
                await other.end(host)


LEADERLESS = {"error": {"code": 503, "err_code": 10008, "description": "JetStream system temporarily unavailable"}}
"""What nats-server 2.9 says of a stream's last message when no server leads it."""


@pytest.mark.parametrize("answer", [None, LEADERLESS, "no leader"], ids=["nothing", "unavailable", "no leader"])
async def test_a_stream_whose_end_nobody_knows_is_silent(
    answer: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a cluster in which no server leads a stream, when its end is asked for, then it is the stream's trouble.

    What is told of such a stream's state may be old, and isn't believed.
    """
    monkeypatch.setattr("infra.streams.jetstream.ANSWER", 3.0)
    host, other = TenantId("essen"), TenantId("bonn")
    asked = {"$JS.API.STREAM.INFO.handschlag-essen": "cluster.info"}
    (tmp_path / "nats.conf").write_text(f"mappings = {json.dumps(asked)}\n")
    with nats_server(tmp_path, "-c", str(tmp_path / "nats.conf")) as server:
        client = await nats.connect(server.url)
        told = answer
        if answer == "no leader":
            context = client.jetstream()
            await context.add_stream(name="as-one", subjects=["as.one"])
            info = await client.request("$JS.API.STREAM.INFO.as-one", b"", timeout=30)
            told = json.loads(info.data) | {"cluster": {"name": "c", "replicas": []}}

        async def tell(request: Msg) -> None:
            if told is not None:
                await request.respond(json.dumps(told).encode())

        await client.subscribe("cluster.info", cb=tell)
        await client.flush()
        async with connect(NatsSettings(url=server.url)) as line:
            with pytest.raises(StreamSilent):
                await line.end(host)
            await line.end(other)
            assert await line.append(other, 0, MESSAGES) == 2
        await client.close()


async def test_nobody_waits_for_a_host_whose_stream_is_being_waited_for(
    relayed: DatabaseUrls, log: EventLog, broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given several streams that don't answer, then the others' records come, page by page.

    Whoever waits does so for longer than this test.
    """
    hosts = [await new_tenant(relayed) for _ in range(6)]
    other = await new_tenant(relayed)
    async with silent(broker, nats_settings, *hosts):
        for each in (*hosts, other):
            await write(log, each, 20)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("infra.streams.jetstream.ANSWER", 600.0)
            async with running(a_relay(relayed, log, nats_settings)):
                await relayed_to(relayed, other, 20)
                await write(log, other, 20)
                await relayed_to(relayed, other, 40)
    await holds_every_record_once(log, other, await kept(broker, nats_settings.stream_of(other)))


async def test_a_silent_streams_host_is_put_off_and_goes_on_when_it_answers(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a stream that doesn't answer, then its host's trouble is noted, and no session ends; the others go on.

    When it answers again, every record is there once and the trouble is over.
    """
    other = await new_tenant(relayed)
    await write(log, other, 30)
    with capture_logs() as said:
        async with silent(broker, nats_settings, tenant), running(a_relay(relayed, log, nats_settings)):
            await relayed_to(relayed, other, 30)
            monkeypatch.setattr("infra.streams.jetstream.ANSWER", 1.0)
            await write(log, tenant, 30)
            await until(lambda: _in_trouble(relayed, tenant, "hasn't answered"))
            await until(lambda: _said(said, "relay.silent", times=3))
            await write(log, other, 30)
            await relayed_to(relayed, other, 60)
            assert (await tracked(relayed, tenant))["position"] == 0
            await answers(broker, nats_settings, tenant)
            await relayed_to(relayed, tenant, 30)
            await until(lambda: _in_trouble(relayed, tenant, "None"))
    for each in (tenant, other):
        await holds_every_record_once(log, each, await kept(broker, nats_settings.stream_of(each)))
    assert [line["event"] for line in said].count("relay.connected") == 1
    assert not any(line["event"] == "relay.broker_away" for line in said)


async def test_a_line_on_which_no_stream_answers_is_made_anew(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a server that answers pings alone, as one that is cut off from its cluster, then another line is tried."""
    monkeypatch.setattr("services.relay.jetstream._SILENCE", 0.1)
    with capture_logs() as said:
        async with silent(broker, nats_settings, tenant), running(a_relay(relayed, log, nats_settings)):
            await until(lambda: _said(said, "relay.connected"))
            monkeypatch.setattr("infra.streams.jetstream.ANSWER", 1.0)
            await write(log, tenant, 5)
            await until(lambda: _said(said, "relay.broker_away"))
    assert any("no stream has answered" in str(line.get("error")) for line in said)


async def _in_trouble(urls: DatabaseUrls, tenant: TenantId, word: str) -> bool:
    return word in str((await tracked(urls, tenant)).get("trouble"))


async def _said(said: Sequence[MutableMapping[str, Any]], event: str, times: int = 1) -> bool:
    return [line["event"] for line in said].count(event) >= times
