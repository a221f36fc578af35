"""The pages as one router; `services.cli` mounts it beside the API."""

import asyncio

from litestar import Router
from litestar.di import Provide

from services.application.listeners import Listeners
from services.application.queries import Queries
from services.web import pages, replaying
from services.web.live import Live, Wakeups
from services.web.rooms import Apart, Hosts, Rooms, nobody_apart
from services.web.troubles import EXCEPTION_HANDLERS

RESERVED = frozenset({"static", "season"})
"""First words of our addresses: no host can have them as its name."""


def create_router(
    queries: Queries,
    hosts: Hosts,
    wakeups: Wakeups,
    stopping: asyncio.Event,
    listeners: Listeners,
    apart: Apart = nobody_apart,
) -> Router:
    """All pages, their assets and live streams, read-only. `stopping`, once set, ends every open stream.

    Who has a page open takes a place among `listeners`, which the caller may share out to others, too.

    Addresses that no route knows never come to a router: mount `troubles.error_page` for those, too.
    """
    rooms = Rooms(queries, hosts, Live(queries, wakeups, stopping, listeners), apart)
    return Router(
        path="/",
        route_handlers=[
            pages.front,
            pages.season,
            pages.host,
            pages.board,
            pages.ledger,
            pages.contract,
            replaying.replay,
            pages.live,
            pages.static,
        ],
        dependencies={"rooms": Provide(lambda: rooms, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        include_in_schema=False,
    )
