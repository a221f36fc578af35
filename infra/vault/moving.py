"""Moving what the vault holds from the log's database to one of the vault's own, while the service stands still.

Order: a host's rows are copied and committed there before they are deleted here; a crash between leaves them in both,
and moving again finds them copied. Last, the master keys are noted as retired here: without the setting no service
starts on an empty vault. Records of disclosures are append-only and stay here as well.
"""

import asyncpg

from domain.identity import TenantId
from infra.vault.vault import named

_TABLES = ("persons", "tenant_keys", "sealed_values", "pending", "disclosures")
_DELETED = ("persons", "tenant_keys", "sealed_values", "pending")


async def move(here: asyncpg.Pool, there: asyncpg.Pool, tenants: list[TenantId]) -> int:
    """Move everything; answers how many rows."""
    masters = await here.fetch("select id, created_at, closed_at, retired_at from vault.masters")
    for master in masters:
        await there.execute("insert into vault.masters values ($1, $2, $3, $4) on conflict do nothing", *master)
    moved = 0
    for tenant in tenants:
        moved += await _move(here, there, tenant)
    await here.execute("update vault.masters set retired_at = clock_timestamp() where retired_at is null")
    return moved


async def _move(here: asyncpg.Pool, there: asyncpg.Pool, tenant: TenantId) -> int:
    moved = 0
    async with named(here, tenant, readonly=False) as source:
        async with named(there, tenant, readonly=False) as target:
            for table in _TABLES:
                rows = await source.fetch(f"select * from vault.{table} where tenant = $1", tenant)  # noqa: S608 - ours
                if rows:
                    names = list(rows[0].keys())
                    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
                    statement = (
                        f"insert into vault.{table} ({', '.join(names)}) values ({places}) on conflict do nothing"  # noqa: S608 - ours
                    )
                    for row in rows:
                        await target.execute(statement, *row)
                moved += len(rows)
        for table in _DELETED:
            await source.execute(f"delete from vault.{table} where tenant = $1", tenant)  # noqa: S608 - ours
    return moved
