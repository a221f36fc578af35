"""Which application answers: commands and queries stand from the start; rooms and pages are loaded right after it."""

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from importlib import import_module
from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from infra.postgres.tenancy import list_tenants
from services.api.app import EXCEPTION_HANDLERS
from services.api.judging import judge
from services.api.methods import answer_options
from services.application.doorkeeping import Keyring
from services.application.listeners import Listeners
from services.cli.house import House
from services.cli.later import Later

PROGRAMS = frozenset({"v1", "health"})
"""First words of the addresses at which programs ask; everything else but the rooms is for people."""

ROOMS = frozenset({"openapi.json", "asyncapi.json", "schemas", "docs", "problems", ".well-known"})
"""First words of rooms: what programs ask for now and then (`services.api.rooms`)."""

ROOMS_OF_A_HOST = frozenset({"imports", "log", "webhooks", "sandbox"})
"""What follows `/v1/{tenant}/` in the addresses of a host's rooms."""

Apart = Callable[[], Collection[str]]
"""Tells which hosts are sandboxes."""


class Part:
    """An application that is made once, by a thread, when it's asked for first; whoever asks meanwhile waits for it."""

    def __init__(self, make: Callable[[], Litestar], later: Later) -> None:
        self._make = make
        self._later = later
        self._making: asyncio.Future[Litestar] | None = None
        self._made: Litestar | None = None

    async def there(self) -> Litestar:
        """The application. Raises what making it raised."""
        if self._made is None:
            if self._making is None:
                self._making = asyncio.ensure_future(self._later.load(self._make))
            self._made = await asyncio.shield(self._making)
        return self._made


class Front:
    """Hands every request to the API, the rooms or the pages, each made when it's needed."""

    def __init__(
        self,
        make_api: Callable[[], Litestar],
        make_rooms: Callable[[], Litestar],
        make_pages: Callable[[], Litestar],
        later: Later,
    ) -> None:
        self.api = Part(make_api, later)
        self.rooms = Part(make_rooms, later)
        self.pages = Part(make_pages, later)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle one request."""
        part = self.at(scope["path"]) if scope["type"] == "http" else self.api
        app = await part.there()
        await app(scope, receive, send)

    def at(self, path: str) -> Part:
        """Whose an address is."""
        words = [word for word in path.split("/") if word]
        match words:
            case ["v1", _, word, *_] if word in ROOMS_OF_A_HOST:
                return self.rooms
            case ["health", "log", *_]:
                return self.rooms
            case [word, *_] if word in PROGRAMS:
                return self.api
            case [word, *_] if word in ROOMS:
                return self.rooms
        return self.pages


def make_app(handlers: list[HTTPRouteHandler]) -> Litestar:
    """An application for programs."""
    return Litestar(
        route_handlers=handlers,
        before_request=judge,
        exception_handlers={**EXCEPTION_HANDLERS},
        openapi_config=None,
        logging_config=None,
    )


def make_rooms(*parts: Any) -> Litestar:
    """The rooms, of what `services.api.rooms.room_routes` takes."""
    return make_app(import_module("services.api.rooms").room_routes(*parts))


def make_pages(house: House, keyring: Keyring, listeners: Listeners, apart: Apart) -> Litestar:
    """Pages and desk of a house; open pages have their places among all `listeners`."""
    router, desk = import_module("services.web.router"), import_module("services.web.desk.router")
    error_page = import_module("services.web.troubles").error_page
    hosts = partial(list_tenants, house.log.pool)
    return Litestar(
        route_handlers=[
            router.create_router(house.queries, hosts, house.log.wakeups, house.stopping, listeners, apart),
            desk.create_desk(house.application, house.queries, keyring, hosts),
        ],
        before_request=answer_options,
        exception_handlers={**EXCEPTION_HANDLERS, HTTPException: error_page},
        openapi_config=None,
        logging_config=None,
    )
