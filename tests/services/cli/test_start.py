"""A start loads what it needs; what comes after it is there when somebody asks."""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import httpx2
import pytest
from litestar import Litestar, get
from litestar.params import FromPath

from services.api.app import api_routes
from services.api.rooms import room_routes
from services.cli import later as waiting
from services.cli.front import Front
from services.cli.later import Later

NOT_NEEDED = (
    "alembic", "eventsourcing", "httpx2", "jinja2", "nats", "openpyxl", "rich", "services.api.rooms",
    "services.rehearsal.player", "services.web", "sqlalchemy",
)  # fmt: skip


def test_a_start_loads_what_it_needs() -> None:
    """Given the service's modules, then pages, clients and whatever migrates aren't among what they load."""
    code = (
        "import sys; from services.cli.__main__ import load_structlog; load_structlog()\n"
        "import services.cli.main, services.cli.serving, services.cli.serve\n"
        f"print(*(name for name in {NOT_NEEDED!r} if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_help_is_told_in_colours_all_the_same() -> None:
    """Given a log that was loaded without rich, when help is asked for, then it is drawn by rich as ever."""
    code = "import sys; from services.cli.__main__ import main; main(); print('rich.console' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, "serve", "--help"], capture_output=True, text=True, check=True)
    assert "Serve API and pages" in ran.stdout
    assert ran.stdout.split()[-1] == "True"


@get("/{host:str}/board")
async def board(host: FromPath[str]) -> str:
    """A page."""
    return f"page of {host}"


@get("/v1/{host:str}/ledger")
async def ledger(host: FromPath[str]) -> str:
    """An answer to a program."""
    return f"ledger of {host}"


@get("/v1/{host:str}/webhooks")
async def webhooks(host: FromPath[str]) -> str:
    """An answer in a room."""
    return f"webhooks of {host}"


def _app(handler: object) -> Litestar:
    return Litestar([handler], openapi_config=None, logging_config=None)  # type: ignore[list-item]


def _slowly(handler: object) -> Callable[[], Litestar]:
    def make() -> Litestar:
        time.sleep(0.2)
        return _app(handler)

    return make


def _entered(path: str) -> str:
    """An address of a route, its parameters filled in."""
    return re.sub(r"\{[^}]+\}", "essen", path)


async def test_a_page_that_is_not_loaded_yet_is_waited_for() -> None:
    """Given pages that take their time, then a program is answered at once, and who asks for a page gets it."""
    made: list[float] = []

    def make_pages() -> Litestar:
        time.sleep(0.2)
        made.append(time.monotonic())
        return _app(board)

    front = Front(lambda: _app(ledger), lambda: _app(webhooks), make_pages, Later())
    await front.api.there()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=front), base_url="http://here") as client:
        first, second = (asyncio.ensure_future(client.get(path)) for path in ("/v1-hof/board", "/a/board"))
        assert (await client.get("/v1/essen/ledger")).text == "ledger of essen"
        assert not made
        assert (await first).text == "page of v1-hof"
        assert (await second).text == "page of a"
        assert (await client.get("/v1/essen/board")).status_code == 404
        assert (await client.get("/")).status_code == 404
    assert len(made) == 1


async def test_a_room_that_is_not_loaded_yet_is_waited_for() -> None:
    """Given rooms that take their time, then a command is answered at once, and who enters a room gets it."""
    front = Front(lambda: _app(ledger), _slowly(webhooks), _slowly(board), Later())
    await front.api.there()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=front), base_url="http://here") as client:
        entering = asyncio.ensure_future(client.get("/v1/essen/webhooks"))
        assert (await client.get("/v1/essen/ledger")).text == "ledger of essen"
        assert not entering.done()
        assert (await entering).text == "webhooks of essen"


def test_every_address_is_where_its_route_is() -> None:
    """Given all routes of the API and of its rooms, then each one's address leads to the application that has it."""
    front = Front(*(lambda: _app(board),) * 3, Later())
    anything: Any = Mock()
    for room, handlers in (
        (front.api, api_routes(*(anything,) * 6)),
        (front.rooms, room_routes(*(anything,) * 8)),
    ):
        astray = {path for handler in handlers for path in handler.paths if front.at(_entered(path)) is not room}
        assert astray == set()
        assert handlers


@pytest.mark.parametrize("path", ["/", "/essen", "/en/essen/log", "/v2", "/log", "/static/desk.css"])
def test_other_addresses_are_for_people(path: str) -> None:
    """Given an address that no program asks at, then pages answer, if only that there's nothing."""
    front = Front(*(lambda: _app(board),) * 3, Later())
    assert front.at(path) is front.pages


def test_addresses_below_v1_are_never_pages() -> None:
    """Given an address below /v1 at which nothing is, then a program is told so in a program's words."""
    front = Front(*(lambda: _app(board),) * 3, Later())
    assert front.at("/v1/essen/nothing") is front.api
    assert front.at("//v1//essen//log/nothing") is front.rooms


async def test_what_waits_begins_when_the_service_is_ready() -> None:
    """Given work that isn't needed for an answer, then it begins with readiness, and isn't begun before."""
    later = Later()
    waiting_for = asyncio.ensure_future(later.started())
    await asyncio.sleep(0.02)
    assert not waiting_for.done()
    later.ready.set()
    await asyncio.wait_for(waiting_for, 30)
    assert await later.load(lambda: "loaded") == "loaded"
    later.close()


async def test_nothing_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a service that isn't ready for long, then what waits for it begins all the same."""
    monkeypatch.setattr(waiting, "PATIENCE", 0.02)
    await asyncio.wait_for(Later().started(), 30)
