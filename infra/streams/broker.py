"""What a relay asks of a message broker, whichever it is.

A stream for each host says where it ends, and takes more only behind that end. This is enough for every record
exactly once: a relay that doesn't know whether its last messages arrived looks at the end, and one that was overtaken
is refused.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.frozen import dataclass
from domain.identity import EventId, TenantId


@dataclass(frozen=True, slots=True)
class Message:
    """A record on its way out: its `position` in the host's log, its event's id and type, and the bytes that go."""

    position: int
    event: EventId
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class LastMessage:
    """Which record a stream's last message is."""

    position: int
    event: EventId


@dataclass(frozen=True, slots=True)
class End:
    """Where a stream ends: the number it gave last (0: none yet), and its last message unless it has let go of it."""

    sequence: int
    last: LastMessage | None


class BrokerAway(Exception):
    """The broker doesn't answer; whether messages that were under way have arrived isn't known."""


class StreamSilent(Exception):
    """The broker is there, and this host's stream doesn't answer; as with `BrokerAway`, messages may have arrived."""


class BrokerRefused(Exception):
    """The broker answers, and can't take this host's messages; the message says why."""


class Overtaken(Exception):
    """The stream doesn't end where it was said to: look where it ends now."""


class Broker(Protocol):
    """An open line to a broker. Every method may raise `BrokerAway`, the first two `BrokerRefused` and `StreamSilent`.

    Several hosts use it at a time. After `BrokerAway` it is no longer used; the other two concern one host alone.
    """

    async def end(self, tenant: TenantId) -> End:
        """Where the host's stream ends; it is made if there is none."""

    async def append(self, tenant: TenantId, after: int, messages: Sequence[Message]) -> int:
        """Append messages behind the number `after`, in order; returns the last one's number once all are kept.

        Raises `Overtaken` when the stream doesn't end there. Whenever it raises, some of the first may have arrived.
        """

    def must_be_open(self) -> None:
        """Nothing, while the line isn't known to be gone."""


Connect = Callable[[], AbstractAsyncContextManager[Broker]]
"""Opens a line for as long as the context lasts, and never mends it: whoever lost one looks at all ends anew."""
