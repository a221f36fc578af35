"""Questions of a host that statistics know nothing of: what is looked at grows with the answer, not with the host."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import asyncpg
import pytest

from domain.identity import MarketplaceId, TenantId
from infra.event_log.store import EventLog
from infra.projections.question import Question
from infra.projections.reader import Snapshot, Views
from infra.projections.readers import open_reading_pool
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import History
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append

FEW, MANY, ASKED = 10, 120, 3

Asked = Callable[[Snapshot, MarketplaceId], Awaitable[Any]]

_LOOKED_AT = "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int from pg_stat_xact_user_tables"
_QUESTIONS: dict[str, Asked] = {
    "a page of now": lambda views, edition: views.ledger(limit=ASKED, marketplace=edition),
    "a page as of the middle": lambda views, _: views.ledger(limit=ASKED, at=views.position // 2),
    "the newest as of the middle": lambda views, _: views.ledger(limit=ASKED, at=views.position // 2, newest=True),
    "what moved the board": lambda views, edition: views.moved(edition, 0, views.position, limit=ASKED),
}


@pytest.mark.parametrize("ask", _QUESTIONS.values(), ids=_QUESTIONS)
async def test_little_is_looked_at_for_little(
    hosts: dict[int, tuple[TenantId, MarketplaceId]], database: DatabaseUrls, ask: Asked
) -> None:
    """Given a host with few contracts and one with many, when a few are asked for, then about as many rows are read."""
    pool = await open_reading_pool(database.runtime, 1)
    try:
        few, many = [await _looked_at(Views(pool), *hosts[contracts], ask) for contracts in (FEW, MANY)]
    finally:
        await pool.close()
    assert few > 0
    assert many <= 2 * few + 10 * ASKED


async def _looked_at(views: Views, tenant: TenantId, edition: MarketplaceId, ask: Asked) -> int:
    async with views.snapshot(tenant) as snapshot:
        ((before,),) = await snapshot.answer(Question(_LOOKED_AT))
        assert len(await ask(snapshot, edition)) == ASKED
        ((after,),) = await snapshot.answer(Question(_LOOKED_AT))
    return int(after - before)


@pytest.fixture(scope="module")
async def hosts(event_log: EventLog, database: DatabaseUrls) -> dict[int, tuple[TenantId, MarketplaceId]]:
    """Hosts with so many contracts in one edition, each sealed."""
    found = {}
    pool = await asyncpg.create_pool(database.follower, min_size=1, max_size=4)
    for contracts in (FEW, MANY):
        tenant, history = await new_tenant(database), History(Random(contracts))
        edition = history.edition()
        history.open(edition)
        parties = history.pair(edition)
        for _ in range(contracts):
            history.deal(edition, parties)
        await append(event_log, tenant, history.told)
        await catch_up(pool, tenant)
        found[contracts] = tenant, MarketplaceId(edition)
    await pool.close()
    return found
