"""A page whose service is gone says that it may be old, and goes on by itself when the service is back."""

import re

from playwright.async_api import Browser, expect

from tests.running import client, running_service
from tests.services.hall import Hall

LATE = 20_000
"""Milliseconds within which a browser finds a service again."""


async def test_a_page_is_marked_stale_and_recovers(browser: Browser) -> None:
    """Stopped, the service lets its streams go at once; the board stays up, marked, and grows again afterwards."""
    with running_service() as service:
        host = await service.new_host()
        async with client(service) as http:
            hall = Hall(http, host)
            await hall.plan()
            company, nonprofit = await hall.bring("Eins", "company"), await hall.bring("Zwei", "nonprofit")
            await hall.gong()
            page = await browser.new_page(locale="en-GB")
            await page.goto(f"{service.url}/{host.tenant}/marketplaces/{hall.marketplace}")
            await expect(page.locator(".sign-on")).to_be_visible()
            assert service.stop() == 0
            await expect(page.locator(".sign-stale")).to_be_visible()
            await expect(page.locator(".sign-stale")).to_have_text(re.compile("Connection lost.*Nothing is lost"))
            await expect(page.locator("#count .figure")).to_have_text("0")
            service.start()
            await expect(page.locator(".sign-on")).to_be_visible(timeout=LATE)
            await hall.certified(company, nonprofit)
            await expect(page.locator("#count .figure")).to_have_text("1")
            await page.close()
