"""What all hosts share, the front page and the seasons: one host's trouble is its own, and readers share an answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from services.application.queries import Queries
from services.web.live import Live
from services.web.rooms import Rooms
from services.web.sharing import Shared
from tests.services.web.made_up import edition, results, rows, thing
from tests.services.web.reader import Reader, Silence, app, hosts, listeners

HELD, TOLD = thing(3), thing(1)
WORDS = "Das lässt sich gerade nicht zeigen; die Aufzeichnungen sind sicher."
Client = AsyncTestClient[Litestar]


@pytest.fixture
def reader() -> Reader:
    """Two editions that trade, one of them held back, and one of a season."""
    return Reader(
        editions=[
            results(edition(1), 7),
            results(edition(3), 9),
            results(edition(2, rehearsal=False, state="planned"), 0),
        ],
        rows=rows(2),
        held_back={HELD},
    )


@pytest.fixture
async def pages(reader: Reader) -> AsyncIterator[Client]:
    async with AsyncTestClient(app(reader)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/season/2006"])
async def test_an_edition_that_is_held_back_hides_no_other(pages: Client, path: str) -> None:
    """Given an edition whose records can't be read, then the others are shown, and of it that it can't be just now."""
    page = await pages.get(path)
    assert page.status_code == 200
    assert page.text.count(WORDS) == 1
    assert f"/essen/marketplaces/{TOLD}" in page.text
    assert f"/essen/marketplaces/{HELD}" not in page.text


@pytest.mark.parametrize("path", ["/", "/season/2006"])
async def test_a_rehearsal_that_is_held_back_hides_no_season(pages: Client, reader: Reader, path: str) -> None:
    """Given that nobody trades and the last rehearsal can't be read, then the page says so and tells the rest."""
    reader.editions[:2] = [results(edition(3, state="over"), 9)]
    page = await pages.get(path)
    assert page.status_code == 200
    assert page.text.count(WORDS) == 1


async def test_a_host_has_a_page_though_an_edition_is_held_back(pages: Client, reader: Reader) -> None:
    """Given a real edition that can't be read, then the host's other ones are listed, and of it what is known."""
    reader.editions[2] = results(edition(2, rehearsal=False, title="Der große Marktplatz"), 0)
    reader.held_back = {thing(2)}
    page = await pages.get("/essen")
    assert page.status_code == 200
    assert page.text.count(WORDS) == 1
    assert "Der große Marktplatz" in page.text
    assert (await pages.get(f"/essen/marketplaces/{thing(2)}")).status_code == 503


async def test_an_edition_that_is_gone_meanwhile_is_left_out(pages: Client, reader: Reader) -> None:
    """Given an edition that is listed and then isn't there, then the front page tells of the others."""
    reader.gone.add(TOLD)
    page = await pages.get("/")
    assert page.status_code == 200
    assert TOLD not in page.text


async def test_readers_share_what_was_asked_of_the_hosts() -> None:
    """Given a crowd at the front page, then each host is asked for its editions once for all of them."""
    reader = Reader(editions=[results(edition(), 1)])
    live = Live(cast("Queries", reader), Silence(), asyncio.Event(), listeners())
    rooms = Rooms(cast("Queries", reader), hosts, live)
    halls = await asyncio.gather(*(rooms.hall() for _ in range(50)))
    await rooms.hall()
    assert sorted(reader.listed) == ["duesseldorf", "essen", "jena"]
    assert all(hall is halls[0] for hall in halls)


async def test_what_is_shared_is_asked_anew_when_it_is_old() -> None:
    """Given an answer, then it stands for its seconds and no longer; one that is under way is shared all the same."""
    asked: list[int] = []

    async def ask() -> int:
        asked.append(1)
        await asyncio.sleep(0)
        return len(asked)

    for_ever, never = Shared(ask, 3600), Shared(ask, 0)
    assert [await for_ever.answer(), await for_ever.answer()] == [1, 1]
    assert [await never.answer(), await never.answer()] == [2, 3]
    assert list(await asyncio.gather(never.answer(), never.answer())) == [4, 4]


async def test_trouble_is_not_kept() -> None:
    """Given an answer that failed, then those who shared it are told, and the next asks anew; leaving ends nothing."""
    troubles: list[Exception] = [ConnectionError()]

    async def ask() -> str:
        await asyncio.sleep(0)
        if troubles:
            raise troubles.pop()
        return "told"

    shared = Shared(ask, 3600)
    told = await asyncio.gather(shared.answer(), shared.answer(), return_exceptions=True)
    assert [type(one) for one in told] == [ConnectionError] * 2
    leaving, staying = asyncio.ensure_future(shared.answer()), asyncio.ensure_future(shared.answer())
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == "told"
