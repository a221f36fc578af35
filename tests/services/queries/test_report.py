"""The report as readers get it is the report of the folds, as of any position."""

from random import Random

import asyncpg
import pytest

from domain.identity import MarketplaceId, StreamId, TenantId
from domain.refusal import NotThere
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from services.application.queries import Queries
from services.application.questions import report as question
from tests.domain.test_report import reported
from tests.infra.projections.histories import random_history
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append


@pytest.mark.parametrize("chunk", [3, 1000])
async def test_the_report_is_as_of_a_position(
    chunk: int,
    queries: Queries,
    event_log: EventLog,
    follower: asyncpg.Pool,
    tenant: TenantId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a long history, then at every tenth position the answer is what folding up to there says."""
    monkeypatch.setattr(question, "CHUNK", chunk)
    told = await append(event_log, tenant, random_history(Random(61), 60).told)
    await catch_up(follower, tenant)
    edition = MarketplaceId(told[0].stream)
    for position in (*range(1, len(told), 10), len(told)):
        found = await question.report(queries, tenant, edition, as_of=position)
        expected = reported(told, edition, position)
        assert found.position == position
        assert (found.contracts, found.value_minor, found.unvalued) == (
            expected.contracts,
            expected.value_minor,
            expected.unvalued,
        )
        assert (found.sides, found.tables, found.over_time) == (
            list(expected.sides),
            expected.tables,
            expected.over_time,
        )
        assert {area.area: area.pledges.count for area in found.areas}["hands"] == expected.areas[0].pledges.count
        assert (found.returned, found.returns) == (expected.returned, expected.returns)
    assert {area.label for area in found.areas} == {"Wissen", "Helfende Hände"}
    with pytest.raises(NotThere):
        await question.report(queries, tenant, MarketplaceId(StreamId(fresh_id())))
