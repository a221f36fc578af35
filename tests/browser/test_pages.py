"""What people see: readable at every width, by keyboard and by ear, and growing while the hall trades."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Looking
from tests.running import RunningService
from tests.services.hall import Hall, both_give

LONG = "Freiwilligenagentur und Bürgerstiftung für Nachbarschaftshilfe Rheinhausen e. V."
WIDTHS = (360, 768, 1440, 1920)

OUTLINE = """() => {
  const named = (one) => (one.getAttribute("aria-label") || one.textContent || "").trim();
  const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map((one) => Number(one.tagName[1]));
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const small = [...document.querySelectorAll("button, select, .controls a, .top a, .onward a")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.width < 24 || box.height < 24);
  });
  return {
    lang: document.documentElement.lang,
    levels,
    nameless: [...document.querySelectorAll("a, button")].filter((one) => !named(one)).map((one) => one.outerHTML),
    unlabelled: [...document.querySelectorAll("select, input:not([type=hidden])")].filter((one) => !one.labels.length)
      .map((one) => one.outerHTML),
    silent: [...document.querySelectorAll("svg")].filter((one) => one.getAttribute("aria-hidden") !== "true"
      && !one.getAttribute("aria-label")).length,
    bare: [...document.querySelectorAll("table")].filter((one) => !one.caption).length,
    landmarks: ["header", "main", "footer"].filter((one) => document.querySelectorAll(`body > ${one}`).length !== 1),
    twice: ids.filter((one, at) => ids.indexOf(one) !== at),
    small: small.map((one) => one.outerHTML),
  };
}"""
"""What a reader aloud needs, as far as a machine can tell."""


@pytest.fixture
async def traded(hall: Hall) -> tuple[Hall, str]:
    """A hall with a certified contract between parties of long names; answers the contract too."""
    await hall.plan(title="Probe: Marktplatz der Freiwilligenagentur und der Bürgerstiftung")
    company, nonprofit = await hall.bring("Bäckerei Morgenrot", "company"), await hall.bring(LONG, "nonprofit")
    await hall.gong()
    contract = await hall.certified(company, nonprofit)
    await hall.read(f"contracts/{contract}", wait_for=await hall.position())
    return hall, contract


def paths(hall: Hall, contract: str) -> list[str]:
    """Every kind of page."""
    board = f"/{hall.host.tenant}/marketplaces/{hall.marketplace}"
    own = [board, f"{board}?theme=light&lang=en", f"{board}/ledger", f"/{hall.host.tenant}/contracts/{contract}"]
    return ["/", f"/{hall.host.tenant}", *own]


@pytest.mark.parametrize("width", WIDTHS)
async def test_nothing_is_wider_than_the_screen(traded: tuple[Hall, str], looking: Looking, width: int) -> None:
    """On a phone, a tablet, a laptop and a projector: no page scrolls sideways."""
    for path in paths(*traded):
        page = await looking.at(path, width, 740)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_pages_can_be_heard(traded: tuple[Hall, str], looking: Looking) -> None:
    """One h1 and no level left out, names for links, buttons and pictures, captions, landmarks, targets of 24 px."""
    for path in paths(*traded):
        page = await looking.at(path, 360, 740)
        told: dict[str, Any] = await page.evaluate(OUTLINE)
        assert told.pop("lang") == ("en" if "lang=en" in path else "de")
        levels = told.pop("levels")
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert told == {key: 0 if key in {"silent", "bare"} else [] for key in told}, path


async def test_the_keyboard_goes_to_the_content_first(traded: tuple[Hall, str], looking: Looking) -> None:
    """The first stop is the skip link, which is then seen and works; every stop shows where it is."""
    hall, _ = traded
    page = await looking.at(f"/{hall.host.tenant}/marketplaces/{hall.marketplace}/ledger")
    await page.keyboard.press("Tab")
    skip = page.locator(".skip")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    for _ in range(5):
        await page.keyboard.press("Tab")
        width = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert float(width.removesuffix("px")) >= 2
    await skip.focus()
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"


async def test_the_board_grows_while_the_hall_trades(hall: Hall, looking: Looking) -> None:
    """Before the gong words, after it a zero, then every certified contract, without anybody reloading."""
    await hall.plan()
    company, nonprofit = await hall.bring("Bäckerei Morgenrot", "company"), await hall.bring(LONG, "nonprofit")
    page = await looking.at(f"/{hall.host.tenant}/marketplaces/{hall.marketplace}", 1920, 1080)
    await expect(page.locator(".board-sentence")).to_have_text("Die Anmeldung ist offen.")
    await hall.gong()
    await expect(page.locator("#count .figure")).to_have_text("0")
    await expect(page.locator("#clock")).to_have_text(re.compile(r"^(\d:)?\d?\d:\d\d$"))
    for number in (1, 2):
        await hall.certified(company, nonprofit)
        await expect(page.locator("#count .figure")).to_have_text(str(number))
    await expect(page.locator("#ticker li")).to_have_count(2)
    await expect(page.locator("#ticker li").first).to_contain_text("Bäckerei Morgenrot")
    await expect(page.locator(".money")).to_have_text(re.compile("200\\s€ Gegenwert"))
    await hall.closing_gong()
    await expect(page.locator(".board")).to_have_attribute("data-state", "over")


async def test_the_list_can_be_held(traded: tuple[Hall, str], looking: Looking) -> None:
    """A held list stays as it is while the number goes on; let go, it catches up."""
    hall, _ = traded
    page = await looking.at(f"/{hall.host.tenant}/marketplaces/{hall.marketplace}", 1920, 1080)
    await page.locator("#pause").click()
    await expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    await hall.certified(await hall.bring("Eins", "company"), await hall.bring("Zwei", "nonprofit"))
    await expect(page.locator("#count .figure")).to_have_text("2")
    await expect(page.locator("#ticker li")).to_have_count(1)
    await page.locator("#pause").click()
    await expect(page.locator("#ticker li")).to_have_count(2)


async def test_a_contracts_page_grows_too(hall: Hall, looking: Looking) -> None:
    """From an unsigned draft to the seal, on a page that stays open."""
    await hall.plan()
    company, nonprofit = await hall.bring("Bäckerei Morgenrot", "company"), await hall.bring(LONG, "nonprofit")
    await hall.gong()
    body = {
        "marketplace": hall.marketplace,
        "parties": [company, nonprofit],
        "terms": both_give(company, nonprofit),
    }
    contract = (await hall.done("contracts/from-form", body))["id"]
    await hall.read(f"contracts/{contract}", wait_for=await hall.position())
    page = await looking.at(f"/{hall.host.tenant}/contracts/{contract}")
    await expect(page.locator(".standing .state")).to_have_text("Entwurf")
    await expect(page.locator(".path")).to_contain_text("ohne aufgezeichnete Verhandlung")
    await hall.sign(contract, company, nonprofit)
    await hall.done(f"contracts/{contract}/submit")
    await hall.done(f"contracts/{contract}/certify", role="notary")
    await expect(page.locator(".standing .state")).to_have_text("beglaubigt")
    await expect(page.locator(".arch .seal")).to_be_visible()


async def test_everything_can_be_read_without_script(
    traded: tuple[Hall, str], service: RunningService, looking: Looking
) -> None:
    """With scripts forbidden the board still says its number, the end of trading, and the newest contract."""
    hall, _ = traded
    assert looking.page.context.browser is not None
    context = await looking.page.context.browser.new_context(java_script_enabled=False, locale="de-DE")
    page = await context.new_page()
    await page.goto(f"{service.url}/{hall.host.tenant}/marketplaces/{hall.marketplace}")
    await expect(page.locator("#count .figure")).to_have_text("1")
    await expect(page.locator("#clock")).to_contain_text("Minuten")
    await expect(page.locator("#pause")).to_be_hidden()
    await context.close()


async def test_a_missing_page_leads_back(looking: Looking) -> None:
    """A wrong address is said in words, with one way on."""
    page = await looking.at("/nirgends/hier", 360, 740, status=404)
    await expect(page.locator("h1")).to_have_text("Diese Seite gibt es nicht")
    await page.locator(".button").click()
    assert page.url == looking.base + "/"
