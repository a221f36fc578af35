"""What became different in the ledger between two moments: over any history, the folds' own difference."""

from random import Random

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity import MarketplaceId
from infra.event_log.store import EventLog
from services.application.queries import Queries
from services.application.questions.difference import DifferentView, difference
from services.application.reading.trouble import MomentsReversed
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import random_history
from tests.infra.projections.telling import Folded, catch_up
from tests.infra.projections.writing import append
from tests.services.queries.test_queries_as_of import shown, told


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60), data=st.data())
async def test_the_difference_is_that_of_two_fresh_folds(
    seed: int,
    steps: int,
    data: st.DataObject,
    queries: Queries,
    event_log: EventLog,
    follower: asyncpg.Pool,
    database: DatabaseUrls,
) -> None:
    """Given any history, then the difference of two positions is every row that two folds have otherwise."""
    tenant = await new_tenant(database)
    history = await append(event_log, tenant, random_history(Random(seed), steps).told)
    await catch_up(follower, tenant)
    since = data.draw(st.integers(0, len(history)))
    until = data.draw(st.integers(since, len(history)))
    before, after = Folded(history, since).rows, Folded(history, until).rows
    found: list[DifferentView] = []
    cursor = None
    while True:
        view = await difference(queries, tenant, None, since=since, until=until, limit=3, cursor=cursor)
        found += view.items
        cursor = view.next
        if cursor is None:
            break
    assert (view.since.position, view.until.position) == (since, until)
    assert [one.contract for one in found] == [
        row.id for row in sorted(after.values(), key=lambda row: row.position) if row != before.get(row.id)
    ]
    for one in found:
        row = before.get(one.after.id)  # type: ignore[call-overload]
        assert (None if one.before is None else shown(one.before)) == (None if row is None else told(row))
        assert shown(one.after) == told(after[one.after.id])  # type: ignore[index]
        assert all(since < position <= until for position in one.records)
        assert one.records[-1] == one.after.position


async def test_moments_in_the_wrong_order_are_refused(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, database: DatabaseUrls
) -> None:
    """Given a later moment before an earlier one, then the reader is told, and isn't given an empty list."""
    tenant = await new_tenant(database)
    history = random_history(Random(7), 20).told
    await append(event_log, tenant, history)
    await catch_up(follower, tenant)
    with pytest.raises(MomentsReversed):
        await difference(queries, tenant, None, since=len(history), until=3, limit=5, cursor=None)
    edition = next(MarketplaceId(one.stream) for one in history if one.type == "marketplace.planned.v1")
    whole = await difference(queries, tenant, edition, since=0, until=None, limit=200, cursor=None)
    assert all(one.before is None and one.after.marketplace == edition for one in whole.items)
