"""Why a count changed, and what stands behind a figure: over histories of a host."""

from random import Random

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity import MarketplaceId, StatementId, TenantId
from domain.results.changes import change
from domain.results.statement import CorrectionReasonGiven, DrawnFromLedger, StatementReason
from infra.event_log.store import EventLog
from services.application.queries import Queries
from services.application.questions.changes import ChangeView, changes
from services.application.questions.statements import contracts_behind, statement
from services.application.reading.trouble import CursorUnusable, NotDrawnFromLedger
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import History, figures, random_history
from tests.infra.projections.telling import Folded, catch_up
from tests.infra.projections.writing import append


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60), data=st.data())
async def test_changes_are_what_the_folds_say_and_add_up(
    seed: int,
    steps: int,
    data: st.DataObject,
    queries: Queries,
    event_log: EventLog,
    follower: asyncpg.Pool,
    database: DatabaseUrls,
) -> None:
    """Given any history, then the pages of changes between two positions are the folds' and make up the difference."""
    tenant = await new_tenant(database)
    told = random_history(Random(seed), steps).told
    await append(event_log, tenant, told)
    await catch_up(follower, tenant)
    since = data.draw(st.integers(0, len(told)))
    until = data.draw(st.integers(since, len(told)))
    whole, expected = Folded(told, since), {}
    for position in range(since + 1, until + 1):
        stream = told[position - 1].stream
        before = whole.rows.get(stream)
        whole.tell(position, told[position - 1])
        after = whole.rows.get(stream)
        if after is not None and (one := change(before, after)) is not None:
            expected[position] = (after.marketplace, one.contract, one.kind, one.contracts, one.value_minor)
    for edition in {MarketplaceId(envelope.stream) for envelope in told if envelope.type == "marketplace.planned.v1"}:
        found: list[ChangeView] = []
        cursor = None
        while True:
            view = await changes(queries, tenant, edition, since=since, until=until, limit=2, cursor=cursor)
            found += view.changes
            cursor = view.next
            if cursor is None:
                break
        assert {one.position: (edition, one.contract, one.kind, one.contracts, one.value_minor) for one in found} == {
            position: one for position, one in expected.items() if one[0] == edition
        }
        assert view.before.contracts + sum(one.contracts for one in found) == view.after.contracts
        assert view.before.value_minor + sum(one.value_minor for one in found) == view.after.value_minor


async def test_a_figure_leads_to_the_contracts_it_was_drawn_from(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given words drawn from the ledger, and later contracts, then each word leads to the contracts of its state."""
    history = History(Random(51))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    first = [history.deal(edition, parties) for _ in range(3)]
    history.drafted(edition, parties)
    seen = len(history.told)
    said = history.announced(edition, figures(3))
    history.tell(said, DrawnFromLedger(position=seen))
    then = len(history.told)
    late = history.deal(edition, parties)
    again = len(history.told)
    history.announced(edition, figures(4), said)
    history.tell(said, CorrectionReasonGiven(reason=StatementReason.COUNTED_WRONGLY))
    history.tell(said, DrawnFromLedger(position=again))
    history.announced(edition, figures(4), said)
    unfounded = history.announced(edition, figures(5))
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    told = await statement(queries, tenant, said)
    assert [(word.figures, word.drawn_from, word.stands) for word in told.words] == [
        (figures(3), seen, False),
        (figures(4), again, False),
        (figures(4), None, True),
    ]
    assert [word.reason for word in told.words] == [None, StatementReason.COUNTED_WRONGLY, None]
    boards = [word.ledger and word.ledger.contracts for word in told.words]
    assert boards == [3, 4, None]

    page = await contracts_behind(queries, tenant, said, as_of=then, limit=2, cursor=None)
    rest = await contracts_behind(queries, tenant, said, as_of=then, limit=2, cursor=page.next)
    assert [row.id for row in (*page.items, *rest.items)] == first
    row = page.items[0]
    assert {told.stream for told in (history.told[position - 1] for position in row.lineage)} == {row.id}
    corrected = await contracts_behind(queries, tenant, said, as_of=again + 3, limit=9, cursor=None)
    assert [row.id for row in corrected.items] == [*first, late]
    with pytest.raises(CursorUnusable):
        await contracts_behind(queries, tenant, said, as_of=again + 3, limit=2, cursor=page.next)
    for nothing in (said, unfounded):
        with pytest.raises(NotDrawnFromLedger):
            await contracts_behind(queries, tenant, StatementId(nothing), limit=2, cursor=None)
