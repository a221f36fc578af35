"""One host's way to the broker, while this relay holds the claim to it: where to go on, and page by page from there.

The broker's stream is the truth of what has arrived. Tracking moves after the broker has kept a page, so a crash in
between leaves a stream that is ahead of the tracking, and never the other way round; its last message then says which
record came last. A stream that has let go of its last message still counts them: so many of the records behind the
tracked position have arrived. A stream behind the tracking has lost its end, or was deleted: it is filled again.
"""

import structlog

from domain.identity import TenantId
from infra.streams.broker import Broker, BrokerRefused, LastMessage
from infra.streams.outgoing import Outgoing
from infra.streams.relayed import Relayed, RelayStore

PAGE = 250
"""Records looked at and sent at a time."""

_log = structlog.get_logger(__name__)


class Lane:
    """Made by `Lane.open`, when the host is claimed; no longer used once anything was raised."""

    def __init__(
        self, tenant: TenantId, store: RelayStore, broker: Broker, log: Outgoing, at: Relayed, arrived: int
    ) -> None:
        self.tenant = tenant
        self._store = store
        self._broker = broker
        self._log = log
        self._at = at
        self._arrived = arrived

    @classmethod
    async def open(cls, tenant: TenantId, store: RelayStore, broker: Broker, log: Outgoing) -> "Lane":
        """Find out where to go on, and note it. Raises `BrokerRefused` when the stream isn't this log's."""
        tracked = await store.relayed(tenant)
        end = await broker.end(tenant)
        if end.last is not None:
            await _must_be_ours(tenant, log, end.last)
        arrived = 0
        if end.sequence == tracked.sequence and (end.last is None or end.last.position <= tracked.position):
            at = tracked
        elif end.last is not None:
            at = Relayed(end.last.position, end.sequence)
        elif end.sequence > tracked.sequence:
            at, arrived = Relayed(tracked.position, end.sequence), end.sequence - tracked.sequence
        else:
            at = Relayed(0, end.sequence)
        lane = cls(tenant, store, broker, log, at, arrived)
        if at != tracked or arrived:
            how = "relay.filling_again" if at.position < tracked.position else "relay.had_arrived"
            _log.warning(how, tenant=tenant, tracked=tracked.position, position=at.position, counting=arrived)
            await lane._note()
        return lane

    @property
    def position(self) -> int:
        """The record up to which all are relayed."""
        return self._at.position

    async def advance(self, most: int = PAGE) -> bool:
        """Send the next page, then note how far that is; True when there may be more.

        Raises what the broker raises, and then nothing was noted.
        """
        page = await self._log.page(self.tenant, self._at.position, most)
        there = min(self._arrived, len(page.messages))
        sequence = self._at.sequence
        if to_send := page.messages[there:]:
            sequence = await self._broker.append(self.tenant, sequence, to_send)
        moved = Relayed(page.reached, sequence)
        self._arrived -= there
        if moved != self._at:
            self._at = moved
            await self._note()
        return page.more

    async def _note(self) -> None:
        """Only what tells the whole: while messages are counted, position and sequence don't belong together yet."""
        if not self._arrived:
            await self._store.move(self.tenant, self._at)


async def _must_be_ours(tenant: TenantId, log: Outgoing, last: LastMessage) -> None:
    event = await log.event_at(tenant, last.position)
    if event is None:
        raise BrokerRefused(
            f"The stream holds position {last.position}, and the log doesn't reach so far: it was put back to an"
            " earlier state. Delete the stream, and it is filled again from the first record."
        )
    if event != last.event:
        raise BrokerRefused(
            f"What the stream holds as position {last.position} is another record than the log's: they don't belong"
            " together. Delete the stream, and it is filled again from the first record."
        )
