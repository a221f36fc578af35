"""A page whose stream ends takes it up again; one for which there is no place looks for itself until there is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from tests.running import RunningService, client, running_service
from tests.services.hall import Hall

LATE = 30_000
"""Milliseconds within which a page has found its place."""


@asynccontextmanager
async def trading(service: RunningService) -> AsyncIterator[tuple[Hall, str, str, str]]:
    """A hall that trades, the address of its board, and two parties."""
    host = await service.new_host()
    async with client(service) as http:
        hall = Hall(http, host)
        await hall.plan()
        company, nonprofit = await hall.bring("Eins", "company"), await hall.bring("Zwei", "nonprofit")
        await hall.gong()
        yield hall, f"{service.url}/{host.tenant}/marketplaces/{hall.marketplace}", company, nonprofit


async def opened(browser: Browser, board: str) -> Page:
    """A board on a screen of its own."""
    page = await browser.new_page(locale="en-GB")
    await page.goto(board)
    return page


async def test_a_stream_that_lasted_its_time_is_taken_up_again(browser: Browser) -> None:
    """Given streams that end after a second, when a contract is certified after some of them, then the board grows."""
    with running_service(HANDSCHLAG_STREAM_LIFETIME="1") as service:
        async with trading(service) as (hall, board, company, nonprofit):
            page = await opened(browser, board)
            for _ in range(3):
                async with page.expect_request(lambda request: "/live" in request.url, timeout=LATE):
                    pass
            await hall.certified(company, nonprofit)
            await expect(page.locator("#count .figure")).to_have_text("1", timeout=LATE)
            await expect(page.locator(".sign-on")).to_be_visible(timeout=LATE)
            await page.close()


async def test_a_page_without_a_place_looks_for_itself(browser: Browser) -> None:
    """Given a place for one stranger, then a second board is marked, grows all the same, and is live when it can be."""
    with running_service(HANDSCHLAG_STREAM_LISTENERS="4") as service:
        async with trading(service) as (hall, board, company, nonprofit):
            first = await opened(browser, board)
            await expect(first.locator(".sign-on")).to_be_visible(timeout=LATE)
            second = await opened(browser, board)
            await expect(second.locator(".sign-stale")).to_be_visible(timeout=LATE)
            await hall.certified(company, nonprofit)
            await expect(second.locator("#count .figure")).to_have_text("1", timeout=LATE)
            await expect(second.locator(".sign-stale")).to_be_visible()
            await first.close()
            await expect(second.locator(".sign-on")).to_be_visible(timeout=LATE)
            await second.close()
