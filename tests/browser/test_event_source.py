"""A browser's own EventSource follows a host's log: cut off, it comes back by itself and misses nothing."""

import asyncio

from playwright.async_api import Browser, Page

from services.client import Handschlag
from tests.running import client, running_service
from tests.services.hall import Hall

LATE = 30.0
"""Seconds within which a browser finds a service again."""

LISTEN = """([tenant, types]) => {
  window.heard = [];
  const stream = new EventSource(`/v1/${tenant}/events/stream?after=0`);
  for (const type of types) {
    stream.addEventListener(type, (event) => window.heard.push([Number(event.lastEventId), event.type]));
  }
}"""

TYPES = (
    "marketplace.planned.v1",
    "marketplace.registration_opened.v1",
    "marketplace.trading_opened.v1",
    "marketplace.trading_closed.v1",
)


async def test_an_event_source_resumes_after_the_service_was_killed(browser: Browser) -> None:
    """Given a page that listens without a key, when the service is killed and started, then each event came once."""
    with running_service() as service:
        host = await service.new_host()
        page = await browser.new_page()
        async with client(service) as http:
            hall = Hall(http, host)
            await hall.plan()
            await page.goto(f"{service.url}/")
            await page.evaluate(LISTEN, [host.tenant, TYPES])
            await _heard(page, 2)
        service.kill()
        service.start()
        async with client(service) as http:
            hall.http = http
            await hall.gong()
            await hall.closing_gong()
        heard = await _heard(page, 4)
        await page.close()
        with Handschlag(service.url, host.tenant, host.keys["integrator"]) as handschlag:
            told = [[event.position, event.type] for event in handschlag.events() if event.type in TYPES]
    assert heard == told


async def _heard(page: Page, count: int) -> list[list[int | str]]:
    """What the page has heard, once it is so much."""
    async with asyncio.timeout(LATE):
        while len(heard := await page.evaluate("window.heard")) < count:  # noqa: ASYNC110 - the browser's own loop
            await asyncio.sleep(0.1)
    return list(heard)
