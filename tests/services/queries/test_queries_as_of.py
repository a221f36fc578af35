"""As of a position or a moment: what was so then, and nothing that came later."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity import ContractId, MarketplaceId, TenantId, contract_of
from domain.ledger.row import LedgerRow
from domain.negotiation.events import TermsAccepted
from infra.event_log.store import EventLog
from services.application.queries import Queries
from services.application.reading.trouble import MomentUnclear, Parked, ProjectionBehind
from services.application.views import LedgerRowView
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.projections.histories import History, figures, random_history
from tests.infra.projections.telling import Folded, catch_up
from tests.infra.projections.writing import append, write_past

BERLIN = ZoneInfo("Europe/Berlin")


def told(row: LedgerRow) -> tuple[object, ...]:
    """What a row says that both the fold's value and the view hold."""
    signed = tuple((party.participation, party.signed, party.publicity) for party in row.parties)
    titles = tuple((pledge.title, pledge.value) for pledge in row.pledges)
    value = (row.value.minor, row.value.counted, row.value.unvalued)
    stands = (row.id, row.state, row.number, row.returns, row.position, tuple(row.lineage))
    return (*stands, row.drafted_at, row.certified_at, row.terms_hash, row.one_sided, signed, titles, value)


def shown(row: LedgerRowView) -> tuple[object, ...]:
    return told(row)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60), page=st.sampled_from([1, 9, 1000]), data=st.data())
async def test_as_of_a_position_is_a_fresh_fold_up_to_it(
    seed: int,
    steps: int,
    page: int,
    data: st.DataObject,
    queries: Queries,
    event_log: EventLog,
    follower: asyncpg.Pool,
    database: DatabaseUrls,
) -> None:
    """Given any history, then the ledger and the tally as of any position are those of a fold that stops there."""
    tenant = await new_tenant(database)
    stands = await append(event_log, tenant, random_history(Random(seed), steps).told)
    await catch_up(follower, tenant, page=page)
    for position in data.draw(st.lists(st.integers(0, len(stands)), min_size=1, max_size=5)):
        folded = Folded(stands, position)
        found = await queries.ledger(tenant, as_of=position)
        assert {shown(row) for row in found.items} == {told(row) for row in folded.rows.values()}
        for marketplace, tally in folded.tallies.items():
            board = (await queries.results(tenant, marketplace, as_of=position)).ledger
            assert (board.contracts, board.value_minor, board.forms, board.at_notary, board.position) == (
                tally.contracts,
                tally.value_minor,
                tally.forms,
                tally.at_notary,
                tally.position,
            )


async def edition_with_deals(
    owner: str, tenant: TenantId, moments: list[datetime]
) -> tuple[MarketplaceId, list[ContractId]]:
    """An edition at which one contract is certified at each of the moments."""
    history = History(Random(31), at=min(moments) - timedelta(days=1))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    contracts = []
    for moment in moments:
        history.at = moment
        contracts.append(history.deal(edition, parties))
    await write_past(owner, tenant, history.told)
    return edition, contracts


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0), datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)),
        (datetime(2026, 3, 29, 1, 59, 59, tzinfo=BERLIN), datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)),
    ],
    ids=["the doubled hour of 25 October", "the missing hour of 29 March"],
)
async def test_as_of_a_moment_at_the_changes_of_the_clock(
    before: datetime,
    after: datetime,
    queries: Queries,
    follower: asyncpg.Pool,
    database: DatabaseUrls,
    tenant: TenantId,
) -> None:
    """Given a deal before and one after the clocks changed, then each moment tells just what had happened by then."""
    edition, (first, second) = await edition_with_deals(database.owner, tenant, [before, after])
    await catch_up(follower, tenant)

    async def certified(moment: datetime) -> list[str]:
        return [row.id for row in (await queries.ledger(tenant, edition, as_of=moment)).items]

    tick = timedelta(microseconds=1)
    assert await certified(before.astimezone(UTC) - tick) == []
    assert await certified(before) == [first]
    assert await certified(datetime.fromisoformat(before.isoformat())) == [first]
    assert await certified(after.astimezone(UTC) - tick) == [first]
    assert await certified(after) == [first, second]
    assert await certified(datetime.fromisoformat(after.isoformat())) == [first, second]
    assert (await queries.results(tenant, edition, as_of=before)).ledger.contracts == 1


@pytest.mark.parametrize("unclear", [datetime(2026, 10, 25, 2, 30), -1, True])  # noqa: DTZ001 - naive is the point
async def test_unclear_moments_are_refused(unclear: datetime | int, queries: Queries, tenant: TenantId) -> None:
    """Given a naive time (in the doubled hour it would be two), or no position, then it is refused."""
    with pytest.raises(MomentUnclear):
        await queries.ledger(tenant, as_of=unclear)


async def test_read_your_own_writes(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given a command's position, when the projector is slow, then waiting for it shows what was written."""
    history = History(Random(32))
    edition = history.edition()
    await append(event_log, tenant, history.told)

    async def late() -> None:
        await asyncio.sleep(0.1)
        await catch_up(follower, tenant)

    telling = asyncio.create_task(late())
    await queries.wait_for(tenant, len(history.told), timeout=30)
    assert (await queries.marketplace(tenant, edition)).title == "Ruhrdax"
    await telling


async def test_what_isnt_told_in_time(queries: Queries, event_log: EventLog, tenant: TenantId) -> None:
    """Given no projector, then waiting ends; given a position that the log hasn't, it ends at once."""
    history = History(Random(33))
    history.edition()
    await append(event_log, tenant, history.told)
    with pytest.raises(ProjectionBehind) as behind:
        await queries.wait_for(tenant, 1, timeout=0.05)
    assert (behind.value.position, behind.value.reached) == (1, 0)
    with pytest.raises(ProjectionBehind):
        await queries.ledger(tenant, as_of=1)
    async with asyncio.timeout(30):
        with pytest.raises(ProjectionBehind):
            await queries.wait_for(tenant, 2, timeout=60)


async def test_what_is_held_back_is_said(
    queries: Queries, event_log: EventLog, follower: asyncpg.Pool, tenant: TenantId
) -> None:
    """Given a table whose record can't be told, then asking for it, for its contract or its position says so."""
    history = History(Random(34))
    edition = history.edition()
    history.open(edition)
    parties = history.pair(edition)
    sound, sick = history.deal(edition, parties), history.negotiation(edition, parties)
    for party in (parties[1], parties[0]):
        history.tell(sick, TermsAccepted(by=party.participation))
    poison = len(history.told)
    history.announced(edition, figures(5))
    await append(event_log, tenant, history.told)
    await catch_up(follower, tenant)

    with pytest.raises(Parked):
        await queries.negotiation(tenant, sick)
    with pytest.raises(Parked):
        await queries.trail(tenant, contract_of(sick))
    with pytest.raises(Parked):
        await queries.wait_for(tenant, poison)
    await queries.wait_for(tenant, poison + 1)
    assert (await queries.contract(tenant, sound)).number == 1
