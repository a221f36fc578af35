"""Reading streams: what was decoded once is held, and says what the log says."""

from domain.identity import TenantId
from infra.event_log.outcomes import Append, Appended
from infra.event_log.store import EventLog
from tests.infra.event_log.entries import new_stream, note


async def test_what_was_decoded_once_is_held_and_what_came_since_is_read(log: EventLog, tenant: TenantId) -> None:
    """Given a stream that was read, when it has moved and is read again, then only the new entry is decoded."""
    stream = new_stream()

    async def append(version: int) -> None:
        one = note(tenant, stream, version)
        outcome = await log.append(Append(tenant=tenant, expected={stream: version - 1}, guards={}, entries=[one]))
        assert isinstance(outcome, Appended)

    await append(1)
    (first,) = (await log.read(tenant, None, [stream])).streams[stream]
    await append(2)
    again, second = (await log.read(tenant, None, [stream])).streams[stream]
    assert again.envelope is first.envelope
    assert (second.position, second.envelope.version) == (2, 2)
