"""A long history made of a short one: to every reader it is as good as any other."""

from random import Random

from domain.identity import TenantId
from infra.event_log.mapper import entry_bytes
from infra.event_log.store import EventLog
from infra.projections.pool import open_follower_pool
from infra.projections.rebuild import rebuild
from services.cli.bench.copying import Template, copy_until
from tests.auditor.editions import play
from tests.conftest import DatabaseUrls
from tests.infra.projections.histories import History

CONTRACTS = 12


async def test_copies_are_editions_of_their_own(
    event_log: EventLog,
    database: DatabaseUrls,
    tenant: TenantId,
) -> None:
    """Given an edition, when it is told three times under other ids, then the views hold three editions' contracts."""
    history = History(Random(3))
    play(history, CONTRACTS)
    template = Template([entry_bytes(entry) for entry in history.told])
    once, again = template.copy(tenant, 1), template.copy(tenant, 2)
    assert not {entry.stream for entry in once} & {entry.stream for entry in again}
    size = await copy_until(event_log, tenant, template, 2 * len(history.told) + 1, lambda _: None)
    await rebuild(database.follower, tenant)
    assert size == 3 * len(history.told)
    pool = await open_follower_pool(database.follower)
    try:
        assert not await pool.fetch("select * from views.parked where tenant = $1", tenant)
        contracts = "select count(distinct id) from views.ledger where tenant = $1"
        assert await pool.fetchval(contracts, tenant) == 3 * CONTRACTS
    finally:
        await pool.close()
