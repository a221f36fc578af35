"""Group commit: whatever has queued while the last batch was under way goes out as one call and one commit.

Who owns what: `Contention` decides which commands may be under way together (a command keeps its claims until it is
answered); the *main line* sends those of all tenants together and never waits for a head; a tenant whose head
others keep holding gets a *lane*, a line of its own that waits, so that it holds up nobody else.

What a crash leaves: a batch is committed or it isn't. Whoever has been answered is recorded; whoever hasn't asks
again with the same key and is answered by what was recorded.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence

from domain.identity import TenantId
from infra.event_log.contention import Claim, Contention
from infra.event_log.outcomes import Appended, Busy, LogClosed, LogUnavailable, Outcome
from infra.event_log.wire import LOCK_TIMEOUT, Command, ConnectionLost, Ticket, Wire, unsent

MOST_COMMANDS = 512
MOST_BYTES = 4 * 1024 * 1024
MOST_QUEUED = 10_000
FEWEST_TO_HALVE = 24
"""Commands that are worth a call of their own: from two such halves on, one is built while the other is under way."""

MOST_LANES = 8
"""Lanes that wait for a head at the same time; further ones wait for a lane's connection first."""

_REFUSALS = 3
"""So often the main line finds a head held by others before its tenant gets a lane."""

_LINGER = 0.05
"""Seconds a lane stays open when it has run dry: its tenant's next commands are about to come."""


class Appender:
    """The one writer of this process. `moved` is called with the tenants whose heads a commit has moved."""

    def __init__(
        self, url: str, moved: Callable[[set[TenantId]], None] = lambda _: None, *, lock_timeout: float = LOCK_TIMEOUT
    ) -> None:
        self._url = url
        self._moved = moved
        self._lock_timeout = lock_timeout
        self._contention = Contention()
        self._tickets: dict[Claim, Ticket] = {}
        self._ready: deque[Ticket] = deque()
        self._lanes: dict[TenantId, _Lane] = {}
        self._lane_tasks: set[asyncio.Task[None]] = set()
        self._lane_wires: asyncio.LifoQueue[Wire] = asyncio.LifoQueue()
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._crowd = 0
        self._closed = False
        self._main: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect and begin; raises `LogUnavailable` when there's no database to be had."""
        wire = self._wire()
        await wire.connected()
        for _ in range(MOST_LANES):
            self._lane_wires.put_nowait(self._wire())
        self._idle.set()
        self._main = asyncio.create_task(self._run(wire), name="appender")

    async def close(self) -> None:
        """Take no more, answer everything that has been taken, and hang up."""
        self._closed = True
        if self._main is None:
            return
        await self._idle.wait()
        self._work.set()
        await self._main
        await asyncio.gather(*self._lane_tasks)
        while not self._lane_wires.empty():
            await self._lane_wires.get_nowait().close()

    async def append(self, command: Command) -> Outcome:
        """Record `command`, or learn why not. `Busy` at once when the queue is full.

        Cancelling the waiter takes a command out only while it hasn't been sent. Raises `LogClosed`,
        `LogUnavailable`, `FateUnknown`, or what PostgreSQL says of this very command.
        """
        if self._closed or self._main is None:
            raise LogClosed(LogClosed.__doc__)
        if len(self._tickets) >= MOST_QUEUED:
            return Busy()
        ticket = Ticket(command, _claim(command), asyncio.get_running_loop().create_future())
        self._tickets[ticket.claim] = ticket
        self._idle.clear()
        if self._contention.enter(ticket.claim):
            self._route(ticket)
        return await ticket.answer

    def __len__(self) -> int:
        """How many commands have been taken and not been answered."""
        return len(self._tickets)

    def _wire(self) -> Wire:
        return Wire(self._url, lock_timeout=self._lock_timeout)

    def _route(self, ticket: Ticket) -> None:
        """A ticket whose turn it is: onto its tenant's lane, if it has one, or else onto the main line."""
        lane = self._lanes.get(ticket.command.tenant)
        if lane is None:
            self._ready.append(ticket)
            self._work.set()
        else:
            lane.put(ticket)

    async def _run(self, wire: Wire) -> None:
        """The main line.

        A crowd is halved: while one half is under way, those of the other, just answered, build what they ask next.
        A few go together: let those just answered ask again, so that they share a batch.
        """
        while True:
            if not self._ready:
                if self._closed and not self._tickets:
                    break
                self._work.clear()
                await self._work.wait()
            if self._crowd < 2 * FEWEST_TO_HALVE:
                await asyncio.sleep(0)
                self._crowd = len(self._tickets)
            most = max(FEWEST_TO_HALVE, (self._crowd + 1) // 2)
            for ticket in await self._deliver(wire, self._take(self._ready, most), wait=False):
                ticket.refusals += 1
                if ticket.refusals >= _REFUSALS and ticket.command.tenant not in self._lanes:
                    self._open_lane(ticket.command.tenant)
                self._route(ticket)
        await wire.close()

    def _open_lane(self, tenant: TenantId) -> None:
        lane = self._lanes[tenant] = _Lane()
        task = asyncio.create_task(self._drive(tenant, lane), name=f"appender lane {tenant}")
        self._lane_tasks.add(task)
        task.add_done_callback(self._lane_tasks.discard)

    async def _drive(self, tenant: TenantId, lane: "_Lane") -> None:
        """A lane: waits for its tenant's head, batch by batch, until nothing has come for a moment."""
        wire = await self._lane_wires.get()
        try:
            while await lane.filled():
                for ticket in await self._deliver(wire, self._take(lane.tickets), wait=True):
                    self._answer(ticket, Busy())
        finally:
            del self._lanes[tenant]  # no await since the lane was found empty: nothing can be left in it
            self._lane_wires.put_nowait(wire)

    def _take(self, line: deque[Ticket], most: int = MOST_COMMANDS) -> list[Ticket]:
        """The next batch: at most `most` or 512 commands and 4 MB, and never those nobody waits for any more."""
        batch: list[Ticket] = []
        room, most = MOST_BYTES, min(most, MOST_COMMANDS)
        while line and len(batch) < most:
            ticket = line[0]
            if batch and ticket.size > room:
                break
            line.popleft()
            if ticket.answer.cancelled() and not ticket.doubtful:
                self._finish(ticket)
                continue
            room -= ticket.size
            batch.append(ticket)
        return batch

    async def _deliver(self, wire: Wire, batch: Sequence[Ticket], *, wait: bool) -> list[Ticket]:
        """Send `batch` until every ticket is answered; returns those whose heads others hold.

        A batch that raises is halved until the culprit stands alone. After a lost connection the rest is sent
        again: the function looks the keys up before anything else.
        """
        held: list[Ticket] = []
        parts = [list(batch)] if batch else []
        while parts:
            part = parts.pop()
            try:
                outcomes = await wire.call(part, wait=wait)
            except LogUnavailable:
                for ticket in part:
                    self._fail(ticket, unsent(ticket))
            except ConnectionLost:
                if again := self._after_loss(part):
                    parts.append(again)
            except Exception as error:
                if len(part) == 1:
                    self._fail(part[0], error)
                else:
                    middle = len(part) // 2
                    parts += [part[middle:], part[:middle]]
            else:
                held += self._settle(part, outcomes)
        return held

    def _after_loss(self, part: Sequence[Ticket]) -> list[Ticket]:
        """Which tickets can be sent again: those with a key. Of the others nobody can know what became of them."""
        again = []
        for ticket in part:
            ticket.doubtful = True
            if ticket.command.key is None:
                self._fail(ticket, unsent(ticket))
            else:
                again.append(ticket)
        return again

    def _settle(self, part: Sequence[Ticket], outcomes: Sequence[Outcome]) -> list[Ticket]:
        """Wake the followers first (the commit is done), then answer; returns the busy ones, unanswered."""
        self._crowd = len(self._tickets)
        moved = {
            ticket.command.tenant
            for ticket, outcome in zip(part, outcomes, strict=True)
            if isinstance(outcome, Appended)
        }
        if moved:
            self._moved(moved)
        held = []
        for ticket, outcome in zip(part, outcomes, strict=True):
            if isinstance(outcome, Busy):
                held.append(ticket)
            else:
                self._answer(ticket, outcome)
        return held

    def _answer(self, ticket: Ticket, outcome: Outcome) -> None:
        if not ticket.answer.done():
            ticket.answer.set_result(outcome)
        self._finish(ticket)

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        if not ticket.answer.done():
            ticket.answer.set_exception(error)
        self._finish(ticket)

    def _finish(self, ticket: Ticket) -> None:
        """Give back the ticket's claims; whoever waited for them is next."""
        del self._tickets[ticket.claim]
        for claim in self._contention.leave(ticket.claim):
            self._route(self._tickets[claim])
        if not self._tickets:
            self._idle.set()
            self._work.set()


class _Lane:
    """What waits for one tenant's head."""

    def __init__(self) -> None:
        self.tickets: deque[Ticket] = deque()
        self._arrived = asyncio.Event()

    def put(self, ticket: Ticket) -> None:
        self.tickets.append(ticket)
        self._arrived.set()

    async def filled(self) -> bool:
        """True when there is a ticket, now or in a moment."""
        await asyncio.sleep(0)
        if not self.tickets:
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), _LINGER)
        return bool(self.tickets)


def _claim(command: Command) -> Claim:
    """Its written streams and its key for itself; the streams it consulted together with other readers."""
    tenant = command.tenant
    alone: list[tuple[str, ...]] = [(tenant, stream) for stream in {row.stream for row in command.rows}]
    if command.key is not None:
        alone.append((tenant, "key", command.key))
    return Claim(alone, [(tenant, stream) for stream, _ in command.guards])
