"""Streams as a request sees them, and a cache of those that are asked about again and again."""

from collections import OrderedDict
from typing import Any

from domain.aggregates import Aggregate
from domain.envelope import Recorded
from domain.frozen import dataclass
from domain.identity import StreamId, TenantId
from domain.refusal import NotThere


@dataclass(frozen=True, slots=True)
class Seen:
    """A stream folded up to `version` (0: it doesn't exist); `rehearsal` as its records say."""

    version: int
    state: Any
    rehearsal: bool | None


def fold(aggregate: Aggregate, records: list[Recorded]) -> Seen:
    """The stream as its records tell; raises `NotThere` when they are another kind's."""
    if not records:
        return Seen(0, aggregate.nothing, None)
    if not records[0].envelope.type.startswith(aggregate.prefix):
        raise NotThere
    last = records[-1].envelope
    state = aggregate.fold(aggregate.nothing, (recorded.envelope.data for recorded in records))
    return Seen(last.version, state, last.rehearsal)


class SeenStreams:
    """The states of streams that requests wrote or consulted, least recently used first out.

    An entry may be old: the append finds that out by the versions it was judged at, and the request is judged again
    on fresh states. So no stale state is ever recorded upon, and none needs to be told away.
    """

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._held: OrderedDict[tuple[TenantId, StreamId], tuple[str, Seen]] = OrderedDict()

    def holds(self, tenant: TenantId, stream: StreamId) -> bool:
        """Whether something is held of the stream."""
        return (tenant, stream) in self._held

    def get(self, tenant: TenantId, stream: StreamId, aggregate: Aggregate) -> Seen | None:
        """What was last seen of the stream, if it is held, as the kind that it is."""
        prefix, held = self._held.get((tenant, stream), ("", None))
        if held is None or prefix != aggregate.prefix:
            return None
        self._held.move_to_end((tenant, stream))
        return held

    def put(self, tenant: TenantId, stream: StreamId, aggregate: Aggregate, seen: Seen) -> None:
        """Hold what was seen, unless something newer is held; what doesn't exist isn't held."""
        key = (tenant, stream)
        _, held = self._held.get(key, ("", None))
        if seen.version == 0 or (held is not None and held.version > seen.version):
            return
        self._held[key] = (aggregate.prefix, seen)
        self._held.move_to_end(key)
        if len(self._held) > self._limit:
            self._held.popitem(last=False)
