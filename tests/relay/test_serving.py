"""Within `handschlag serve`: a broker that isn't there harms nobody, and is found when it comes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx2

from tests.relay.broker import NatsServer, kept, needs_nats
from tests.relay.relaying import until
from tests.running import RunningService, free_port, own_database


@needs_nats
async def test_a_broker_that_is_away_is_waited_for_and_said_once(tmp_path: Path) -> None:
    """Given no broker, then the service is ready and says so once; when it comes, everything is relayed.

    When it dies, the service answers as before, and ends promptly when it is told to.
    """
    broker = NatsServer(tmp_path, free_port())
    with own_database() as database:
        environment = {**database, "HANDSCHLAG_NATS_URL": broker.url}
        service = RunningService(tmp_path, free_port(), environment=environment)
        try:
            service.start()
            host = await service.new_host()
            time.sleep(1)  # noqa: ASYNC251 - nothing else has to go on
            assert _said(service, "relay.broker_away") == 1
            broker.start()
            records = len(await _records(service, host.tenant, host.keys["auditor"]))
            await until(lambda: _keeps(broker, f"handschlag-{host.tenant}", records))
            await until(lambda: _has_said(service, "relay.connected"))
            assert _said(service, "relay.connected") == 1
            assert f"{host.tenant}\t{records}\t{records}\t0 behind" in _status(service)
            broker.kill()
            assert httpx2.get(f"{service.url}/health/ready").status_code == 200
            began = time.monotonic()
            assert service.stop() == 0
            assert time.monotonic() - began < 20
        finally:
            service.stop()
            broker.kill()


def test_a_relay_needs_to_know_its_broker(tmp_path: Path) -> None:
    """Given no HANDSCHLAG_NATS_URL, when `handschlag relay` is started, then it says what to set and exits with 2."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HANDSCHLAG_NATS")}
    environment["HANDSCHLAG_HOME"] = str(tmp_path)
    command = [sys.executable, "-m", "services.cli", "relay"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "HANDSCHLAG_NATS_URL" in done.stderr


async def _has_said(service: RunningService, event: str) -> bool:
    return _said(service, event) > 0


def _said(service: RunningService, event: str) -> int:
    lines = (json.loads(line) for line in service.log.read_text().splitlines() if line.startswith("{"))
    return sum(line.get("event") == event for line in lines)


def _status(service: RunningService) -> str:
    environment = os.environ | dict(service.environment) | {"HANDSCHLAG_HOME": str(service.home)}
    command = [sys.executable, "-m", "services.cli", "relay", "--status"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


async def _records(service: RunningService, tenant: str, key: str) -> list[object]:
    async with httpx2.AsyncClient(base_url=service.url, headers={"Authorization": f"Bearer {key}"}) as http:
        found: list[object] = (await http.get(f"/v1/{tenant}/events?limit=200")).json()["items"]
        return found


async def _keeps(broker: NatsServer, stream: str, number: int) -> bool:
    return len(await kept(broker, stream)) == number
