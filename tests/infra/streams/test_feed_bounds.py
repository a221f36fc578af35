"""A reader who hears little looks through a long log bit by bit: it loses nothing, and leaves connections to others."""

import asyncio

import asyncpg
import pytest

from domain.identity import TenantId
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from infra.event_log.reader import open_pool
from infra.event_log.store import EventLog
from infra.streams.feed import LOOKED, THROUGH, Feed, Stretch
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.streams.records import sprinkled

LENGTH = THROUGH + 2 * LOOKED + 300
CERTIFIED = (LOOKED, LOOKED + 1, 2 * LOOKED, 2 * LOOKED + 7, LENGTH - 5, LENGTH - 1)
"""Positions of what the public hears; some stand where a look ends and the next begins."""

PUBLIC = Filter(audience=Audience.PUBLIC)
PATIENCE = 30.0
"""Seconds for which a connection that is free may be waited for."""


@pytest.fixture(scope="module")
async def long(database: DatabaseUrls, event_log: EventLog) -> TenantId:
    """A host with a long log of which the public hears little."""
    tenant = await new_tenant(database)
    await sprinkled(event_log, tenant, LENGTH, CERTIFIED)
    return tenant


async def test_a_look_has_an_end_although_nothing_was_found(event_log: EventLog, long: TenantId) -> None:
    """Given many records that the public doesn't hear, then a look ends after so many and says that there is more."""
    feed = Feed(event_log.pool)
    assert await feed.stretch(long, 2 * LOOKED + 7, PUBLIC, 1) == Stretch([], 3 * LOOKED + 7, True)


async def test_an_answer_looks_through_so_many_at_most(event_log: EventLog, long: TenantId) -> None:
    """Given nothing to hear for longer than an answer looks, then it holds nothing, and goes on where it came to."""
    found = await Feed(event_log.pool).gather(long, 2 * LOOKED + 7, PUBLIC, 200)
    assert (found.heard, found.more) == ([], True)
    assert found.reached == 2 * LOOKED + 7 + THROUGH


@pytest.mark.parametrize("most", [1, 2, 3, 200])
@pytest.mark.parametrize("after", [0, LOOKED - 1, LOOKED, LOOKED + 3])
async def test_nothing_is_lost_or_doubled_between_looks(
    event_log: EventLog, long: TenantId, most: int, after: int
) -> None:
    """Given readers with pages of any size from anywhere, when they go on after `reached`, then they hear each once."""
    feed, found, reached, more = Feed(event_log.pool), [], after, True
    while more:
        stretch = await feed.gather(long, reached, PUBLIC, most)
        found += [heard.recorded.position for heard in stretch.heard]
        assert len(stretch.heard) <= most
        assert stretch.reached > reached
        reached, more = stretch.reached, stretch.more
    assert found == [position for position in CERTIFIED if position > after]
    assert reached == LENGTH


async def test_whoever_is_at_the_head_or_beyond_it_stays_there(event_log: EventLog, long: TenantId) -> None:
    """Given a position that the log hasn't got to, then there is nothing, and the reader isn't sent back."""
    feed = Feed(event_log.pool)
    for after in (LENGTH, LENGTH + 10, 10**15):
        assert await feed.stretch(long, after, PUBLIC) == Stretch([], after, False)


async def test_many_readers_leave_connections_to_others(database: DatabaseUrls, long: TenantId) -> None:
    """Given readers that all wait for the database, then whoever else shares their pool still gets a connection."""
    pool = await open_pool(database.runtime, 4)
    owner = await asyncpg.connect(database.owner)
    feed = Feed(pool, at_once=2)
    try:
        async with owner.transaction():
            await owner.execute("lock table log.heads in access exclusive mode")
            readers = [asyncio.create_task(feed.stretch(long, 0, PUBLIC, 1)) for _ in range(20)]
            async with asyncio.timeout(PATIENCE):
                while pool.get_idle_size() or pool.get_size() < 2:  # noqa: ASYNC110 - the pool's own figures
                    await asyncio.sleep(0.01)
                assert await pool.fetchval("select 1") == 1
        told = await asyncio.gather(*readers)
        assert [heard.recorded.position for stretch in told for heard in stretch.heard] == [LOOKED] * 20
    finally:
        await owner.close()
        await pool.close()
