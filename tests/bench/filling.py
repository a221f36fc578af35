"""A log of any size in minutes: whole editions, one after the other, through the log's own door."""

import sys
import time
from datetime import timedelta
from random import Random

from domain.identity import TenantId
from infra.event_log.store import EventLog
from tests.auditor.editions import play
from tests.infra.projections.histories import History
from tests.infra.projections.writing import append

CONTRACTS = 180
"""Contracts of an edition: with everything round them some 2,100 records, which are appended at once."""


async def fill(log: EventLog, tenant: TenantId, records: int, contracts: int = CONTRACTS) -> int:
    """Append editions until the log has at least `records` records; answers how many it has."""
    random, size, started = Random(2006), (await log.head(tenant)).size, time.monotonic()
    history = History(random, origin=f"handschlag/{tenant}")
    while size < records:
        edition = History(random, origin=history.origin, at=history.at)
        play(edition, contracts, told_before=size)
        await append(log, tenant, edition.told)
        size += len(edition.told)
        history.at += timedelta(days=365)
        if history.at.year > 9000:
            history.at = history.at.replace(year=2006)
        _tell(size, records, started)
    return size


def _tell(size: int, records: int, started: float) -> None:
    if sys.stderr.isatty() or size >= records:
        took = time.monotonic() - started
        end = "" if size < records else "\n"
        sys.stderr.write(f"\r{size:,} of {records:,} records, {size / took:,.0f} a second{end}")
