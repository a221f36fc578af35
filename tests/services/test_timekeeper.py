"""What time brings: a forgotten gong closes trading by itself, open tables lapse, and two timekeepers do no harm."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Any

import asyncpg
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
from services.api.posting import idempotency_key
from services.api.problems import IdempotencyKeyMissing
from services.application.asking import ANY_VERSION, Caller, Wish
from services.application.commands import Application
from services.application.queries import Queries
from services.application.seen import fold
from services.projector.projector import Projector
from services.timekeeper.timekeeper import Timekeeper
from tests.conftest import DatabaseUrls
from tests.infra.projections.histories import History
from tests.infra.projections.writing import append, write_past
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


async def test_nobody_can_take_the_timekeepers_keys(
    application: Application, queries: Queries, database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Given a gong that the timekeeper rang, when somebody sends the key that it used, then it is no key of theirs."""
    await _opened(application, database, queries, tenant, minutes_ago=71)
    await Timekeeper(application, queries, event_log.wakeups).round()
    owner = await asyncpg.connect(database.owner)
    await owner.execute("set role handschlag_log_writer")
    key = await owner.fetchval("select key from log.keys where tenant = $1 order by last desc limit 1", tenant)
    await owner.close()
    assert "close" in key
    with pytest.raises(IdempotencyKeyMissing):
        idempotency_key({"idempotency-key": key})


async def test_a_stream_that_cant_be_read_holds_up_no_other(
    application: Application, queries: Queries, database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Given a forgotten edition with a record of a later version, when time is kept, then the next one is closed."""
    editions = [await _opened(application, database, queries, tenant, minutes_ago=71) for _ in range(2)]
    running = [each.marketplace for each in await queries.running_editions() if each.tenant == tenant]
    assert sorted(running) == sorted(editions)
    sick, sound = running
    opened = (await event_log.read(tenant, None, [sick])).streams[sick][-1].envelope
    later = replace(opened, type="marketplace.trading_opened.v9", version=opened.version + 1)
    await write_past(database.owner, tenant, [later])
    timekeeper = Timekeeper(application, queries, event_log.wakeups)
    await timekeeper.round()
    assert isinstance(await _state(event_log, tenant, sound), TradingOver)


async def test_what_waits_takes_no_other_table_s_place(
    queries: Queries, database: DatabaseUrls, event_log: EventLog, tenant: TenantId
) -> None:
    """Given tables left open, when some are put off, then a look meets the others alone."""
    history = History(Random(8))
    edition = history.edition()
    history.open(edition)
    floor = history.pair(edition)
    for _ in range(3):
        history.negotiation(edition, floor)
    history.close(edition)
    await append(event_log, tenant, history.told)
    await _tell(database, event_log, queries, tenant, len(history.told))
    found = [table.negotiation for table in await queries.tables_left_open(limit=10_000) if table.tenant == tenant]
    assert len(found) == 3
    left = await queries.tables_left_open(*((tenant, id_) for id_ in found[:2]), limit=10_000)
    assert [table.negotiation for table in left if table.tenant == tenant] == found[2:]


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
