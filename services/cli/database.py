"""Which database this process works with: an operator's server, or the one embedded in the home."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.postgres.embedded import EmbeddedPostgres, Urls
from infra.postgres.trouble import AlreadyRunning
from infra.settings import Settings


class OwnerUrlMissing(Exception):
    """This needs the owner's login: set HANDSCHLAG_OWNER_DATABASE_URL as well."""


@contextmanager
def database(settings: Settings, *, join: bool = False) -> Iterator[Urls]:
    """The database's logins while it runs. Call from the main thread: PostgreSQL dies with the one that starts it.

    With `join`, one that another process of ours runs on this home is used, and left running. Raises a
    `PostgresTrouble`.
    """
    if settings.database_url is not None:
        yield Urls(
            runtime=settings.database_url,
            owner=settings.owner_database_url or "",
            follower=settings.follower_database_url or "",
        )
        return
    server = EmbeddedPostgres(settings.home)
    told = settings.home / "postgres" / "running.json"
    try:
        urls = server.start()
    except AlreadyRunning:
        running = _running(told) if join else None
        if running is None:
            raise
        yield running
        return
    try:
        _tell(told, urls)
        yield urls
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
