"""What an append says, and what comes of it. Outcomes are values; only broken lines and mistakes are exceptions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from domain.envelope import Envelope, Recorded
from domain.frozen import dataclass
from domain.identity import StreamId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """What one command appends to its tenant's log, all or none.

    `key` is its idempotency key, `request` the SHA-256 of what was asked (b"" without a key). `expected` says of
    every written stream at which version it was (0: it doesn't exist yet); `guards` says the same of streams that
    were consulted and aren't written. `entries` stand in the log in this order, each stream's versions in a row.
    """

    tenant: TenantId
    key: str | None = None
    request: bytes = b""
    expected: Mapping[StreamId, int]
    guards: Mapping[StreamId, int]
    entries: Sequence[Envelope]


@dataclass(frozen=True, slots=True)
class Appended:
    """Recorded at the positions `first` to `last`; `hashes` are the entries' leaf hashes (RFC 6962), 32 bytes each."""

    first: int
    last: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The key was used for this very request, which was recorded at these positions."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Stale:
    """A stream to be written has moved: it is at version `actual`."""

    stream: StreamId
    actual: int


@dataclass(frozen=True, slots=True)
class GuardFailed:
    """A stream that was consulted has moved: it is at version `actual`. Decide again."""

    stream: StreamId
    actual: int


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class ClockSkewed:
    """The entries' time is more than 2 s from the database's clock. Decide again with a fresh time."""


@dataclass(frozen=True, slots=True)
class TenantUnknown:
    """There is no such host."""


@dataclass(frozen=True, slots=True)
class Busy:
    """The queue is full, or the tenant's head was held by others for too long. Nothing was recorded."""


Outcome: TypeAlias = Appended | Replayed | Stale | GuardFailed | KeyReused | ClockSkewed | TenantUnknown | Busy


class FateUnknown(Exception):
    """The connection was lost while the append was under way; it may or may not have been recorded."""


class LogUnavailable(Exception):
    """The database can't be reached; nothing was recorded."""


class LogClosed(Exception):
    """This event log is closed; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """An idempotency key's stored answer: the request's SHA-256 and the positions it was recorded at."""

    request: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a command needs to know: its key's answer, if it was used, and its streams' entries by version."""

    known: KnownKey | None
    streams: dict[StreamId, list[Recorded]]


@dataclass(frozen=True, slots=True)
class RecordedBytes:
    """An entry as it stands: exact `bytes` at `position`, and the columns by which it is found."""

    position: int
    stream: StreamId
    version: int
    type: str
    time: datetime
    rehearsal: bool
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How far a tenant's log reaches.

    It has `size` entries; `edge` is the right edge of its Merkle tree (see `domain.transparency.merkle`), and
    `latest_at` the greatest time so far (None when it's empty).
    """

    size: int
    edge: tuple[bytes | None, ...]
    latest_at: datetime | None
