"""Our entries as the events of `eventsourcing`, for `infra.event_log.recorder` and the library's tools.

The command path doesn't go by way of it, and a service starts without it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.codec import Malformed
from domain.envelope import Envelope
from domain.frozen import dataclass
from infra.event_log.mapper import entry_bytes, moment_of, read_entry


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """An envelope as `eventsourcing` wants its events: told by originator and version."""

    envelope: Envelope

    @property
    def originator_id(self) -> UUID:
        """The stream."""
        return UUID(self.envelope.stream)

    @property
    def originator_version(self) -> int:
        """The stream's version, from 1."""
        return self.envelope.version


@dataclass(frozen=True)
class StoredEntry(StoredEvent):
    """A stored event that tells its columns' time and rehearsal mark, so that nobody has to look into its bytes."""

    at: datetime
    rehearsal: bool


class EntryMapper(Mapper[UUID]):
    """`eventsourcing`'s mapper over our entries: a topic is a stored name, looked up in a table, never imported."""

    def __init__(self, classes: Mapping[str, type]) -> None:
        super().__init__(JSONTranscoder())
        self._classes = classes

    def to_stored_event(self, domain_event: Any) -> StoredEntry:
        """The stored entry of an `EntryEvent`; raises `Malformed` when it can't be an entry."""
        envelope: Envelope = domain_event.envelope
        return StoredEntry(
            UUID(envelope.stream),
            envelope.version,
            envelope.type,
            entry_bytes(envelope),
            moment_of(envelope.time),
            envelope.rehearsal,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> EntryEvent:
        """The `EntryEvent` of a stored event; raises `Malformed` when columns and bytes tell different stories."""
        envelope = read_entry(stored_event.state, self._classes)
        told = (UUID(envelope.stream), envelope.version, envelope.type)
        if told != (stored_event.originator_id, stored_event.originator_version, stored_event.topic):
            raise Malformed(f"stored as {stored_event.topic}, but its bytes say {told}")
        return EntryEvent(envelope)
