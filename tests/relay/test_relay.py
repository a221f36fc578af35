"""Every position once in the stream, whatever was lost on the way."""

import asyncio
from dataclasses import replace

from domain.identity import TenantId
from domain.streaming.audience import Audience
from infra.event_log.store import EventLog
from infra.settings import NatsSettings
from infra.streams.relayed import NAME
from tests.conftest import DatabaseUrls, new_tenant
from tests.relay.broker import NatsServer, jetstream, kept, needs_nats
from tests.relay.conftest import Beyond
from tests.relay.relaying import a_relay, ask, holds_every_record_once, relayed_to, running, tracked, until, write

pytestmark = needs_nats


async def test_records_arrive_in_order_as_cloudevents(
    relayed: DatabaseUrls, log: EventLog, tenant: TenantId, broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given records before and after the relay's start, then the host's stream holds each once, by subject and id."""
    await write(log, tenant, 30)
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 30)
        await write(log, tenant, 12)
        await relayed_to(relayed, tenant, 42)
    messages = await kept(broker, nats_settings.stream_of(tenant))
    await holds_every_record_once(log, tenant, messages)
    assert [message.sequence for message in messages] == list(range(1, 43))


async def test_the_window_is_really_over(
    broker: NatsServer, nats_settings: NatsSettings, beyond_the_window: Beyond
) -> None:
    """Given an id that the server recognises, when the window is over, then it takes the same id again.

    So what the other tests find to be once is not once thanks to the window.
    """
    async with jetstream(broker) as context:
        await context.add_stream(name="window", subjects=["window"], duplicate_window=nats_settings.window)
        headers = {"Nats-Msg-Id": "essen/1"}
        assert (await context.publish("window", b"", headers=headers)).seq == 1
        assert (await context.publish("window", b"", headers=headers)).duplicate
        await beyond_the_window.wait()
        assert (await context.publish("window", b"", headers=headers)).seq == 2


async def test_what_arrived_and_was_not_noted_is_not_sent_again(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    beyond_the_window: Beyond,
) -> None:
    """Given tracking behind what has arrived, beyond the window, when a relay goes on, then every record is there once.

    So tracking is after a relay was killed between an acknowledgement and its note.
    """
    await write(log, tenant, 25)
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 25)
    await ask(relayed, "update streams.relayed set position = 3, sequence = 3 where tenant = $1", tenant)
    await write(log, tenant, 5)
    await beyond_the_window.wait()
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 30)
    await holds_every_record_once(log, tenant, await kept(broker, nats_settings.stream_of(tenant)))


async def test_a_stream_that_let_go_of_its_messages_still_counts_them(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    beyond_the_window: Beyond,
) -> None:
    """Given messages that arrived, weren't noted and are purged, when a relay goes on, then they don't come again."""
    await write(log, tenant, 25)
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 25)
    await ask(relayed, "update streams.relayed set position = 4, sequence = 4 where tenant = $1", tenant)
    async with jetstream(broker) as context:
        await context.purge_stream(nats_settings.stream_of(tenant))
    await write(log, tenant, 5)
    await beyond_the_window.wait()
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 30)
    messages = await kept(broker, nats_settings.stream_of(tenant))
    assert [(message.position, message.sequence) for message in messages] == [(at, at) for at in range(26, 31)]


async def test_a_stream_that_was_deleted_is_filled_again(
    relayed: DatabaseUrls, log: EventLog, tenant: TenantId, broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given a stream deleted while the relay runs, when the next record comes, then the new one holds all from 1."""
    await write(log, tenant, 20)
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 20)
        async with jetstream(broker) as context:
            await context.delete_stream(nats_settings.stream_of(tenant))
        await write(log, tenant, 1)
        await until(lambda: _holds(broker, nats_settings.stream_of(tenant), 21))
        await relayed_to(relayed, tenant, 21)
    await holds_every_record_once(log, tenant, await kept(broker, nats_settings.stream_of(tenant)))


async def _holds(broker: NatsServer, stream: str, number: int) -> bool:
    async with jetstream(broker) as context:
        infos = [info for info in await context.streams_info() if info.config.name == stream]
        return bool(infos) and infos[0].state.messages >= number


async def test_records_that_the_audience_may_not_see_are_passed_over(
    relayed: DatabaseUrls,
    log: EventLog,
    tenant: TenantId,
    broker: NatsServer,
    nats_settings: NatsSettings,
    beyond_the_window: Beyond,
) -> None:
    """Given a stream for the public, which knows nothing of these records, then tracking moves and nothing is sent.

    When the operator opens it later and deletes it, it is filled from the first record.
    """
    await write(log, tenant, 15)
    hidden = replace(nats_settings, audience=Audience.PUBLIC)
    async with running(a_relay(relayed, log, hidden)):
        await relayed_to(relayed, tenant, 15)
    assert await kept(broker, hidden.stream_of(tenant)) == []
    assert (await tracked(relayed, tenant))["sequence"] == 0
    await write(log, tenant, 4)
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 19)
    messages = await kept(broker, nats_settings.stream_of(tenant))
    assert [(message.position, message.sequence) for message in messages] == [(16, 1), (17, 2), (18, 3), (19, 4)]
    await ask(relayed, "update streams.relayed set position = 0, sequence = 0 where tenant = $1", tenant)
    await beyond_the_window.wait()
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, tenant, 19)
    assert await kept(broker, nats_settings.stream_of(tenant)) == messages


async def test_a_stream_of_another_history_is_refused_loudly(
    relayed: DatabaseUrls, log: EventLog, tenant: TenantId, broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given a stream whose last message isn't this log's record, then nothing is sent for this host, and others go on.

    When the operator deletes that stream, the relay fills a new one and the trouble is over.
    """
    other = await new_tenant(relayed)
    name = nats_settings.stream_of(tenant)
    async with jetstream(broker) as context:
        await context.add_stream(name=name, subjects=[f"handschlag.{tenant}.>"])
        headers = {"Handschlag-Position": "2", "Handschlag-Event": "another"}
        await context.publish(f"handschlag.{tenant}.test.noted.v1", b"{}", headers=headers)
    for each in (tenant, other):
        await write(log, each, 5)
    async with running(a_relay(relayed, log, nats_settings)):
        await relayed_to(relayed, other, 5)
        await until(lambda: _in_trouble(relayed, tenant, "another record"))
        assert len(await kept(broker, name)) == 1
        async with jetstream(broker) as context:
            await context.delete_stream(name)
        await relayed_to(relayed, tenant, 5)
        await until(lambda: _in_trouble(relayed, tenant, None))
    await holds_every_record_once(log, tenant, await kept(broker, name))


async def _in_trouble(urls: DatabaseUrls, tenant: TenantId, word: str | None) -> bool:
    told = str((await tracked(urls, tenant)).get("trouble"))
    return told == "None" if word is None else word in told


async def test_of_several_relays_one_works_for_a_host_and_another_takes_over(
    relayed: DatabaseUrls, log: EventLog, tenant: TenantId, broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given three relays and a steady writer, when they end one after another, then all is there once, in order."""
    async with running(a_relay(relayed, log, nats_settings)):
        writing = asyncio.create_task(_write_steadily(log, tenant, 60))
        async with running(a_relay(relayed, log, nats_settings)):
            async with running(a_relay(relayed, log, nats_settings)):
                await relayed_to(relayed, tenant, 10)
            await relayed_to(relayed, tenant, 25)
    async with running(a_relay(relayed, log, nats_settings)):
        await writing
        await relayed_to(relayed, tenant, 60)
    await holds_every_record_once(log, tenant, await kept(broker, nats_settings.stream_of(tenant)))


async def test_a_line_to_the_database_that_is_cut_is_made_anew(
    relayed: DatabaseUrls, log: EventLog, tenant: TenantId, broker: NatsServer, nats_settings: NatsSettings
) -> None:
    """Given a relay at work, when its sessions at the database are ended, then it goes on, and all is there once."""
    async with running(a_relay(relayed, log, nats_settings)):
        writing = asyncio.create_task(_write_steadily(log, tenant, 40))
        for position in (5, 15):
            await relayed_to(relayed, tenant, position)
            cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1"
            await ask(relayed, cut, NAME)
        await writing
        await relayed_to(relayed, tenant, 40)
    await holds_every_record_once(log, tenant, await kept(broker, nats_settings.stream_of(tenant)))


async def _write_steadily(log: EventLog, tenant: TenantId, number: int) -> None:
    for _ in range(number):
        await write(log, tenant, 1)
        await asyncio.sleep(0.01)
