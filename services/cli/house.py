"""The rooms of one process, put together in order and taken down in reverse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.frozen import dataclass
from infra.event_log.store import EventLog
from infra.postgres.embedded import Urls
from infra.postgres.migrate import migrate
from infra.postgres.tenancy import AccessKeys
from infra.settings import Settings
from infra.vault.opening import close_vault, open_vault
from infra.vault.vault import Vault
from services.application.commands import Application
from services.application.queries import Queries


@dataclass(frozen=True, slots=True)
class House:
    """Log, vault, application, queries and keys over one database."""

    urls: Urls
    log: EventLog
    vault: Vault
    application: Application
    queries: Queries
    keys: AccessKeys
    stopping: asyncio.Event


@asynccontextmanager
async def open_house(urls: Urls, settings: Settings) -> AsyncIterator[House]:
    """Migrate if this process has the owner's login, connect, open the vault, and hang up at the end."""
    if urls.owner:
        await migrate(urls.owner, urls.runtime, urls.follower, signs=settings.signs)
    log = await EventLog.open(urls.runtime)
    try:
        vault = await open_vault(log.pool, settings)
        try:
            queries = await Queries.open(urls.runtime, urls.follower, log, vault)
            try:
                yield House(
                    urls=urls,
                    log=log,
                    vault=vault,
                    application=Application(log, vault),
                    queries=queries,
                    keys=AccessKeys(log.pool),
                    stopping=asyncio.Event(),
                )
            finally:
                await queries.close()
        finally:
            await close_vault(vault)
    finally:
        await log.close()
