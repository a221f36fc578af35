"""The envelope round a fact: which stream, which version, when, by whom, and why (DESIGN §4, Entry)."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from domain.frozen import dataclass
from domain.identity import EventId, ParticipationId, StreamId
from domain.instant import Instant
from domain.shapes import shared

FORMAT = 1
MAX_ENTRY_BYTES = 65_535
"""The length prefix of C2SP `tlog-tiles` entry bundles has 16 bits."""


@shared
@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it: a member's pseudonym (or `timekeeper`), in which role, and for which party, if for one."""

    id: str
    role: str
    on_behalf_of: ParticipationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A fact with its circumstances. Its bytes (`domain.codec`) are what is stored, hashed and streamed.

    `origin` is the tenant's log name; `cause` the event that led to this one; `correlation` binds what one
    request did; `rehearsal` marks a Probe; `sealed` maps a field's name to the commitment (lower-case hex) to
    a personal value that stands in the vault.
    """

    origin: str
    id: EventId
    stream: StreamId
    version: int
    type: str
    time: Instant
    actor: Actor
    cause: EventId | None
    correlation: str | None
    rehearsal: bool
    data: Any
    sealed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An envelope at its `position` (1, 2, 3 … without a gap) in the tenant's log."""

    position: int
    envelope: Envelope
