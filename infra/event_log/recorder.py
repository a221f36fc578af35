"""Our log as a recorder of `eventsourcing`, for one tenant: so that its event store, repository and tools work on it.

Methods are synchronous, as the library wants them, and suspend through SQLAlchemy's greenlet bridge: call them inside
`await connection.run_sync(…)` or `await greenlet_spawn(…)` on the event loop that owns the appender. Writing goes
through that appender, so these events share group commits with everything else. Only an insert with a tracking
position has a transaction of its own, in which both are recorded or neither.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from threading import Event
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    IntegrityError,
    Notification,
    OperationalError,
    PersistenceError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    WaitInterruptedError,
)
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only

from domain.identity import StreamId, TenantId
from infra.clock import now
from infra.event_log.appender import Appender
from infra.event_log.library import StoredEntry
from infra.event_log.outcomes import Appended, FateUnknown, GuardFailed, LogClosed, LogUnavailable, Outcome, Stale
from infra.event_log.wire import Command, Row, append_once

Result = TypeVar("Result")

POLL = 0.05
"""Seconds between two looks of a subscription or of `wait`."""

PAGE = 500
"""Notifications that a subscription reads at a time."""

_STREAM = """
select stream, version, type, bytes from log.entries
where tenant = :tenant and stream = cast(:stream as uuid) and version > :above and version <= :up_to
order by version limit :most
"""
_STREAM_BACKWARDS = _STREAM.replace("order by version", "order by version desc")
_NOTIFICATIONS = """
select position, stream, version, type, bytes from log.entries
where tenant = :tenant and position > :after and position <= :up_to
  and (cast(:topics as text[]) is null or type = any(cast(:topics as text[])))
order by position limit :most
"""


class Recorder(ProcessRecorder):
    """Records and reads one tenant's log. Engine (a runtime login's) and appender are the caller's.

    Topics are stored names and states entry bytes; what is stored doesn't have to be one of our entries, but only
    our entries can be read by the rest of the house.
    """

    def __init__(self, engine: AsyncEngine, appender: Appender, tenant: TenantId) -> None:
        self._engine = engine
        self._appender = appender
        self._tenant = tenant

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Record events, all or none, with a `tracking` position if one is given; answers their positions.

        Raises `IntegrityError` when a version is taken or a position tracked already, `OperationalError` when the
        log can't be reached.
        """
        tracking: Tracking | None = kwargs.get("tracking")
        if tracking is not None:
            return self._in_transaction(lambda connection: self._with_tracking(connection, stored_events, tracking))
        if not stored_events:
            return []
        try:
            return _positions(await_only(self._appender.append(self._command(stored_events))))
        except (FateUnknown, LogUnavailable, LogClosed, OSError) as error:
            raise OperationalError(str(error)) from error

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's events with versions above `gt` and up to `lte`, in their order, or backwards with `desc`."""
        statement = _STREAM_BACKWARDS if desc else _STREAM
        found = self._select(
            statement,
            stream=str(originator_id),
            above=-1 if gt is None else gt,
            up_to=2**31 - 1 if lte is None else lte,
            most=limit,
        )
        return [StoredEvent(UUID(str(row[0])), row[1], row[2], bytes(row[3])) for row in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events from position `start` to `stop`, at most `limit` of them, of `topics` if any are given."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        up_to = 2**63 - 1 if stop is None else stop
        found = self._select(_NOTIFICATIONS, after=after, up_to=up_to, most=limit, topics=list(topics) or None)
        return [Notification(UUID(str(row[1])), row[2], row[3], bytes(row[4]), id=row[0]) for row in found]

    def max_notification_id(self) -> int | None:
        """The newest position, or None when nothing is recorded."""
        found = self._select("select nullif(size, 0) from log.heads where tenant = :tenant")
        return found[0][0] if found else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LogSubscription":
        """Notifications after position `gt`, then each as it comes, until stopped."""
        return LogSubscription(self, gt, topics)

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record how far another application was followed; raises `IntegrityError` when it isn't further."""
        self._in_transaction(lambda connection: self._track(connection, tracking))

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far another application was followed, or None."""
        found = self._select(
            "select position from log.tracking where tenant = :tenant and application = :application",
            application=application_name,
        )
        return found[0][0] if found else None

    def wait(
        self,
        application_name: str,
        notification_id: int | None,
        timeout: float = 1.0,
        interrupt: Event | None = None,
    ) -> None:
        """Return when a position is tracked. The library's own would sleep in the event loop's thread.

        Raises `TimeoutError` after `timeout` seconds, `WaitInterruptedError` when `interrupt` is set.
        """
        until = asyncio.get_running_loop().time() + timeout
        while not self.has_tracking_id(application_name, notification_id):
            if interrupt is not None and interrupt.is_set():
                raise WaitInterruptedError
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError(f"{application_name} isn't tracked up to {notification_id}")
            await_only(asyncio.sleep(POLL))

    def _command(self, stored_events: Sequence[StoredEvent]) -> Command:
        """Columns say what the entry's bytes say; what a stored event of others doesn't tell is now, no rehearsal."""
        at = now()
        rows = [
            Row(
                stream=StreamId(str(event.originator_id)),
                version=event.originator_version,
                type=event.topic,
                at=event.at if isinstance(event, StoredEntry) else at,
                rehearsal=isinstance(event, StoredEntry) and event.rehearsal,
                bytes=event.state,
            )
            for event in stored_events
        ]
        return Command(self._tenant, None, b"", [], rows)

    def _with_tracking(
        self, connection: Connection, stored_events: Sequence[StoredEvent], tracking: Tracking
    ) -> list[int]:
        self._track(connection, tracking)
        if not stored_events:
            return []
        driver = connection.connection.driver_connection
        return _positions(await_only(append_once(driver, self._command(stored_events))))

    def _track(self, connection: Connection, tracking: Tracking) -> None:
        """The row's lock keeps two followers apart; whoever comes second isn't further."""
        moved = connection.execute(
            text(
                "insert into log.tracking as kept (tenant, application, position)"
                " values (:tenant, :application, :position)"
                " on conflict (tenant, application) do update set position = excluded.position"
                " where kept.position < excluded.position returning 1"
            ),
            {
                "tenant": self._tenant,
                "application": tracking.application_name,
                "position": tracking.notification_id,
            },
        )
        if moved.first() is None:
            raise IntegrityError(f"{tracking.application_name} is tracked up to {tracking.notification_id} already")

    def _select(self, statement: str, **values: Any) -> Sequence[Any]:
        parameters = {"tenant": self._tenant, **values}
        return self._in_transaction(lambda connection: connection.execute(text(statement), parameters).all())

    def _in_transaction(self, work: Callable[[Connection], Result]) -> Result:
        async def run() -> Result:
            async with self._engine.begin() as connection:
                await connection.execute(
                    text("select set_config('app.tenant', :tenant, true)"), {"tenant": self._tenant}
                )
                return await connection.run_sync(work)

        return await_only(run())


class LogSubscription(Subscription[Recorder]):
    """A tail of one tenant's log. Iterate it where the recorder's methods may be called; `stop` ends it."""

    def __init__(self, recorder: Recorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._after = gt or 0
        self._read: deque[Notification] = deque()

    def __next__(self) -> Notification:
        """The next notification, once there is one; `StopIteration` when stopped."""
        while not self._has_been_stopped:
            if self._read:
                return self._read.popleft()
            found = self._recorder.select_notifications(
                self._after, PAGE, topics=self._topics, inclusive_of_start=False
            )
            if found:
                self._read.extend(found)
                self._after = found[-1].id
            else:
                await_only(asyncio.sleep(POLL))
        raise StopIteration


def _positions(outcome: Outcome) -> list[int]:
    match outcome:
        case Appended(first=first, last=last):
            return list(range(first, last + 1))
        case Stale(stream=stream, actual=actual) | GuardFailed(stream=stream, actual=actual):
            raise IntegrityError(f"{stream} is at version {actual}")
        case _:
            raise PersistenceError(type(outcome).__doc__)
