"""A service that really runs: `handschlag serve` in a process of its own, on a free port and a home of its own."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx2

from domain.access.roles import Role
from domain.identity import MarketplaceId, PersonId, StreamId, TenantId
from domain.streaming.audience import Audience
from infra.clock import fresh_id
from infra.postgres.embedded import Urls
from infra.postgres.tenancy import create_tenant
from infra.settings import Settings
from services.application.asking import Scope
from services.cli.house import open_house
from services.cli.keys import issue_key, revoke_role

START = 180.0
"""Seconds that a start may take on a busy machine."""

DATABASE_VARIABLES = (
    "HANDSCHLAG_DATABASE_URL",
    "HANDSCHLAG_OWNER_DATABASE_URL",
    "HANDSCHLAG_FOLLOWER_DATABASE_URL",
)

ROLES = (
    Role.HOST_ADMIN,
    Role.LEAD,
    Role.MODERATOR,
    Role.CLERK,
    Role.BROKER,
    Role.NOTARY,
    Role.VALUER,
    Role.FOLLOW_UP_OFFICER,
    Role.AUDITOR,
    Role.INTEGRATOR,
)


@dataclass
class Host:
    """A tenant of a running service, and its keys by role."""

    tenant: TenantId
    keys: dict[str, str]
    members: Mapping[str, str]


@dataclass
class RunningService:
    """A process of ours. `stop` ends it as an operator would, `kill` as a power cut would."""

    home: Path
    port: int
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it said."""
        return self.home / "service.log"

    def start(self) -> None:
        """Start it and wait until it is ready."""
        own = {"HANDSCHLAG_HOME": str(self.home), "HANDSCHLAG_PORT": str(self.port)}
        environment = os.environ | dict(self.environment) | own
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.cli", "serve", *self.arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.await_ready()

    def await_ready(self, patience: float = START) -> None:
        """Wait until it says that it is ready; its log is shown when it isn't."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"{self.url}/health/ready", timeout=2).status_code == 200:
                    return
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"the service isn't ready:\n{self.log.read_text()[-3000:]}")

    def settings(self) -> Settings:
        """What it was started with."""
        return Settings.from_environment(os.environ | dict(self.environment) | {"HANDSCHLAG_HOME": str(self.home)})

    def urls(self) -> Urls:
        """Its database's logins."""
        settings = self.settings()
        if settings.database_url is not None:
            return Urls(
                runtime=settings.database_url,
                owner=settings.owner_database_url or "",
                follower=settings.follower_database_url or "",
            )
        return Urls(**json.loads((self.home / "postgres" / "running.json").read_text()))

    def stop(self) -> int:
        """Ask it to end and wait; returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
            raise

    async def new_host(self) -> Host:
        """A fresh tenant with a member and a key for every desk."""
        urls = self.urls()
        tenant = TenantId(f"h-{fresh_id()}")
        await create_tenant(urls.owner, tenant, name="Testbörse", city="Essen", region="", time_zone="Europe/Berlin")
        keys: dict[str, str] = {}
        members: dict[str, str] = {}
        async with open_house(urls, self.settings()) as house:
            for role in ROLES:
                keys[role.value], members[role.value] = await issue_key(house, tenant, role, None, f"Test {role}")
        return Host(tenant, keys, members)

    async def representatives_key(self, host: Host, person: str) -> str:
        """A key for somebody whom an organisation has named."""
        async with open_house(self.urls(), self.settings()) as house:
            key, _ = await issue_key(house, host.tenant, Role.REPRESENTATIVE, PersonId(person), None)
            return key

    async def edition_key(self, host: Host, role: str, marketplace: str) -> tuple[str, str]:
        """A key for one edition, for a new member of a co-host, and the member's pseudonym."""
        async with open_house(self.urls(), self.settings()) as house:
            edition = MarketplaceId(StreamId(marketplace))
            return await issue_key(house, host.tenant, Role(role), None, "Test co-host", edition)

    async def stream_key(
        self, host: Host, audience: str, *, persons: bool = False, marketplace: str | None = None
    ) -> tuple[str, str]:
        """A key for streams alone, for a new integrator, and the integrator's pseudonym."""
        scope = Scope(audience=Audience(audience), persons=persons)
        async with open_house(self.urls(), self.settings()) as house:
            edition = None if marketplace is None else MarketplaceId(StreamId(marketplace))
            return await issue_key(house, host.tenant, Role.INTEGRATOR, None, "Test integrator", edition, scope)

    async def take_role(self, host: Host, role: str, member: str) -> None:
        """Take a role from a member, as an operator does."""
        async with open_house(self.urls(), self.settings()) as house:
            await revoke_role(house, host.tenant, Role(role), PersonId(member))


@contextlib.contextmanager
def own_database() -> Iterator[Mapping[str, str]]:
    """Variables that name a fresh database at the server the tests were given (its owner needs CREATEDB); else none.

    A service follows all tenants of its database: it must not meet those of tests that follow for themselves.
    """
    urls = {name: os.environ[name] for name in DATABASE_VARIABLES if os.environ.get(name)}
    if not urls:
        yield {}
        return
    owner, name = urls["HANDSCHLAG_OWNER_DATABASE_URL"], f"hs-{fresh_id()}"
    _run_aside(_execute(owner, f'create database "{name}"'))
    try:
        yield {variable: urlsplit(url)._replace(path=f"/{name}").geturl() for variable, url in urls.items()}
    finally:
        _run_aside(_execute(owner, f'drop database "{name}" with (force)'))


def _run_aside(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, whether or not a loop runs in this thread."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, work).result()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end_in_good_order() -> None:
    """From now on SIGTERM ends this program as Ctrl-C does: through everything that has to be stopped and removed."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


@contextlib.contextmanager
def running_service(*arguments: str, **variables: str) -> Iterator[RunningService]:
    """A ready service, ended at the end; `variables` are its environment's.

    At an operator's server it gets a database of its own. Its webhooks may lead to loopback, where the tests listen.
    """
    with tempfile.TemporaryDirectory(prefix="hs-run-") as home, own_database() as environment:
        told = {"HANDSCHLAG_WEBHOOK_NETWORKS": "127.0.0.0/8", **environment, **variables}
        service = RunningService(Path(home), free_port(), arguments, told)
        try:
            service.start()
            yield service
        finally:
            service.stop()


@contextlib.asynccontextmanager
async def client(service: RunningService, key: str | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client that holds a key."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=service.url, headers=headers, timeout=30) as found:
        yield found
