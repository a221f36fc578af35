"""A process that writes: `python -m tests.faults.writer URL TENANT SEED`. Prints how many entries it had recorded."""

import asyncio
import sys
from random import Random

import asyncpg

from domain.identity import TenantId
from infra.clock import now
from infra.event_log.outcomes import Appended, Stale
from infra.event_log.store import EventLog
from infra.event_log.wire import Command, Row, append_once
from tests.infra.event_log.entries import CLASSES, appending, new_stream, note

WRITERS = 4
ROUNDS = 60


async def write(log: EventLog, tenant: TenantId, url: str, chance: Random) -> int:
    """Append one to three entries at a time; some are refused as stale, some are rolled back."""
    recorded = 0
    contested = new_stream()
    for number in range(ROUNDS):
        if chance.random() < 0.1:
            await roll_back(url, tenant)
            continue
        stream = new_stream() if chance.random() < 0.8 else contested
        entries = [note(tenant, stream, version) for version in range(1, chance.randint(1, 3) + 1)]
        outcome = await log.append(appending(tenant, *entries, key=f"{contested}-{number}"))
        match outcome:
            case Appended():
                recorded += len(entries)
            case Stale():
                pass
            case _:
                raise AssertionError(outcome)
        await asyncio.sleep(chance.random() * 0.01)
    return recorded


async def roll_back(url: str, tenant: TenantId) -> None:
    """An append that took positions and then never happened."""
    connection = await asyncpg.connect(url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        row = Row(new_stream(), 1, "test.closed.v1", now(), False, b"{}")
        await append_once(connection, Command(tenant, None, b"", [], [row]))
        await transaction.rollback()
    finally:
        await connection.close()


async def main(url: str, tenant: TenantId, seed: int) -> None:
    """Write with several hands and say how much was recorded."""
    log = await EventLog.open(url, CLASSES)
    hands = (write(log, tenant, url, Random(seed * 100 + hand)) for hand in range(WRITERS))
    recorded = sum(await asyncio.gather(*hands))
    await log.close()
    print(recorded)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], TenantId(sys.argv[2]), int(sys.argv[3])))
