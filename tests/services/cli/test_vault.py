"""The vault in the operator's hands: its master key, and a database of its own."""

import asyncio
import os
import subprocess
import sys

import asyncpg
import pytest

from tests.running import RunningService, client, running_service
from tests.services.hall import Hall


def _handschlag(service: RunningService, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *words],
        env=os.environ | dict(service.environment) | {"HANDSCHLAG_HOME": str(service.home)} | environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


async def _names(hall: Hall) -> str | None:
    """The name of the sole trader in the host's only organisation."""
    (one,) = (await hall.read("organisations", wait_for=await hall.position()))["items"]
    name: str | None = one["name"]
    return name


async def test_the_vault_moves_out_and_gets_another_master_key(vault_server: str) -> None:
    """Given values beside the log, when they are moved and the key is replaced, then they read as before.

    Whoever forgets the setting, before or after, is told so at the start, and nobody looks erased.
    """
    connection = await asyncpg.connect(vault_server)
    await connection.execute("drop schema if exists vault cascade")
    with running_service() as service:
        host = await service.new_host()
        async with client(service) as http:
            trader = {"name": "Erika Mustermann", "side": "company", "sole_trader": True}
            hall = Hall(http, host)
            await hall.done("organisations", trader)
        service.stop()
        inside, service.environment = service.environment, {"HANDSCHLAG_VAULT_DATABASE_URL": vault_server}
        service.environment = {**inside, **service.environment}
        with pytest.raises(AssertionError, match="handschlag vault move"):
            service.start()
        moved = await asyncio.to_thread(_handschlag, service, "vault", "move")
        assert (moved.returncode, "rows moved" in moved.stdout) == (0, True), moved.stderr
        assert (await asyncio.to_thread(_handschlag, service, "vault", "move")).returncode == 0
        service.start()
        async with client(service) as http:
            assert await _names(Hall(http, host)) == "Erika Mustermann"
            rotated = await asyncio.to_thread(_handschlag, service, "vault", "rotate")
            assert (rotated.returncode, "under master key" in rotated.stdout) == (0, True), rotated.stderr
            assert await _names(Hall(http, host)) == "Erika Mustermann"
        service.stop()
        service.environment = inside
        with pytest.raises(AssertionError, match="set HANDSCHLAG_VAULT_DATABASE_URL"):
            service.start()
    assert await connection.fetchval("select count(*) from vault.masters where closed_at is null") == 1
    await connection.close()


async def test_a_lost_master_key_is_told_at_the_start() -> None:
    """Given a home whose key file is gone, when the service starts, then it says which key it needs, in one line."""
    with running_service() as service:
        service.stop()
        file = service.home / "keys" / "vault"
        kept = file.read_bytes()
        file.unlink()
        lost = await asyncio.to_thread(_handschlag, service, "vault", "rotate")
        assert lost.returncode == 1
        assert "Traceback" not in lost.stderr
        assert "bring back the file from your backup of the keys" in lost.stderr
        assert not file.exists()
        file.write_bytes(kept)
        service.start()
