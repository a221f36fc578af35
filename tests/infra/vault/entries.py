"""Records as a writer would append them, with commitments."""

from collections.abc import Mapping

from domain.envelope import Actor, Envelope
from domain.identity import EventId, PersonId, StreamId, TenantId
from domain.instant import instant
from domain.organisation.events import RepresentativeNamed
from infra.clock import fresh_id, now
from infra.event_log.outcomes import Append


def naming(tenant: TenantId, event: EventId, person: PersonId, sealed: Mapping[str, str]) -> Append:
    """The record `event`, which names the person and commits to their values."""
    stream = StreamId(fresh_id())
    entry = Envelope(
        origin=f"handschlag/{tenant}",
        id=event,
        stream=stream,
        version=1,
        type="organisation.representative_named.v1",
        time=instant(now()),
        actor=Actor(id=fresh_id(), role="clerk"),
        cause=None,
        correlation=None,
        rehearsal=False,
        data=RepresentativeNamed(person=person),
        sealed=sealed,
    )
    return Append(tenant=tenant, expected={stream: 0}, guards={}, entries=[entry])
