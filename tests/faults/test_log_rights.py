"""No record is ever changed: not by the runtime's login, whatever SQL it says, nor by the owner's mistake."""

import asyncpg
import pytest

from domain.identity import TenantId
from infra.event_log.store import EventLog
from tests.conftest import DatabaseUrls
from tests.infra.event_log.entries import appending, new_stream, note

ATTEMPTS = (
    "insert into log.entries select * from log.entries limit 1",
    "insert into log.entries values ('{tenant}', 99, gen_random_uuid(), 1, 't', now(), now(), false, 'x')",
    "update log.entries set bytes = 'x'",
    "update log.entries set type = type where position = 1",
    "delete from log.entries",
    "truncate log.entries",
    "truncate log.entries, log.keys, log.heads cascade",
    "update log.heads set size = 0, edge = '{{}}'",
    "delete from log.heads",
    "insert into log.heads (tenant) values ('other')",
    "update log.keys set first = 1",
    "delete from log.keys",
    "insert into log.keys (tenant, key, request, first, last) values ('{tenant}', 'k', 'x', 1, 1)",
    "update log.tenants set origin = 'elsewhere'",
    "insert into log.tenants (tenant, origin, name, city, region, time_zone) values ('x', 'x', 'x', 'x', 'x', 'x')",
    "alter table log.entries disable trigger all",
    "alter table log.entries disable row level security",
    "alter table log.entries no force row level security",
    "drop table log.entries",
    "create policy mine on log.entries using (true)",
    "alter policy own_tenant on log.entries using (true)",
    "create or replace function log.grow(bigint, bytea[], bytea[]) returns bytea[] language sql as 'select $2'",
    "drop function log.append",
    "create table log.shadow (a int)",
    "set role handschlag_log_writer",
    "set session authorization default; set role handschlag_follower",
    "grant handschlag_log_writer to current_user",
    "set session_replication_role = replica",
    "with changed as (update log.entries set bytes = 'x' returning 1) select * from changed",
    "merge into log.entries e using (select 1) s on true when matched then update set bytes = 'x'",
    "copy log.entries from program 'true'",
    "begin; lock table log.entries in access exclusive mode",
)


async def _recorded(log: EventLog, tenant: TenantId) -> list[bytes]:
    return [entry.bytes for entry in await log.page(tenant, 0, 100)]


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_the_runtime_cant_change_a_record_by_any_sql(
    log: EventLog, tenant: TenantId, database: DatabaseUrls, attempt: str
) -> None:
    """Each statement is refused by PostgreSQL itself, and the log is what it was."""
    stream = new_stream()
    await log.append(appending(tenant, note(tenant, stream, 1), note(tenant, stream, 2), key="k"))
    before, head = await _recorded(log, tenant), await log.head(tenant)
    connection = await asyncpg.connect(database.runtime)
    try:
        await connection.execute(f"select set_config('app.tenant', '{tenant}', false)")
        with pytest.raises(
            (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedObjectError, asyncpg.InvalidGrantorError)
        ):
            await connection.execute(attempt.format(tenant=tenant))
    finally:
        await connection.close()
    assert (await _recorded(log, tenant), await log.head(tenant)) == (before, head)


@pytest.mark.parametrize(
    "mistake",
    ["update log.entries set type = 'x'", "delete from log.entries", "truncate log.entries", "delete from log.keys"],
)
async def test_triggers_stop_even_the_owners_mistakes(
    log: EventLog, tenant: TenantId, database: DatabaseUrls, mistake: str
) -> None:
    """As the forced owner a change would hit no row in silence; with the force off it reaches it, and is refused."""
    await log.append(appending(tenant, note(tenant, new_stream(), 1), key="k"))
    before = await _recorded(log, tenant)
    connection = await asyncpg.connect(database.owner)
    try:
        transaction = connection.transaction()
        await transaction.start()
        for table in ("log.entries", "log.keys"):
            await connection.execute(f"alter table {table} no force row level security")
        assert await connection.fetchval("select count(*) from log.entries where tenant = $1", tenant) == 1
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await connection.execute(mistake)
        await transaction.rollback()
    finally:
        await connection.close()
    assert await _recorded(log, tenant) == before
