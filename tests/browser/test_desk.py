"""The desk by keyboard alone and without script: from a blank host to the first contract on the board."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_pages import OUTLINE, WIDTHS
from tests.running import Host, RunningService

MOST_STROKES = 300
"""Strokes of keys (the two access keys aside, which are pasted): two minutes at two or three a second."""

LONG = "Freiwilligenagentur und Bürgerstiftung für Nachbarschaftshilfe Rheinhausen e. V."


@dataclass
class Hands:
    """Two hands on a keyboard, and no mouse. `strokes` counts what they press."""

    page: Page
    strokes: int = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)
            self.strokes += 1

    async def type(self, text: str) -> None:
        """Type a text where the page is."""
        await self.page.keyboard.type(text)
        self.strokes += len(text)

    async def paste(self, secret: str) -> None:
        """Type what nobody types by hand."""
        await self.page.keyboard.type(secret)
        self.strokes += 1

    async def enter(self, heading: str) -> None:
        """Press Enter and come to the page of that heading."""
        await self.press("Enter")
        await expect(self.page.locator("h1")).to_have_text(re.compile(heading))

    async def at(self, field: str) -> None:
        """The page has its focus on that field, and shows it."""
        focused = self.page.locator(f"[name='{field}']").first
        await expect(focused).to_be_focused()
        await expect(focused).to_be_in_viewport()


@pytest.fixture
async def hands(browser: Browser, service: RunningService) -> AsyncIterator[Hands]:
    """A fresh window without script."""
    context = await browser.new_context(
        java_script_enabled=False, locale="de-DE", base_url=service.url, viewport={"width": 1280, "height": 800}
    )
    yield Hands(await context.new_page())
    await context.close()


async def organisation(hands: Hands, name: str, *side: str) -> None:
    """Enter one that is here: its name, its side, Enter."""
    await hands.at("name")
    await hands.type(name)
    await hands.press("Tab", *side)
    await hands.press("Enter")
    await expect(hands.page.locator(".done")).to_have_text(f"{name}: ist da")


async def party(hands: Hands, name: str, gives: str, area: str, hours: str) -> None:
    """A party's part of the form: who, what, which area, how many hours, and the tick for its signature."""
    await hands.type(name)
    await hands.press("Tab")
    await hands.type(gives)
    await hands.press("Tab")
    await hands.type(area)
    await hands.press("Tab", "Tab")
    await hands.type(hours)
    await hands.press("Tab", "Tab", "Tab", "Tab", "Tab")
    await hands.press("Space", "Tab", "Space")


async def test_from_a_blank_host_to_the_first_contract(hands: Hands, host: Host) -> None:
    """Given two keys and a keyboard, then planning, door, gong, form and notary lead to the board, page by page."""
    page = hands.page
    await page.goto(f"/{host.tenant}/desk")
    await hands.at("secret")
    await hands.paste(host.keys["host_admin"])
    await hands.enter("Pult")
    await hands.enter("Marktplatz planen")
    await hands.at("title")
    await hands.type("Marktplatz Essen")
    await hands.enter("Marktplatz Essen")
    await hands.press("Enter")
    await expect(page.locator(".next")).to_contain_text("Die Anmeldung ist offen.")
    await hands.enter("Organisationen")
    await organisation(hands, "Bäckerei Morgenrot", "Space")
    await organisation(hands, LONG, "ArrowDown")
    await hands.press("Shift+Tab")
    await hands.enter("Marktplatz Essen")
    await hands.enter("Gong")
    await hands.enter("Marktplatz Essen")
    await expect(page.locator(".next")).to_contain_text("Der Handel läuft.")
    await hands.enter("Formular erfassen")
    await hands.at("form_number")
    await hands.type("P-001")
    await hands.press("Tab", "Tab")
    await party(hands, "morgen", "Brot für das Sommerfest", "T", "8")
    await hands.press("Tab")
    await party(hands, "freiw", "Ein Abend mit Musik", "W", "6")
    await hands.press("Enter")
    await expect(page.locator(".done")).to_contain_text("P-001: liegt beim Notar")
    await hands.press("Shift+Tab")
    await hands.enter("Notar")
    await hands.enter("Weiterer Schlüssel")
    await hands.paste(host.keys["notary"])
    await hands.enter("Notar")
    await hands.at("verdict")
    await hands.press("Enter")
    await expect(page.locator(".done")).to_contain_text("Vereinbarung 1: beglaubigt")
    await hands.press("Shift+Tab")
    await hands.press("Enter")
    await expect(page.locator("#count .figure")).to_have_text("1")
    assert hands.strokes <= MOST_STROKES


async def signed_in(hands: Hands, host: Host, lang: str = "de") -> str:
    """Work up to a form at the notary; answers the edition's desk."""
    page = hands.page
    await page.goto(f"/{host.tenant}/desk?lang={lang}")
    for role in ("host_admin", "notary"):
        await page.goto(f"/{host.tenant}/desk?lang={lang}&add=role")
        await page.fill("#secret", host.keys[role])
        await page.press("#secret", "Enter")
    await page.goto(f"/{host.tenant}/desk/plan?lang={lang}")
    await page.fill("#title", f"Probe: Marktplatz der {LONG}")
    await page.check("#rehearsal")
    await page.press("#title", "Enter")
    desk = page.url.partition("?")[0]
    await page.press(".next button", "Enter")
    for name, side in (("Bäckerei Morgenrot", "company"), (LONG, "nonprofit")):
        await page.goto(f"{desk}/organisations?lang={lang}")
        await page.fill("#name", name)
        await page.check(f"#side-{side}")
        await page.press("#name", "Enter")
    await page.goto(f"{desk}/gong?lang={lang}")
    await page.press("main form button", "Enter")
    for number in ("P-001", "P-002"):
        await page.goto(f"{desk}/form?lang={lang}")
        for field, told in (("form_number", number), ("party-1", "morgen"), ("title-1-1", f"Brot für {LONG}"),
                            ("hours-1-1", "8"), ("party-2", "freiw"), ("title-2-1", "Musik")):  # fmt: skip
            await page.fill(f"#{field}", told)
        for at in ("1-1", "2-1"):
            await page.select_option(f"#area-{at}", index=1)
        for party in ("1", "2"):
            await page.check(f"#signed-{party}")
        await page.press("#form_number", "Enter")
        await expect(page.locator(".done")).to_be_visible()
    return desk


PLACES = (
    "",
    "/organisations",
    "/paper",
    "/form",
    "/notary",
    "/gong",
    "/gong/extend?minutes=10",
    "/gong/close",
    "/calls",
    "/announce",
)


@pytest.mark.parametrize("lang", ["de", "en"])
async def test_the_desk_can_be_heard_and_fits_every_screen(hands: Hands, host: Host, lang: str) -> None:
    """Given every page of the desk, at every width, then nothing is wider, and a reader aloud knows every field."""
    desk = await signed_in(hands, host, lang)
    home = desk.rpartition("/")[0]
    for path in (home, f"{home}?add=role", f"{home}/plan", *(f"{desk}{place}" for place in PLACES)):
        sign = "&" if "?" in path else "?"
        await hands.page.goto(f"{path}{sign}lang={lang}")
        for width in WIDTHS:
            await hands.page.set_viewport_size({"width": width, "height": 740})
            assert await hands.page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        await hands.page.set_viewport_size({"width": 360, "height": 740})
        told = await hands.page.evaluate(OUTLINE)
        assert told.pop("lang") == lang
        assert told.pop("levels").count(1) == 1
        assert told == {key: 0 if key in {"silent", "bare"} else [] for key in told}, path


async def test_a_mistake_is_where_the_hands_are(hands: Hands, host: Host) -> None:
    """Given a form with a mistake, then the page comes back at the field, which says aloud what is wrong."""
    desk = await signed_in(hands, host)
    await hands.page.goto(f"{desk}/form")
    await hands.type("P-003")
    await hands.press("Tab", "Tab")
    await hands.type("Niemand")
    await hands.press("Enter")
    await hands.at("party-1")
    field = hands.page.locator("#party-1")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("Niemand dieses Namens ist eingetroffen"))
    await expect(field).to_have_value("Niemand")
    await expect(hands.page.locator("#alarm")).to_have_attribute("role", "alert")
