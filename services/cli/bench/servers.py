"""Servers that are measured from outside: ours and the rival's, each a process on a free port of loopback."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from domain.access.roles import Role
from domain.identity import TenantId
from infra.clock import fresh_id
from services.cli.bench.bare_routes import URL
from services.cli.bench.clients import Refused
from services.cli.bench.site import Site
from services.cli.house import open_house
from services.cli.keys import issue_key

PATIENCE = 120.0
"""Seconds that a server has to get ready."""

ROLES = (
    Role.HOST_ADMIN, Role.LEAD, Role.MODERATOR, Role.CLERK, Role.BROKER, Role.NOTARY, Role.VALUER,
    Role.FOLLOW_UP_OFFICER, Role.AUDITOR, Role.INTEGRATOR,
)  # fmt: skip


@asynccontextmanager
async def process(
    home: Path, arguments: Sequence[str], environment: Mapping[str, str], port: int
) -> AsyncIterator[None]:
    """A server in a process of its own, ready; ended at the end. What it says goes to a file in `home`."""
    said = home / f"server-{port}.log"
    with said.open("wb") as out:
        command = (sys.executable, "-m", *arguments)
        server = await asyncio.create_subprocess_exec(*command, env=environment, stdout=out, stderr=out)
    try:
        try:
            async with asyncio.timeout(PATIENCE), httpx2.AsyncClient() as http:
                while not await _ready(http, port):
                    if server.returncode is not None:
                        raise Refused(f"{arguments[0]} ended with {server.returncode}: {said.read_text()[-2000:]}")
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise Refused(f"{arguments[0]} wasn't ready within {PATIENCE:.0f} s. It may have much to fold.") from None
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.terminate()
        await server.wait()


async def _ready(http: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await http.get(f"http://127.0.0.1:{port}/health/ready", timeout=2)).status_code == 200
    except httpx2.HTTPError:
        return False


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def bare_server(site: Site, table: str) -> AsyncIterator[int]:
    """The rival's server over `table`; its port."""
    port = free_port()
    arguments = ("services.cli.bench.bare_routes", str(port), table)
    async with process(site.settings.home, arguments, os.environ | {URL: site.urls.runtime}, port):
        yield port


@dataclass(slots=True)
class Desk:
    """A host of a running service, and what its members ask for."""

    site: Site
    port: int
    tenant: TenantId
    keys: Mapping[str, str] = field(repr=False)

    async def post(self, path: str, body: Mapping[str, Any], role: Role = Role.CLERK) -> dict[str, Any]:
        """Ask for something that is granted; the receipt."""
        headers = {"Authorization": f"Bearer {self.keys[role]}", "Idempotency-Key": fresh_id()}
        url = f"http://127.0.0.1:{self.port}/v1/{self.tenant}/{path}"
        if path.count("/") > 1:
            headers["If-Match"] = "*"
        async with httpx2.AsyncClient() as http:
            answer = await http.post(url, json=dict(body), headers=headers, timeout=30)
        if answer.status_code != 201:
            raise Refused(f"{path}: {answer.text}")
        told: dict[str, Any] = answer.json()
        return told

    async def rehearse(self, contracts: int) -> None:
        """Play a rehearsal as fast as it goes."""
        file = self.site.settings.home / f"{self.tenant}.json"
        file.write_text(json.dumps({self.tenant: dict(self.keys)}))
        url = f"http://127.0.0.1:{self.port}"
        arguments = ("rehearse", self.tenant, "--contracts", str(contracts), "--url", url, "--keys", str(file))
        await self.handschlag(*arguments)

    async def handschlag(self, *arguments: str) -> None:
        """Run a command of ours over the same database; raises `Refused` unless it ends well."""
        command = (sys.executable, "-m", "services.cli", *arguments)
        pipe = asyncio.subprocess.PIPE
        ran = await asyncio.create_subprocess_exec(*command, env=self.site.environment, stdout=pipe, stderr=pipe)
        _, said = await ran.communicate()
        if ran.returncode:
            raise Refused(f"handschlag {arguments[0]}: {said.decode()[-2000:]}")


@asynccontextmanager
async def our_server(site: Site, tenant: TenantId | None = None) -> AsyncIterator[Desk]:
    """The service, and a key for every desk of a host, a new one if none is given."""
    port, tenant = free_port(), tenant or await site.new_tenant()
    keys: dict[str, str] = {}
    async with open_house(site.urls, site.settings) as house:
        for role in ROLES:
            keys[role], _ = await issue_key(house, tenant, role, None, f"Bench {role}")
    environment = site.environment | {"HANDSCHLAG_PORT": str(port)}
    async with process(site.settings.home, ("services.cli", "serve"), environment, port):
        yield Desk(site, port, tenant, keys)
