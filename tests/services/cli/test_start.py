"""A start loads what it needs; what comes after it is there when somebody asks."""

import asyncio
import subprocess
import sys
import time

import httpx2
import pytest
from litestar import Litestar, get
from litestar.params import FromPath

from services.cli import later as waiting
from services.cli.front import Front
from services.cli.later import Later

NOT_NEEDED = (
    "alembic", "httpx2", "jinja2", "nats", "openpyxl", "services.rehearsal.player", "services.web", "sqlalchemy",
)  # fmt: skip


def test_a_start_loads_what_it_needs() -> None:
    """Given the service's modules, then pages, clients and whatever migrates aren't among what they load."""
    code = (
        "import sys, services.cli.main, services.cli.serving, services.cli.serve\n"
        f"print(*(name for name in {NOT_NEEDED!r} if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


@get("/{host:str}/board")
async def board(host: FromPath[str]) -> str:
    """A page."""
    return f"page of {host}"


@get("/v1/{host:str}/ledger")
async def ledger(host: FromPath[str]) -> str:
    """An answer to a program."""
    return f"ledger of {host}"


def _app(handler: object) -> Litestar:
    return Litestar([handler], openapi_config=None, logging_config=None)  # type: ignore[list-item]


async def test_a_page_that_is_not_loaded_yet_is_waited_for() -> None:
    """Given pages that take their time, then a program is answered at once, and who asks for a page gets it."""
    made: list[float] = []

    def make_pages() -> Litestar:
        time.sleep(0.2)
        made.append(time.monotonic())
        return _app(board)

    front = Front(lambda: _app(ledger), make_pages, Later())
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


async def test_what_waits_begins_when_the_service_is_ready() -> None:
    """Given work that isn't needed for an answer, then it begins with readiness, and isn't begun before."""
    later = Later()
    waiting_for = asyncio.ensure_future(later.started())
    await asyncio.sleep(0.02)
    assert not waiting_for.done()
    later.ready.set()
    await asyncio.wait_for(waiting_for, 0.5)
    assert await later.load(lambda: "loaded") == "loaded"
    later.close()


async def test_nothing_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a service that isn't ready for long, then what waits for it begins all the same."""
    monkeypatch.setattr(waiting, "PATIENCE", 0.02)
    await asyncio.wait_for(Later().started(), 1)
