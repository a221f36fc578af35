"""Facts that exist for the log's tests alone, and short ways to say an append."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from domain.envelope import Actor, Envelope
from domain.identity import EventId, ParticipationId, StreamId, TenantId
from domain.instant import instant
from infra.clock import fresh_id, now
from infra.event_log.outcomes import Append


class Mood(StrEnum):
    GLAD = "glad"
    SORRY = "sorry"


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    quantity: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Noted:
    text: str
    mood: Mood
    lines: tuple[Line, ...]
    urgent: bool


@dataclass(frozen=True, slots=True)
class Closed:
    reason: str


CLASSES: Mapping[str, type] = {"test.noted.v1": Noted, "test.closed.v1": Closed}


def new_stream() -> StreamId:
    return StreamId(fresh_id())


def note(
    tenant: TenantId, stream: StreamId, version: int, text: str = "Ein Gruß", at: datetime | None = None
) -> Envelope:
    return Envelope(
        origin=f"handschlag/{tenant}",
        id=EventId(fresh_id()),
        stream=stream,
        version=version,
        type="test.noted.v1",
        time=instant(at or now()),
        actor=Actor(id="p-1", role="representative", on_behalf_of=ParticipationId(new_stream())),
        cause=None,
        correlation=None,
        rehearsal=False,
        data=Noted(text, Mood.GLAD, (Line("Garten", 8, date(2006, 9, 18)),), urgent=False),
        sealed={},
    )


def appending(
    tenant: TenantId,
    *entries: Envelope,
    key: str | None = None,
    request: str = "a request",
    guards: Mapping[StreamId, int] | None = None,
) -> Append:
    """An append of `entries` that expects each stream to be where its first entry continues it."""
    return Append(
        tenant=tenant,
        key=key,
        request=sha256(request.encode()).digest() if key else b"",
        expected=first_expected(entries),
        guards=guards or {},
        entries=entries,
    )


def first_expected(entries: Sequence[Envelope]) -> dict[StreamId, int]:
    expected: dict[StreamId, int] = {}
    for entry in entries:
        expected.setdefault(entry.stream, entry.version - 1)
    return expected
