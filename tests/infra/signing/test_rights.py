"""What has been signed is written by the signer alone, and even it doesn't change what it has said."""

import asyncpg
import pytest

from infra.signing.store import SIGNER_ROLE
from tests.conftest import DatabaseUrls

TABLES = ("logs", "troubles", "checkpoints", "signatures", "hashes", "keys", "witnesses")
COLUMN = {"logs": "size", "troubles": "size", "checkpoints": "root", "signatures": "line", "hashes": "hashes",
          "keys": "vkey", "witnesses": "size"}  # fmt: skip


async def _refused(url: str, statement: str, role: str | None = None) -> bool:
    settings = {} if role is None else {"role": role}
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        await connection.execute(statement)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError):
        return True
    else:
        return False
    finally:
        await connection.close()


@pytest.mark.parametrize("table", TABLES)
async def test_the_runtime_reads_and_doesnt_write(database: DatabaseUrls, table: str) -> None:
    """Given the runtime's login, when it reads, then it may; when it writes in any way, then PostgreSQL refuses."""
    column = COLUMN[table]
    assert not await _refused(database.runtime, f"select * from signed.{table}")
    for statement in (
        f"insert into signed.{table} select * from signed.{table}",
        f"update signed.{table} set {column} = {column}",
        f"delete from signed.{table}",
        f"truncate signed.{table}",
        f"set role {SIGNER_ROLE}",
    ):
        assert await _refused(database.runtime, statement), statement


@pytest.mark.parametrize("table", ["checkpoints", "signatures", "hashes"])
async def test_the_signer_doesnt_take_back_what_it_signed(database: DatabaseUrls, table: str) -> None:
    """Given the signer's role, when it would change or remove what was signed, then PostgreSQL refuses."""
    for statement in (f"update signed.{table} set {COLUMN[table]} = null", f"delete from signed.{table}"):
        assert await _refused(database.follower, statement, SIGNER_ROLE), statement
        assert await _refused(database.owner, statement), statement
    assert await _refused(database.follower, "insert into log.heads (tenant) values ('x')", SIGNER_ROLE)
    assert await _refused(database.follower, "update log.entries set bytes = 'x'", SIGNER_ROLE)
