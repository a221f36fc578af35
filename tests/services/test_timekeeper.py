"""What time brings: a forgotten gong closes trading by itself, open tables lapse, and two timekeepers do no harm."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from domain.access.roles import Role
from domain.aggregates import MARKETPLACE
from domain.identity import AreaId, KeyId, MarketplaceId, StreamId, TenantId
from domain.instant import instant
from domain.marketplace import commands
from domain.marketplace.plan import Area, Counted, Plan, Reciprocity, Visibility
from domain.marketplace.state import Trading, TradingOver
from infra.clock import fresh_id, now
from infra.event_log.store import EventLog
from infra.vault.vault import Vault
from services.application.asking import ANY_VERSION, Caller, Wish
from services.application.commands import Application
from services.application.queries import Queries
from services.application.seen import fold
from services.projector.projector import Projector
from services.timekeeper.timekeeper import Timekeeper
from tests.conftest import DatabaseUrls
from tests.infra.projections.histories import History
from tests.infra.projections.writing import append
from tests.vaults import open_test_vault

PLAN = Plan(
    title="Probe: vergessener Gong",
    season=2026,
    date=date(2026, 11, 23),
    venue=None,
    time_zone="Europe/Berlin",
    trading_minutes=60,
    grace_minutes=10,
    noun="Vereinbarungen",
    areas=(Area(id=AreaId("know-how"), label="Wissen"),),
    reciprocity=Reciprocity.ENCOURAGED,
    counted=Counted.COMPANIES,
    visibility=Visibility.NEVER,
    hourly_rate_minor=1500,
    first_contact_days=14,
    rehearsal=True,
)


@pytest.fixture
async def vault(event_log: EventLog) -> Vault:
    """A vault."""
    return await open_test_vault(event_log.pool)


@pytest.fixture
def application(event_log: EventLog, vault: Vault) -> Application:
    """The writer of the log."""
    return Application(event_log, vault)


@pytest.fixture
async def queries(database: DatabaseUrls, event_log: EventLog, vault: Vault) -> AsyncIterator[Queries]:
    """The reader of views."""
    found = await Queries.open(database.runtime, database.follower, event_log, vault)
    yield found
    await found.close()


async def _ask(application: Application, tenant: TenantId, edition: StreamId, command: Any) -> int:
    caller = Caller(tenant=tenant, key=KeyId("test"), member=fresh_id(), role=Role.HOST_ADMIN)
    key = fresh_id()
    wish = Wish(
        caller=caller, key=key, fingerprint=sha256(key.encode()).digest(), if_match=ANY_VERSION, correlation=None
    )
    return (await application.carry_out(wish, edition, command, creates=True)).position


async def _state(log: EventLog, tenant: TenantId, edition: StreamId) -> Any:
    return fold(MARKETPLACE, (await log.read(tenant, None, [edition])).streams[edition]).state


async def _tell(database: DatabaseUrls, log: EventLog, queries: Queries, tenant: TenantId, position: int) -> None:
    """Let a projector tell the views up to a position."""
    projector = asyncio.create_task(Projector(database.follower, log.wakeups).run())
    await queries.wait_for(tenant, position, 20)
    projector.cancel()
    await asyncio.gather(projector, return_exceptions=True)


async def _opened(
    application: Application,
    database: DatabaseUrls,
    queries: Queries,
    tenant: TenantId,
    minutes_ago: int,
) -> MarketplaceId:
    """An edition whose opening gong rang some minutes ago, told by the views."""
    edition = MarketplaceId(StreamId(fresh_id()))
    await _ask(application, tenant, edition, commands.PlanMarketplace(plan=replace(PLAN)))
    at = instant(now() - timedelta(minutes=minutes_ago))
    position = await _ask(application, tenant, edition, commands.OpenTrading(at=at))
    await _tell(database, application.log, queries, tenant, position)
    return edition


async def test_a_forgotten_gong_closes_trading_after_its_grace(
    application: Application, queries: Queries, database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Given an end announced 11 minutes ago and ten minutes of grace, when two timekeepers look, it is closed once."""
    edition = await _opened(application, database, queries, tenant, minutes_ago=71)
    for _ in range(2):
        await Timekeeper(application, queries, event_log.wakeups).round()
    assert isinstance(await _state(event_log, tenant, edition), TradingOver)
    closed = await event_log.page(tenant, 0, 10, ("marketplace.trading_closed.v1",))
    assert len(closed) == 1
    assert b'"closing":"grace_over"' in closed[0].bytes
    assert b'"id":"timekeeper"' in closed[0].bytes


async def test_within_its_grace_the_gong_is_left_to_people(
    application: Application, queries: Queries, database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Given an end announced nine minutes ago and ten minutes of grace, when the timekeeper looks, trading goes on."""
    edition = await _opened(application, database, queries, tenant, minutes_ago=69)
    await Timekeeper(application, queries, event_log.wakeups).round()
    assert isinstance(await _state(event_log, tenant, edition), Trading)


async def test_whoever_is_late_is_asked_though_others_wait_before_them(
    application: Application, queries: Queries, database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Given as many contracts that wait for today as a look takes, when late ones stand behind, they are asked."""
    history = History(Random(7))
    edition = history.edition()
    history.open(edition)
    floor = history.pair(edition)
    contracts = {}
    for last in (now().date(), date(2007, 3, 31)) * 4:
        terms = history.terms(floor)
        pledges = tuple(replace(pledge, due_until=last) for pledge in terms.pledges)
        contract = history.drafted(edition, floor, replace(terms, pledges=pledges))
        history.signed(contract, floor)
        history.submitted(contract)
        history.certified(edition, contract)
        contracts[contract] = last
    await append(event_log, tenant, history.told)
    await _tell(database, event_log, queries, tenant, len(history.told))
    late = {contract for contract, last in contracts.items() if last.year == 2007}
    in_order = sorted(contracts)
    assert sum(contract not in late for contract in in_order[: in_order.index(max(late))]) >= 2

    timekeeper = Timekeeper(application, queries, event_log.wakeups, most=2)
    asked = set[str]()
    async with asyncio.timeout(60):
        while asked != late:
            await timekeeper.round()
            asked = {entry.stream for entry in await event_log.page(tenant, 0, 100, ("contract.reminded.v1",))}
            assert asked <= late
