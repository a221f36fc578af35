"""Where it is measured: a database, and hosts made for the purpose."""

import os
import platform
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeAlias

import asyncpg

from domain.frozen import dataclass
from domain.identity import TenantId
from infra.clock import fresh_id
from infra.postgres.embedded import EmbeddedPostgres, Urls
from infra.postgres.migrate import migrate
from infra.postgres.tenancy import create_tenant
from infra.settings import Settings
from services.cli.bench.plain import COLUMNS

_SERVER = frozenset({"HANDSCHLAG_DATABASE_URL", "HANDSCHLAG_OWNER_DATABASE_URL", "HANDSCHLAG_FOLLOWER_DATABASE_URL"})

Tell: TypeAlias = Callable[[str], None]
"""Says what is being done, to whoever waits."""


def surroundings() -> dict[str, str]:
    """This process's environment; of what says how Handschlag runs here, only which server is measured.

    An operator's vault, broker or signing has nothing to do with the hosts that a bench makes.
    """
    return {name: value for name, value in os.environ.items() if name in _SERVER or not name.startswith("HANDSCHLAG_")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A migrated database, and a home for services over it."""

    urls: Urls
    settings: Settings

    seconds: float
    """How long a side is measured in each round."""

    scale: float
    """The share that large things have of their full size: 1, or less where it is only seen that they work."""

    tell: Tell

    @property
    def environment(self) -> dict[str, str]:
        """What a process of ours is told to work here."""
        return surroundings() | {
            "HANDSCHLAG_HOME": str(self.settings.home),
            "HANDSCHLAG_DATABASE_URL": self.urls.runtime,
            "HANDSCHLAG_OWNER_DATABASE_URL": self.urls.owner,
            "HANDSCHLAG_FOLLOWER_DATABASE_URL": self.urls.follower,
        }

    async def new_tenant(self) -> TenantId:
        """A host of its own, with an empty log."""
        tenant = TenantId(f"bench-{fresh_id()}")
        owner = self.urls.owner
        await create_tenant(owner, tenant, name="Bench", city="Essen", region="", time_zone="Europe/Berlin")
        return tenant

    async def new_tenants(self, count: int) -> list[TenantId]:
        """So many hosts, made with one statement, since a connection each would take minutes."""
        tenants = [TenantId(f"bench-{fresh_id()}") for _ in range(count)]
        connection = await asyncpg.connect(self.urls.owner)
        try:
            await connection.execute(
                "select log.create_tenant(t, 'Bench', 'Essen', '', 'Europe/Berlin', 'handschlag/' || t)"
                " from unnest($1::text[]) as t",
                tenants,
            )
        finally:
            await connection.close()
        return tenants

    @asynccontextmanager
    async def beside(self) -> AsyncIterator["Site"]:
        """A site on a PostgreSQL of its own with nothing in it, for what would be in the way of others.

        Measures this machine's server even where another one was given: only a new one is known to be empty.
        """
        home = self.settings.home / f"beside-{fresh_id()}"
        with EmbeddedPostgres(home) as urls:
            await migrate(urls.owner, urls.runtime, urls.follower, signs=self.settings.signs)
            settings = replace(
                self.settings, home=home, database_url=None, owner_database_url=None, follower_database_url=None
            )
            yield replace(self, urls=urls, settings=settings)

    async def settle(self) -> None:
        """Let the database do now what it would do by and by: statistics and dead rows."""
        connection = await asyncpg.connect(self.urls.owner)
        try:
            await connection.execute("vacuum analyze")
        finally:
            await connection.close()

    @asynccontextmanager
    async def rivals_table(self) -> AsyncIterator[str]:
        """A table of plain rows for a rival, gone at the end; its name."""
        name = f"bench_{fresh_id().replace('-', '')}"
        connection = await asyncpg.connect(self.urls.owner)
        try:
            await connection.execute(f"create table public.{name} ({COLUMNS}); grant all on public.{name} to public")
            yield f"public.{name}"
        finally:
            await connection.execute(f"drop table if exists public.{name}")
            await connection.close()

    async def conditions(self) -> dict[str, str]:
        """What both sides stand on: the machine, and what the server does before it calls something committed."""
        here = {
            "cores": str(os.cpu_count()),
            "python": platform.python_version(),
            "seconds": f"{self.seconds:g}",
            "scale": f"{self.scale:g}",
        }
        connection = await asyncpg.connect(self.urls.runtime)
        try:
            names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
            for name in names:
                here[name] = str(await connection.fetchval("select current_setting($1)", name))
            return here
        finally:
            await connection.close()
