"""Where it is measured: a database, and hosts made for the purpose."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from domain.identity import TenantId
from infra.clock import fresh_id
from infra.postgres.embedded import Urls
from infra.postgres.tenancy import create_tenant
from infra.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A migrated database, a home for services over it, and how long a side is measured in each round, in seconds."""

    urls: Urls
    settings: Settings
    seconds: float

    @property
    def environment(self) -> dict[str, str]:
        """What a process of ours is told to work here."""
        return os.environ | {
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

    @asynccontextmanager
    async def rivals_table(self) -> AsyncIterator[str]:
        """A plain table of rows for a rival, gone at the end; its name."""
        name = f"bench_{fresh_id().replace('-', '')}"
        connection = await asyncpg.connect(self.urls.owner)
        try:
            await connection.execute(
                f"create table public.{name} (id bigserial primary key, body bytea not null);"
                f"grant all on public.{name} to public; grant all on sequence public.{name}_id_seq to public"
            )
            yield f"public.{name}"
        finally:
            await connection.execute(f"drop table if exists public.{name}")
            await connection.close()

    async def conditions(self) -> dict[str, str]:
        """What both sides stand on: the server, and what it does before it says that something is committed."""
        connection = await asyncpg.connect(self.urls.runtime)
        try:
            names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
            return {name: str(await connection.fetchval("select current_setting($1)", name)) for name in names}
        finally:
            await connection.close()
