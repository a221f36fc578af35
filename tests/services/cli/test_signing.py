"""`handschlag log-keys`: keys are rotated while the service runs, and a lost one isn't replaced by mistake."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2

from domain.transparency.checkpoint import parse
from domain.transparency.note import VerifierKey, signed_by
from tests.running import Host, RunningService, running_service


def _log_keys(service: RunningService, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "log-keys", *words],
        env=os.environ | {"HANDSCHLAG_HOME": str(service.home)} | dict(service.environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _keys(service: RunningService, host: Host) -> list[VerifierKey]:
    """The keys that are published for a host's log and sign."""
    told = httpx2.get(f"{service.url}/.well-known/handschlag-log-keys", params={"tenant": host.tenant}).text
    return [VerifierKey.parse(line) for line in told.splitlines() if not line.startswith("#")]


def _signers(service: RunningService, host: Host, keys: list[VerifierKey]) -> list[VerifierKey]:
    """Who of some keys has signed the newest checkpoint."""
    answer = httpx2.get(f"{service.url}/v1/{host.tenant}/log/checkpoint")
    return signed_by(parse(answer.content)[1], keys) if answer.status_code == 200 else []


async def _until(ask: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if await asyncio.to_thread(ask):
                return
            await asyncio.sleep(0.1)


async def test_keys_are_rotated_while_the_service_runs() -> None:
    """Given a running service, when keys are rotated and the old ones retired, then every checkpoint can be checked."""
    with running_service() as service:
        host = await service.new_host()
        await _until(lambda: bool(_keys(service, host)))
        (old,) = _keys(service, host)
        assert _log_keys(service, "list").stdout == "1\n"
        newest = _log_keys(service, "retire", "1")
        assert (newest.returncode, "rotate first" in newest.stderr) == (1, True)
        not_lost = _log_keys(service, "rotate", "--after-loss")
        assert (not_lost.returncode, "without --after-loss" in not_lost.stderr) == (1, True)

        rotated = _log_keys(service, "rotate")
        assert (rotated.returncode, "retire 1" in rotated.stdout) == (0, True), rotated.stderr
        await _until(lambda: len(_keys(service, host)) == 2)
        both = _keys(service, host)
        assert both[0] == old
        assert _signers(service, host, both) == both

        await _until(lambda: _log_keys(service, "retire", "1").returncode == 0)
        await _until(lambda: _keys(service, host) == both[1:])
        httpx2.post(
            f"{service.url}/v1/{host.tenant}/organisations",
            json={"name": "Probe", "side": "company", "rehearsal": True},
            headers={"Authorization": f"Bearer {host.keys['clerk']}", "Idempotency-Key": "k"},
        ).raise_for_status()
        await _until(lambda: _signers(service, host, both) == both[1:])
        published = httpx2.get(f"{service.url}/.well-known/handschlag-log-keys").text
        assert f"{old}\n" in published.partition("# signs no more since ")[2]
        assert not (service.home / "keys" / "log-0001.seed").exists()


async def test_after_a_loss_an_operator_says_so(tmp_path: Path) -> None:
    """Given a service whose seed was lost, when the operator says that it is lost, then it signs with a new one."""
    with running_service() as service:
        host = await service.new_host()
        await _until(lambda: bool(_keys(service, host)))
        (old,) = _keys(service, host)
        (service.home / "keys" / "log-0001.seed").rename(tmp_path / "lost")
        refused = _log_keys(service, "rotate")
        assert (refused.returncode, "put it back" in refused.stderr) == (1, True)
        await _until(lambda: httpx2.get(f"{service.url}/health/log").status_code == 503)
        assert _log_keys(service, "rotate", "--after-loss").returncode == 0
        await _until(lambda: httpx2.get(f"{service.url}/health/log").status_code == 200)
        (new,) = _keys(service, host)
        assert new != old
        assert _signers(service, host, [new]) == [new]
