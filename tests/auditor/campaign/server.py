"""A PostgreSQL of our own with a superuser who can log in: what the packaged one never has."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from infra.clock import fresh_id
from infra.postgres import footing
from infra.postgres.binaries import packaged
from infra.postgres.embedded import EmbeddedPostgres, Urls

SUPERUSER = "intruder"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the logins of the service, and that of a superuser."""

    urls: Urls
    superuser: str

    def at(self, database: str) -> "Server":
        """The same logins at another database."""
        runtime, owner, follower, superuser = (
            urlsplit(url)._replace(path=f"/{database}").geturl()
            for url in (self.urls.runtime, self.urls.owner, self.urls.follower, self.superuser)
        )
        return Server(Urls(runtime=runtime, owner=owner, follower=follower), superuser)

    @asynccontextmanager
    async def copy(self, template: str) -> AsyncIterator["Server"]:
        """A copy of a database that nobody uses just now; it is thrown away at the end."""
        name = f"c{fresh_id().replace('-', '')}"
        await self.order(f'create database {name} template "{template}"')
        try:
            yield self.at(name)
        finally:
            await self.order(f"drop database {name} with (force)")

    async def order(self, statement: str) -> None:
        """Run a statement as superuser."""
        connection = await asyncpg.connect(self.superuser)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def _run_aside(*work: Coroutine[Any, Any, None]) -> None:
    """Run coroutines one after the other, whether or not a loop runs in this thread."""
    with ThreadPoolExecutor(1) as aside:
        for each in work:
            aside.submit(asyncio.run, each).result()


@contextmanager
def running_server() -> Iterator[Server]:
    """Start one, make the superuser while it is down (as whoever has the data folder can), and start it again.

    Nothing here has to outlive a power cut, so nothing waits for the disk: databases are copied by the hundred.
    """
    home = Path(tempfile.mkdtemp(prefix="hs-campaign-"))
    server = EmbeddedPostgres(home)
    try:
        server.start()
        server.stop()
        password = secrets.token_hex(16)
        place = footing.find(home, packaged())
        command = [str(place.binaries.postgres), "--single", "-D", str(place.data), "postgres"]
        done = place.run(command, f"CREATE ROLE {SUPERUSER} SUPERUSER LOGIN PASSWORD '{password}'\n")
        assert done.returncode == 0, done.stderr
        urls = server.start()
        parts = urlsplit(urls.owner)
        found = Server(urls, parts._replace(netloc=f"{SUPERUSER}:{password}@{parts.hostname}:{parts.port}").geturl())
        _run_aside(found.order("alter system set fsync = off"), found.order("select pg_reload_conf()"))
        yield found
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
