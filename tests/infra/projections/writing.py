"""Bringing histories into the log: through its door, or, where a test needs other times, past its clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg

from domain.envelope import Envelope
from domain.identity import StreamId, TenantId
from domain.instant import instant, moment
from infra.clock import now
from infra.event_log.mapper import entry_bytes
from infra.event_log.outcomes import Append, Appended, ClockSkewed
from infra.event_log.store import EventLog

_TRIES = 10


async def append(log: EventLog, tenant: TenantId, envelopes: Sequence[Envelope]) -> list[Envelope]:
    """Append all at once, as one command, at the time it is now; returns the envelopes as they stand in the log.

    A machine that is too busy to get thousands of entries to the server within two seconds tries again.
    """
    expected: dict[StreamId, int] = {}
    for envelope in envelopes:
        expected.setdefault(envelope.stream, envelope.version - 1)
    for _ in range(_TRIES):
        stamped = [replace(envelope, time=instant(now())) for envelope in envelopes]
        outcome = await log.append(Append(tenant=tenant, expected=expected, guards={}, entries=stamped))
        if not isinstance(outcome, ClockSkewed):
            break
    assert isinstance(outcome, Appended), outcome
    return stamped


async def write_past(owner_url: str, tenant: TenantId, envelopes: Sequence[Envelope]) -> int:
    """Write entries at the times they tell, in the log writer's role, since the log's door refuses other times.

    The head's size and greatest time move along; the tree's edge doesn't (no projection reads it).
    """
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute("set local role handschlag_log_writer")
            size, latest = await connection.fetchrow(
                "select size, latest_at from log.heads where tenant = $1 for update", tenant
            )
            rows = []
            for envelope in envelopes:
                size += 1
                at = moment(envelope.time)
                latest = max(latest, at) if isinstance(latest, datetime) and latest.tzinfo else at
                rows.append((size, envelope, at, latest))
            await connection.execute(
                "insert into log.entries (tenant, position, stream, version, type, at, latest_at, rehearsal, bytes)"
                " select $1, e.* from unnest($2::bigint[], $3::uuid[], $4::int[], $5::text[], $6::timestamptz[],"
                " $7::timestamptz[], $8::boolean[], $9::bytea[]) as e",
                tenant,
                [position for position, *_ in rows],
                [envelope.stream for _, envelope, *_ in rows],
                [envelope.version for _, envelope, *_ in rows],
                [envelope.type for _, envelope, *_ in rows],
                [at for *_, at, _ in rows],
                [latest for *_, latest in rows],
                [envelope.rehearsal for _, envelope, *_ in rows],
                [entry_bytes(envelope) for _, envelope, *_ in rows],
            )
            await connection.execute(
                "update log.heads set size = $2, latest_at = $3 where tenant = $1", tenant, size, latest
            )
    finally:
        await connection.close()
    return int(size)
