"""A real Chromium looking at a really running service. Without Chromium these tests are skipped, and say so."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.running import Host, RunningService, client, running_service
from tests.services.hall import Hall

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip this folder's tests where there is no Chromium."""
    if CHROMIUM.exists():
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def service() -> Iterator[RunningService]:
    """A ready service of the browser's own."""
    with running_service() as service:
        yield service


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def host(service: RunningService) -> Host:
    """A fresh host with keys for every desk."""
    return await service.new_host()


@pytest.fixture
async def hall(service: RunningService, host: Host) -> AsyncIterator[Hall]:
    """A host's desk, ready to ask."""
    async with client(service) as http:
        yield Hall(http, host)


@dataclass
class Looking:
    """A browser's page, and what went wrong in it: messages of its console, requests to elsewhere."""

    page: Page
    base: str
    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    async def at(self, path: str, width: int = 1440, height: int = 900, status: int = 200) -> Page:
        """The page at `path`, opened in a window of that size."""
        await self.page.set_viewport_size({"width": width, "height": height})
        answer = await self.page.goto(self.base + path, wait_until="load")
        assert answer is not None
        assert answer.status == status
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the console complains about; a 404's own line is no complaint."""
        if message.type in {"error", "warning"} and not re.search(r"status of 404", message.text):
            self.messages.append(message.text)

    def asked(self, request: Request) -> None:
        """Keep requests that leave the service."""
        if urlsplit(request.url).netloc != urlsplit(self.base).netloc:
            self.elsewhere.append(request.url)


@pytest.fixture
async def looking(browser: Browser, service: RunningService) -> AsyncIterator[Looking]:
    """A fresh window, German. Whatever a test does, nothing may be loaded from elsewhere or fail in the console."""
    context = await browser.new_context(locale="de-DE", reduced_motion="reduce")
    page = await context.new_page()
    looking = Looking(page, service.url)
    page.on("console", looking.heard)
    page.on("pageerror", lambda error: looking.messages.append(str(error)))
    page.on("request", looking.asked)
    yield looking
    await context.close()
    assert not looking.messages
    assert not looking.elsewhere
