"""Commands that work on an installation from the inside, beside a service that may be running."""

from collections.abc import Awaitable, Callable

from infra.postgres.embedded import Urls
from services.cli.command import Result, run, settings
from services.cli.database import database
from services.cli.house import House, open_house


def in_house(work: Callable[[House], Awaitable[Result]]) -> Result:
    """Run `work` with an open house, joining a service that runs on this home."""
    told = settings()

    async def inside(urls: Urls) -> Result:
        async with open_house(urls, told) as house:
            return await work(house)

    with database(told, join=True) as running:
        return run(inside(running.urls))
