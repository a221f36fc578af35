"""Which application answers: programs ask the API, which stands from the start; people see pages, loaded after it."""

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from importlib import import_module
from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException

from infra.postgres.tenancy import list_tenants
from services.api.app import EXCEPTION_HANDLERS
from services.application.doorkeeping import Keyring
from services.cli.house import House
from services.cli.later import Later

PROGRAMS = frozenset(
    {"v1", "health", "openapi.json", "asyncapi.json", "schemas", "docs", "problems", ".well-known"}
)  # fmt: skip
"""First words of the addresses at which programs ask; everything else is for people."""

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
    """Hands every request to the API or to the pages, each made when it's needed."""

    def __init__(self, make_api: Callable[[], Litestar], make_pages: Callable[[], Litestar], later: Later) -> None:
        self.api = Part(make_api, later)
        self.pages = Part(make_pages, later)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle one request."""
        for_people = scope["type"] == "http" and scope["path"].lstrip("/").partition("/")[0] not in PROGRAMS
        app = await (self.pages if for_people else self.api).there()
        await app(scope, receive, send)


def make_pages(house: House, keyring: Keyring, apart: Apart) -> Litestar:
    """Pages and desk of a house."""
    router, desk = import_module("services.web.router"), import_module("services.web.desk.router")
    error_page = import_module("services.web.troubles").error_page
    hosts = partial(list_tenants, house.log.pool)
    return Litestar(
        route_handlers=[
            router.create_router(house.queries, hosts, house.log.wakeups, house.stopping, apart),
            desk.create_desk(house.application, house.queries, keyring, hosts),
        ],
        exception_handlers={**EXCEPTION_HANDLERS, HTTPException: error_page},
        openapi_config=None,
        logging_config=None,
    )
