"""A backup holds every tenant's records; as the forced owner it would stop, or miss them."""

import subprocess

from domain.identity import TenantId
from infra.event_log.store import EventLog
from infra.postgres.binaries import packaged
from tests.conftest import DatabaseUrls, new_tenant
from tests.infra.event_log.entries import appending, new_stream, note


async def test_pg_dump_as_the_backup_role_holds_every_tenants_entries(
    log: EventLog, tenant: TenantId, database: DatabaseUrls
) -> None:
    """Two hosts' entries are both in the dump, with their heads and the revision."""
    other = await new_tenant(database)
    for each in (tenant, other):
        await log.append(appending(each, note(each, new_stream(), 1), key="k"))
    command = [str(packaged().root / "bin" / "pg_dump"), "--enable-row-security", "--role=handschlag_backup"]
    schemas = ["--schema=log", "--schema=vault", "--schema=access"]
    done = subprocess.run(  # noqa: ASYNC221 - nothing else has to go on
        [*command, *schemas, database.owner], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for table in ("entries", "keys", "heads", "tenants"):
        rows = done.stdout.split(f"COPY log.{table} ", 1)[1].split("\\.\n", 1)[0]
        assert all(f"{each}\t" in rows for each in (tenant, other)), table
    assert "COPY log.revision" in done.stdout
