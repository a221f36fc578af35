"""An edition replayed in the browser's words: the board and the ledger as of a moment, and the steps between."""

import re

from tests.services.hall import Hall


async def page(hall: Hall, edition: str, status: int = 200, **query: str) -> str:
    """The page, as text."""
    address = f"/{hall.host.tenant}/marketplaces/{edition}/replay"
    answer = await hall.http.get(address, params={"lang": "en", **query})
    assert answer.status_code == status, answer.text
    return " ".join(answer.text.split())


def told(html: str) -> str:
    """The figures that the page tells."""
    found = re.search(r'<p class="figures"><strong>(.*?)</p>', html)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


def leads(html: str, where: str) -> str | None:
    """The record that a link (`prev` or `next`) leads to."""
    found = re.search(rf'rel="{where}" href="[^"]*as_of=(\d+)', html)
    return None if found is None else found[1]


async def test_one_can_step_through_an_edition_from_now_to_its_beginning_and_back(hall: Hall) -> None:
    """Given two certified contracts, then steps back lead to one and to none, and the same steps lead on again."""
    edition = await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    await hall.certified(one, other)
    await hall.certified(one, other)
    await hall.results()
    html = await page(hall, edition)
    assert told(html).startswith("2 ")
    assert leads(html, "next") is None
    counts, seen = [told(html)[0]], [html]
    while (position := leads(seen[-1], "prev")) is not None:
        seen.append(await page(hall, edition, as_of=position))
        counts.append(told(seen[-1])[0])
    assert sorted(set(counts)) == ["0", "1", "2"]
    assert counts == sorted(counts, reverse=True)
    assert "No agreement yet" in seen[-1]
    on = [leads(html, "next") for html in seen[1:]]
    assert all(on)
    back_at_the_first = await page(hall, edition, as_of=str(on[-1]))
    assert leads(back_at_the_first, "prev") is not None


async def test_a_time_is_the_editions_own_and_unclear_ones_are_refused(hall: Hall) -> None:
    """Given local times, then a past one shows nothing yet, and the doubled hour in October isn't guessed at."""
    edition = await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    await hall.certified(one, other)
    await hall.results()
    assert told(await page(hall, edition, time="2006-09-18T18:00:00")).startswith("0 ")
    for unclear in ({"time": "2026-10-25T02:30:00"}, {"time": "noon"}, {"as_of": "0"}, {"as_of": "-1"}):
        await page(hall, edition, 400, **unclear)
    await page(hall, edition, 503, as_of="999999")
    assert await page(hall, edition, as_of="") == await page(hall, edition)
