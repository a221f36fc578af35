"""Looking up by key: what it costs doesn't grow with what the host has, whatever the planner knows of it."""

from typing import Any, NamedTuple

import asyncpg
import pytest

from domain.identity import TenantId
from infra.projections.store import CONTRACTS, ENTRIES, TALLIES
from tests.conftest import DatabaseUrls, new_tenant
from tests.pages_read import pages_read

ASKED = 10
FEW, MANY = 50, 4_000


class Looking(NamedTuple):
    """A question by ids, and what fills the table that it is asked of."""

    question: str
    more: tuple[Any, ...]
    ids: str
    fill: str


_CONTRACTS = """
insert into views.ledger (tenant, generation, id, valid_from, drafted, marketplace, state, rehearsal, doc)
select $1, 1, gen_random_uuid(), number, number, gen_random_uuid(), 'drafted', false, '{}'
from generate_series(1, $2) number
"""
_ENTRIES = """
insert into views.directory (tenant, generation, id, kind, version, first, position, state, rehearsal, doc)
select $1, 1, gen_random_uuid(), 'organisation', 1, number, number, 'Registered', false, '{}'
from generate_series(1, $2) number
"""
_TALLIES = """
insert into views.tallies (tenant, generation, marketplace, valid_from, doc)
select $1, 1, gen_random_uuid(), number, '{}' from generate_series(1, $2) number
"""
LOOKINGS = {
    "entries": Looking(ENTRIES, (), "id from views.directory", _ENTRIES),
    "contracts": Looking(CONTRACTS, (None,), "id from views.ledger", _CONTRACTS),
    "contracts as of a position": Looking(CONTRACTS, (MANY,), "id from views.ledger", _CONTRACTS),
    "tallies": Looking(TALLIES, (), "marketplace from views.tallies", _TALLIES),
}


@pytest.mark.parametrize("looking", LOOKINGS.values(), ids=LOOKINGS)
async def test_a_large_host_costs_no_more_than_a_small_one(
    follower: asyncpg.Pool, database: DatabaseUrls, looking: Looking
) -> None:
    """Given two hosts of which statistics know nothing, when some rows are asked for, then as many pages are read."""
    reader = await asyncpg.connect(database.runtime)
    try:
        few, many = [
            await _pages(follower, reader, await new_tenant(database), number, looking) for number in (FEW, MANY)
        ]
    finally:
        await reader.close()
    assert many <= few + 2 * ASKED, "a taller tree at most"


async def _pages(
    follower: asyncpg.Pool, reader: asyncpg.Connection, tenant: TenantId, number: int, looking: Looking
) -> int:
    """How many pages are read for ten of a host's rows."""
    await follower.execute(looking.fill, tenant, number)
    some = f"select array(select {looking.ids} where tenant = $1 order by random() limit $2)"
    async with reader.transaction():
        await reader.execute("select set_config('app.tenant', $1, true)", tenant)
        ids = await reader.fetchval(some, tenant, ASKED)
        assert len(await reader.fetch(looking.question, tenant, 1, ids, *looking.more)) == ASKED
        return await pages_read(reader, looking.question, tenant, 1, ids, *looking.more)
