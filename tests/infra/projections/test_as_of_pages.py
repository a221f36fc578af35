"""A ledger's page as of a position is a range of an index, however long the history is."""

from random import Random

import asyncpg

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.projections.reader import Views
from infra.projections.readers import open_reading_pool
from tests.auditor.editions import play
from tests.conftest import DatabaseUrls
from tests.infra.projections.histories import History
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append

PAGE = 10


async def test_a_page_as_of_a_position_reads_no_more_than_its_contracts(
    follower: asyncpg.Pool, event_log: EventLog, database: DatabaseUrls, tenant: TenantId
) -> None:
    """Given a history, when its middle's first page is read, then in drafting order, and by the index for it alone.

    The planner is asked without sequential scans and sorts: with a history this short it would rightly take them.
    """
    history = History(Random(17))
    play(history, 60)
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)
    middle = len(history.told) // 2
    plan = await follower.fetch(
        "explain select doc from views.ledger where tenant = $1 and generation = 1 and valid_from <= $2"
        " and (valid_until is null or valid_until > $2) and drafted <= $2 order by drafted limit 10",
        tenant,
        middle,
    )
    pool = await open_reading_pool(database.runtime, 1)
    try:
        async with Views(pool).snapshot(tenant) as snapshot:
            page = await snapshot.ledger(limit=PAGE, at=middle)
    finally:
        await pool.close()
    assert len(page) == PAGE
    assert any("ledger_in_order" in line for (line,) in plan), plan
    assert not any("Sort" in line for (line,) in plan), plan
