"""The sieve of contracts whose parties may have to be asked."""

from random import Random

import asyncpg

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.projections.reminders import Place, unasked
from tests.infra.projections.histories import History
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append


async def test_a_walk_in_steps_meets_every_contract_once(
    follower: asyncpg.Pool, event_log: EventLog, tenant: TenantId
) -> None:
    """Given five contracts that are late, when they are looked at two at a time, then each is met, and none twice."""
    history = History(Random(2006))
    edition = history.edition()
    history.open(edition)
    late = {history.deal(edition, history.pair(edition)) for _ in range(5)}
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    met, place = list[str](), None
    while True:
        found, place = await unasked(follower, 2, place)
        met += [one.row.id for one in found if one.tenant == tenant]
        assert len(found) <= 2
        if place is None:
            break
    assert sorted(met) == sorted(late)


async def test_a_look_ends_where_there_is_nothing_behind(follower: asyncpg.Pool, tenant: TenantId) -> None:
    """Given a place behind everything, then nothing is found there and there is nowhere to go on."""
    everything, end = await unasked(follower, 1_000_000)
    behind: Place = (TenantId("~"), 1, await follower.fetchval("select gen_random_uuid()"))
    assert end is None
    assert await unasked(follower, 1_000_000, behind) == ([], None)
    assert all(one.tenant != tenant for one in everything)
