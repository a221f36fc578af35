"""Our log under the library's own cases, and under its event store and repository."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import eventsourcing.tests.persistence as shipped
import pytest
from eventsourcing.application import Repository
from eventsourcing.persistence import EventStore, IntegrityError, StoredEvent, Tracking
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from domain.identity import StreamId, TenantId
from domain.instant import instant
from infra.clock import fresh_id, now
from infra.event_log.library import EntryEvent, EntryMapper
from infra.event_log.mapper import read_entry
from infra.event_log.recorder import Recorder
from infra.event_log.store import EventLog
from infra.postgres.upgrading import sqlalchemy_url
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import CLASSES, Noted, note

Result = TypeVar("Result")


class OnItsLoop:
    """An event loop in a thread of its own, with a log on it: the library's cases call from threads without one."""

    def __init__(self, database: DatabaseUrls) -> None:
        self.database = database
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.log = self.run(EventLog.open(database.runtime))
        self.engine = create_async_engine(sqlalchemy_url(database.runtime))

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine there, wait for it here."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def recorder(self) -> "FromAThread":
        """A recorder of a fresh tenant."""
        tenant = self.run(new_tenant(self.database))
        return FromAThread(self, Recorder(self.engine, self.log.appender, tenant))

    def close(self) -> None:
        """End it."""
        self.run(self.log.close())
        self.run(self.engine.dispose())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class FromAThread:
    """Each method hops onto the loop and into a greenlet there."""

    def __init__(self, loop: OnItsLoop, recorder: Recorder) -> None:
        self._loop = loop
        self._recorder = recorder

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._recorder, name)

        def call(*arguments: Any, **named: Any) -> Any:
            return self._loop.run(greenlet_spawn(method, *arguments, **named))

        return call


@pytest.fixture(scope="class")
def on_its_loop(database: DatabaseUrls, request: pytest.FixtureRequest) -> Iterator[OnItsLoop]:
    """The loop that a class of cases calls."""
    found = OnItsLoop(database)
    request.cls.on_its_loop = found
    yield found
    found.close()


class OurRecorder:
    """What the library's cases ask for."""

    on_its_loop: ClassVar[OnItsLoop]

    def create_recorder(self) -> Any:
        """A recorder of a fresh tenant."""
        return self.on_its_loop.recorder()


@pytest.mark.usefixtures("on_its_loop")
class TestApplicationRecorder(OurRecorder, shipped.ApplicationRecorderTestCase[Any]):
    """The library's cases for application recorders."""


@pytest.mark.usefixtures("on_its_loop")
class TestProcessRecorder(OurRecorder, shipped.ProcessRecorderTestCase):
    """The library's cases for process recorders."""


@pytest.mark.usefixtures("on_its_loop")
class TestTrackingRecorder(OurRecorder, shipped.TrackingRecorderTestCase):
    """The library's cases for tracking recorders."""


@pytest.mark.usefixtures("on_its_loop")
class TestNonInterleaving(OurRecorder, shipped.NonInterleavingNotificationIDsBaseCase):
    """The library's case against interleaved positions."""


@pytest.fixture
async def recorder(event_log: EventLog, database: DatabaseUrls, tenant: TenantId) -> AsyncIterator[Recorder]:
    """A recorder on this loop."""
    engine = create_async_engine(sqlalchemy_url(database.runtime))
    yield Recorder(engine, event_log.appender, tenant)
    await engine.dispose()


async def test_the_librarys_event_store_works_on_our_log(
    recorder: Recorder, event_log: EventLog, tenant: TenantId
) -> None:
    """What its event store puts, our log reads byte for byte; and it gets the versions it asks for."""
    store: EventStore[UUID] = EventStore(EntryMapper(CLASSES), recorder)
    stream = StreamId(fresh_id())
    events = [EntryEvent(note(tenant, stream, version)) for version in (1, 2, 3)]
    recordings = await greenlet_spawn(store.put, events)
    assert [recording.notification.id for recording in recordings] == [1, 2, 3]
    page = await event_log.page(tenant, 0, 10)
    assert [read_entry(entry.bytes, CLASSES) for entry in page] == [event.envelope for event in events]
    got = await greenlet_spawn(lambda: list(store.get(UUID(stream), gt=1)))
    assert [event.originator_version for event in got] == [2, 3]


async def test_the_librarys_repository_projects_our_streams(recorder: Recorder, tenant: TenantId) -> None:
    """With a function that folds envelopes, its repository gives our states."""
    store: EventStore[UUID] = EventStore(EntryMapper(CLASSES), recorder)
    stream = StreamId(fresh_id())
    await greenlet_spawn(store.put, [EntryEvent(note(tenant, stream, version)) for version in (1, 2)])

    def fold(count: Any, events: Any) -> Any:
        for event in events:
            assert isinstance(event.envelope.data, Noted)
            count = (count or 0) + 1
        return count

    repository: Repository[UUID] = Repository(store)
    assert await greenlet_spawn(repository.get, UUID(stream), projector_func=fold) == 2


async def test_events_and_tracking_are_recorded_together_or_not_at_all(recorder: Recorder) -> None:
    """A taken version takes the tracking position back with it."""
    stream = UUID(fresh_id())
    event = StoredEvent(stream, 1, "topic", b"state")
    await greenlet_spawn(lambda: recorder.insert_events([event], tracking=Tracking("upstream", 7)))
    with pytest.raises(IntegrityError):
        await greenlet_spawn(lambda: recorder.insert_events([event], tracking=Tracking("upstream", 8)))
    assert await greenlet_spawn(recorder.max_tracking_id, "upstream") == 7
    assert await greenlet_spawn(recorder.max_notification_id) == 1


async def test_a_subscription_goes_on_with_what_comes(recorder: Recorder) -> None:
    """It yields what is there after a position, then what is recorded while it waits, until it is stopped."""

    def insert(version: int) -> None:
        recorder.insert_events([StoredEvent(stream, version, "topic", b"state")])

    stream = UUID(fresh_id())
    for version in (1, 2):
        await greenlet_spawn(insert, version)
    subscription = await greenlet_spawn(recorder.subscribe, 1)
    assert (await greenlet_spawn(next, subscription)).id == 2
    waiting = asyncio.ensure_future(greenlet_spawn(next, subscription))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await greenlet_spawn(insert, 3)
    assert (await asyncio.wait_for(waiting, 5)).id == 3
    subscription.stop()
    assert await greenlet_spawn(lambda: list(subscription)) == []


async def test_a_recorded_entrys_columns_say_what_its_bytes_say(
    recorder: Recorder, event_log: EventLog, tenant: TenantId
) -> None:
    """As-of can be recomputed from the bytes alone, so the time that is searched is the entry's own."""
    entry = replace(note(tenant, StreamId(fresh_id()), 1, at=now() - timedelta(seconds=1)), rehearsal=True)
    store: EventStore[UUID] = EventStore(EntryMapper(CLASSES), recorder)
    await greenlet_spawn(store.put, [EntryEvent(entry)])
    (found,) = await event_log.page(tenant, 0, 10)
    assert (instant(found.time), found.rehearsal) == (entry.time, True)
