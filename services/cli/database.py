"""Which database this process works with: an operator's server, or the one embedded in the home."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from domain.frozen import dataclass
from infra.postgres.embedded import EmbeddedPostgres, Urls
from infra.postgres.trouble import AlreadyRunning, StartFailed
from infra.settings import Settings

WATCH = 0.5
"""Seconds between looks at the embedded server."""

ATTEMPTS = 5
"""Starts of a server that died; one that fails five times over some seconds isn't just unlucky."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Database:
    """A running database: its logins, the settings that led to it, and the server if it is ours."""

    urls: Urls
    settings: Settings
    server: EmbeddedPostgres | None

    async def keep(self) -> None:
        """Start our server anew when it dies, until cancelled; it recovers what was committed.

        Runs in the main thread, whose end is the server's; starting holds the loop for about a second, in which
        nobody could be answered anyway. What killed it may kill it again while it recovers, so that a start that
        fails is tried again. Raises a `PostgresTrouble` when the server can't be had any more.
        """
        while self.server is not None:
            if self.server.pid is None:
                _log.error("database.died", then="starting it anew")
                await self._start(self.server)
                _log.warning("database.recovered")
            await asyncio.sleep(WATCH)

    async def _start(self, server: EmbeddedPostgres) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                server.start()
            except StartFailed:
                if attempt == ATTEMPTS:
                    raise
                _log.warning("database.start_failed", attempt=attempt, of=ATTEMPTS)
                await asyncio.sleep(WATCH * attempt)
            else:
                return


class OwnerUrlMissing(Exception):
    """This needs the owner's login: set HANDSCHLAG_OWNER_DATABASE_URL as well."""


@contextmanager
def database(settings: Settings, *, join: bool = False) -> Iterator[Database]:
    """The database while it runs. Call from the main thread: PostgreSQL dies with the one that starts it.

    With `join`, one that another process of ours runs on this home is used, and left running. Raises a
    `PostgresTrouble`.
    """
    if settings.database_url is not None:
        urls = Urls(
            runtime=settings.database_url,
            owner=settings.owner_database_url or "",
            follower=settings.follower_database_url or "",
        )
        yield Database(urls, settings, None)
        return
    server = EmbeddedPostgres(settings.home)
    told = settings.home / "postgres" / "running.json"
    try:
        urls = server.start()
    except AlreadyRunning:
        running = _running(told) if join else None
        if running is None:
            raise
        yield Database(running, settings, None)
        return
    try:
        _tell(told, urls)
        yield Database(urls, settings, server)
    finally:
        told.unlink(missing_ok=True)
        server.stop()


def _tell(told: Path, urls: Urls) -> None:
    """Let this home's other commands find the server. A crash leaves the file; the home's lock says it is stale."""
    new = told.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"runtime": urls.runtime, "owner": urls.owner, "follower": urls.follower}, file)
    new.replace(told)


def _running(told: Path) -> Urls | None:
    try:
        return Urls(**json.loads(told.read_text()))
    except (OSError, ValueError, TypeError):
        return None
