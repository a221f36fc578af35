"""The client reads and follows a host's log as integrators do: over real HTTP, from a service that really runs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from services.client import Event, Handschlag, PlaceUnknown, Refused, Unreachable, Waiting, following
from tests.running import Host, RunningService, client, free_port, running_service
from tests.services.hall import Hall


def _client(service: RunningService, host: Host, url: str | None = None) -> Handschlag:
    return Handschlag(url or service.url, host.tenant, host.keys["integrator"])


async def _first(handschlag: Handschlag, count: int, watch: following.Watch | None = None) -> list[Event]:
    """The next `count` events of a stream."""
    found: list[Event] = []
    async with asyncio.timeout(60), aclosing(handschlag.follow(watch=watch)) as events:
        async for event in events:
            found.append(event)
            if len(found) == count:
                break
    return found


async def test_every_record_is_read_once_with_its_own_bytes(hall: Hall, service: RunningService) -> None:
    """Given a log of several pages, when it is read, then every position comes once and its bytes are the entry's."""
    await hall.plan()
    for number in range(210):
        await hall.done("organisations", {"name": f"Probe-„Ü“ {number}", "side": "company", "rehearsal": True})
    with _client(service, hall.host) as handschlag:
        seen = await asyncio.to_thread(list, handschlag.events())
        rest = await asyncio.to_thread(lambda: list(handschlag.events(after=seen[-3].position)))
        planned = await asyncio.to_thread(lambda: list(handschlag.events(types=["marketplace.planned.v1"])))
    assert [event.position for event in seen] == list(range(1, await hall.position() + 1))
    assert [event.position for event in rest] == [seen[-2].position, seen[-1].position]
    assert [event.stream for event in planned] == [hall.marketplace]
    last = seen[-1]
    assert last.raw is not None
    entry = json.loads(last.raw)
    assert (last.id, last.type, last.data["name"]) == (entry["id"], "organisation.registered.v1", "Probe-„Ü“ 209")
    assert last.actor is not None
    assert (last.actor.role, last.version, last.rehearsal) == ("clerk", 1, True)


async def test_a_page_is_waited_for_and_filters_hold(hall: Hall, service: RunningService) -> None:
    """Given a reader at the head, when it waits, then it gets what comes next; of one edition, if it wants that."""
    await hall.plan()
    with _client(service, hall.host) as handschlag:
        after, first = await hall.position(), hall.marketplace
        waiting = asyncio.create_task(asyncio.to_thread(list, handschlag.events(after=after, wait=30)))
        await asyncio.sleep(0.2)
        await hall.plan(title="Probe: Noch einer")
        assert [event.position for event in await waiting][:1] == [after + 1]
        of_one = await asyncio.to_thread(list, handschlag.events(marketplace=first))
    assert {event.stream for event in of_one} == {first}


async def test_following_goes_on_with_what_comes(hall: Hall, service: RunningService) -> None:
    """Given a log, when it is followed while it grows, then old and new come in order; who leaves is let go."""
    await hall.plan()
    before = await hall.position()
    with _client(service, hall.host) as handschlag:
        reading = asyncio.create_task(_first(handschlag, before + 6))
        await asyncio.sleep(0.3)
        await hall.bring("Probe-Weberei", "company")
        await hall.bring("Probe-Chor", "nonprofit")
        seen = await reading
    assert [event.position for event in seen] == list(range(1, before + 7))


async def test_whoever_may_not_see_all_gets_what_is_theirs(hall: Hall, service: RunningService) -> None:
    """Given a partner's key and none, when a log is followed, then events come without actors and what is internal."""
    await hall.plan()
    await hall.bring("Probe-Weberei", "company")
    partners, _ = await service.stream_key(hall.host, "partner")
    found = {}
    for who, key in (("partner", partners), ("everybody", None)):
        with Handschlag(service.url, hall.host.tenant, key) as handschlag:
            found[who] = await _first(handschlag, 2)
            read = await asyncio.to_thread(list, handschlag.events())
            assert [event.position for event in read[:2]] == [event.position for event in found[who]]
            assert all((event.raw, event.leaf_hash, event.actor) == (None, None, None) for event in read)
    assert [event.type for event in found["partner"]] == [
        "marketplace.planned.v1",
        "marketplace.registration_opened.v1",
    ]
    plans = {who: set(events[0].data["plan"]) for who, events in found.items()}
    assert plans["everybody"] < plans["partner"]


async def test_who_may_not_read_is_told_at_once() -> None:
    """A key that opens nothing, or not this, is refused, not tried again; a service that isn't there says so."""
    nowhere = Handschlag(f"http://127.0.0.1:{free_port()}", "essen", "hs.essen.nothing")
    with nowhere, pytest.raises(Unreachable):
        list(nowhere.events())


async def test_a_refusal_ends_reading_and_following(hall: Hall, service: RunningService) -> None:
    """Given a clerk's key and a wrong one, when they ask for records, then the problem is told by its lasting type."""
    for key, type_name in ((hall.host.keys["clerk"], "role-not-allowed"), ("hs.x", "key-unknown")):
        with Handschlag(service.url, hall.host.tenant, key) as handschlag:
            with pytest.raises(Refused, match=type_name) as read:
                list(handschlag.events())
            with pytest.raises(Refused, match=type_name):
                await _first(handschlag, 1)
        assert not read.value.passes


async def test_a_service_that_was_killed_loses_and_doubles_nothing() -> None:
    """Given a stream, when the service is killed and started anew, then it goes on by itself."""
    waits: list[Waiting] = []
    with running_service() as service:
        host = await service.new_host()
        with _client(service, host) as handschlag:
            before = len(list(handschlag.events()))
            reading = asyncio.create_task(_first(handschlag, before + 2, watch=waits.append))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(service.kill)
            await asyncio.to_thread(service.start)
            async with client(service) as http:
                await Hall(http, host).plan()
            seen = await reading
    assert [event.position for event in seen] == list(range(1, before + 3))
    assert waits


async def test_a_stream_that_is_held_back_on_the_way_is_polled(
    hall: Hall, service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given something between that lets no stream through, when a log is followed, then records come all the same."""
    monkeypatch.setattr(following, "FIRST_WORD", 0.3)
    monkeypatch.setattr(following, "LOOK", 0.2)
    before = await hall.position()
    async with _without_streams(service.port) as url:
        with _client(service, hall.host, url) as handschlag:
            reading = asyncio.create_task(_first(handschlag, before + 2))
            await asyncio.sleep(0.6)
            await hall.plan()
            assert [event.position for event in await reading] == list(range(1, before + 3))


@asynccontextmanager
async def _without_streams(port: int) -> AsyncIterator[str]:
    """A way to the service that swallows what streams answer, as some proxies do."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if b"/events/stream" in asked:
            await reader.read()
        else:
            asked = asked.replace(b"\r\n", b"\r\nConnection: close\r\n", 1).replace(b"Connection: keep-alive\r\n", b"")
            answers, asks = await asyncio.open_connection("127.0.0.1", port)
            asks.write(asked)
            writer.write(await answers.read())
            asks.close()
        writer.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_place_of_another_log_is_told_and_not_waited_at(hall: Hall, service: RunningService) -> None:
    """Given a cursor beyond the log's end, when one reads or follows from there, then it is told at once."""
    ahead = await hall.position() + 3
    with _client(service, hall.host) as handschlag:
        with pytest.raises(PlaceUnknown, match="another log") as read:
            await asyncio.to_thread(list, handschlag.events(after=ahead))
        with pytest.raises(PlaceUnknown, match="another log"):
            async with asyncio.timeout(60), aclosing(handschlag.follow(after=ahead)) as events:
                await anext(events)
    assert not read.value.passes
