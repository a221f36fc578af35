"""One connection to the append function: what is sent, what comes back, and what it means when it breaks."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from domain.identity import StreamId, TenantId
from domain.transparency.merkle import leaf_hash
from infra.event_log.contention import Claim
from infra.event_log.outcomes import (
    Appended,
    Busy,
    ClockSkewed,
    FateUnknown,
    GuardFailed,
    KeyReused,
    LogUnavailable,
    Outcome,
    Replayed,
    Stale,
    TenantUnknown,
)
from infra.postgres.away import TROUBLE

LOCK_TIMEOUT = 5.0
"""Seconds a command waits for its tenant's head while another process holds it."""

ANSWER_TIMEOUT = 30.0
"""Seconds after which a silent connection counts as lost."""

_RECONNECT_WITHIN = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0

_APPEND = (
    "select command, outcome, first, last, stream, actual"
    " from log.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
)
_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    OSError,
    TimeoutError,
)


class Row(NamedTuple):
    """One entry on its way to `log.entries`."""

    stream: StreamId
    version: int
    type: str
    at: datetime
    rehearsal: bool
    bytes: bytes


class Command(NamedTuple):
    """One command on its way to `log.append`: see append.sql for what each member means."""

    tenant: TenantId
    key: str | None
    request: bytes
    guards: Sequence[tuple[StreamId, int]]
    rows: Sequence[Row]


@dataclass(slots=True, eq=False)
class Ticket:
    """A command in an appender's hands, and the future its waiter looks at.

    `doubtful`: it was sent over a connection that was lost, so it may have been recorded.
    `refusals`: how often its tenant's head was held by others.
    """

    command: Command
    claim: Claim
    answer: "asyncio.Future[Outcome]"
    size: int = field(init=False)
    doubtful: bool = field(default=False, init=False)
    refusals: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.size = sum([len(row.bytes) for row in self.command.rows])


class ConnectionLost(Exception):
    """The connection broke while a call was under way."""


class Wire:
    """A connection that comes back: made when first needed, and made anew after it was lost. One call at a time."""

    def __init__(self, url: str, *, lock_timeout: float = LOCK_TIMEOUT, reconnect_within: float | None = None) -> None:
        self._url = url
        self._settings = {
            "application_name": "handschlag-appender",
            "lock_timeout": str(int(lock_timeout * 1000)),
            "statement_timeout": str(int(ANSWER_TIMEOUT * 1000)),
        }
        self._within = _RECONNECT_WITHIN if reconnect_within is None else reconnect_within
        self._connection: asyncpg.Connection | None = None

    async def connected(self) -> asyncpg.Connection:
        """The connection, once there is one; raises `LogUnavailable` after trying for `reconnect_within` seconds."""
        if self._connection is not None and not self._connection.is_closed():
            return self._connection
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._within, _FIRST_PAUSE
        while True:
            try:
                self._connection = await asyncpg.connect(self._url, timeout=5, server_settings=self._settings)
            except TROUBLE as error:
                if loop.time() + pause > deadline:
                    raise LogUnavailable(LogUnavailable.__doc__) from error
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return self._connection

    async def call(self, batch: Sequence[Ticket], *, wait: bool) -> list[Outcome]:
        """One batch, one call, one commit; an outcome for each ticket (`Busy`: its head is held by others).

        Raises `LogUnavailable` when nothing was sent, `ConnectionLost` when it isn't known what was done, and
        whatever PostgreSQL says of a batch it can't judge (nothing was done).
        """
        connection = await self.connected()
        arguments = _arguments([ticket.command for ticket in batch], wait=wait)
        try:
            rows = await connection.fetch(_APPEND, *arguments, timeout=ANSWER_TIMEOUT)
        except asyncpg.LockNotAvailableError:
            return [Busy()] * len(batch)
        except _GONE as error:
            self.drop()
            raise ConnectionLost from error
        except Exception as error:
            if connection.is_closed():
                raise ConnectionLost from error
            raise
        outcomes: list[Outcome] = [Busy()] * len(batch)
        for row in rows:
            number = row[0] - 1
            outcomes[number] = _outcome(row, batch[number].command)
        return outcomes

    def drop(self) -> None:
        """Cut the connection; the next call makes another."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def close(self) -> None:
        """End the connection politely."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(*TROUBLE):
                await connection.close(timeout=5)


async def append_once(connection: asyncpg.Connection, command: Command) -> Outcome:
    """One command on a connection of the caller's, inside the caller's transaction, waiting for its tenant's head.

    The caller commits, soon: until then the head is held and other processes' appends to this tenant wait.
    """
    (row,) = await connection.fetch(_APPEND, *_arguments([command], wait=True))
    return _outcome(row, command)


def unsent(ticket: Ticket) -> Exception:
    """What to tell the waiter of a ticket that can't be sent (again)."""
    return FateUnknown(FateUnknown.__doc__) if ticket.doubtful else LogUnavailable(LogUnavailable.__doc__)


def _arguments(commands: Sequence[Command], *, wait: bool) -> list[Any]:
    """The arrays of `log.append`; command numbers start at 1."""
    guards = [(number, *guard) for number, command in enumerate(commands, 1) for guard in command.guards]
    rows = [(number, row) for number, command in enumerate(commands, 1) for row in command.rows]
    return [
        [command.tenant for command in commands],
        [command.key for command in commands],
        [command.request for command in commands],
        [guard[0] for guard in guards],
        [guard[1] for guard in guards],
        [guard[2] for guard in guards],
        [number for number, _ in rows],
        [row.stream for _, row in rows],
        [row.version for _, row in rows],
        [row.type for _, row in rows],
        [row.at for _, row in rows],
        [row.rehearsal for _, row in rows],
        [row.bytes for _, row in rows],
        wait,
    ]


def _outcome(row: Any, command: Command) -> Outcome:
    _, outcome, first, last, stream, actual = row
    match outcome:
        case "ok":
            return Appended(first, last, tuple([leaf_hash(row.bytes) for row in command.rows]))
        case "replay":
            return Replayed(first, last)
        case "stale":
            return Stale(StreamId(str(stream)), actual)
        case "guard":
            return GuardFailed(StreamId(str(stream)), actual)
        case "key_reused":
            return KeyReused()
        case "clock":
            return ClockSkewed()
        case "tenant":
            return TenantUnknown()
        case "busy":
            return Busy()
        case _:
            raise AssertionError(f"log.append answered {outcome!r}")
