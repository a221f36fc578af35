"""A page that many ask for at once is read together: nobody sees less, more, or anything older than by themselves."""

import asyncio
from typing import Any

import httpx2

from tests.running import RunningService, client
from tests.services.hall import Hall

MANY = 12


async def _at_once(hall: Hall, path: str, *, role: str = "auditor", **query: Any) -> list[httpx2.Response]:
    return await asyncio.gather(*(hall.get(path, role=role, **query) for _ in range(MANY)))


async def _traded(hall: Hall) -> str:
    """A certified contract between a sole trader and a non-profit; answers the trader."""
    await hall.plan()
    body = {"name": "Erika Mustermann", "side": "company", "sole_trader": True, "rehearsal": True}
    trader: str = (await hall.done("organisations", body))["id"]
    party = (await hall.done("participations", {"marketplace": hall.marketplace, "organisation": trader}))["id"]
    for step in ("admit", "check-in"):
        await hall.done(f"participations/{party}/{step}")
    food_bank = await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    await hall.certified(party, food_bank)
    return trader


def _names(answers: list[httpx2.Response]) -> set[frozenset[str | None]]:
    """The names on the pages, whichever of them differ."""
    rows = [row for answer in answers for row in answer.json()["items"]]
    return {frozenset(party["name"] for party in row["parties"]) for row in rows}


async def test_what_was_erased_is_on_no_page_that_is_asked_for_afterwards(hall: Hall) -> None:
    """Given a page that is asked for all the time, when a name on it is erased, then no later page shows it."""
    trader = await _traded(hall)
    until = await hall.position()
    assert _names(await _at_once(hall, "ledger", wait_for=until)) == {frozenset({"Erika Mustermann", "Tafel"})}
    asking = [asyncio.create_task(hall.get("ledger", role="auditor")) for _ in range(MANY)]
    await hall.done(f"persons/{trader}/erase", {}, role="host_admin")
    assert _names(await _at_once(hall, "ledger")) == {frozenset({None, "Tafel"})}
    await asyncio.gather(*asking)


async def test_what_is_recorded_is_on_every_page_that_waits_for_it(hall: Hall) -> None:
    """Given a page that is asked for all the time, when a contract is added, who waits for it sees it."""
    await hall.plan()
    bakery, food_bank = await hall.bring("Bäckerei", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    for number in range(1, 4):
        asking = [asyncio.create_task(hall.get("ledger", role="auditor")) for _ in range(MANY)]
        await hall.form(bakery, food_bank)
        pages = await _at_once(hall, "ledger", wait_for=await hall.position())
        assert [len(page.json()["items"]) for page in pages] == [number] * MANY
        assert len({page.content for page in pages}) == 1
        await asyncio.gather(*asking)


async def test_everybody_is_let_in_by_themselves(hall: Hall, service: RunningService) -> None:
    """Given a page that some may read, when others ask for the same at once, then they are refused all the same."""
    await hall.plan()
    path = f"marketplaces/{hall.marketplace}/to-tell"
    await hall.read(path, wait_for=await hall.position())
    stranger = await service.new_host()
    async with client(service) as http:
        foreign = Hall(http, stranger)
        foreign.host.keys["unknown"] = "hs." + hall.host.tenant + "." + "x" * 43
        asked = [
            hall.get(path, role="host_admin"),
            hall.get(path, role="notary"),
            hall.http.get(f"/v1/{hall.host.tenant}/{path}"),
            http.get(
                f"/v1/{hall.host.tenant}/{path}", headers={"Authorization": f"Bearer {stranger.keys['host_admin']}"}
            ),
            http.get(
                f"/v1/{hall.host.tenant}/{path}", headers={"Authorization": f"Bearer {foreign.host.keys['unknown']}"}
            ),
            foreign.get(path, role="host_admin"),
        ]
        answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [200, 403, 401, 404, 401, 404]


async def test_hosts_share_nothing(hall: Hall, service: RunningService) -> None:
    """Given two hosts, when the same is asked of both at once, then each tells its own."""
    await _traded(hall)
    await hall.read("ledger", wait_for=await hall.position())
    async with client(service) as http:
        other = Hall(http, await service.new_host())
        own, foreign = await asyncio.gather(_at_once(hall, "ledger"), _at_once(other, "ledger"))
    assert [len(page.json()["items"]) for page in own] == [1] * MANY
    assert [page.json()["items"] for page in foreign] == [[]] * MANY


async def test_a_page_tells_what_cannot_be_used_to_everybody(hall: Hall) -> None:
    """Given a question that can't be answered, when many ask it at once, then every one is told why, by a request."""
    answers = await _at_once(hall, "ledger", unheard_of="yes")
    assert {(answer.status_code, answer.json()["errors"][0]["parameter"]) for answer in answers} == {
        (400, "unheard_of")
    }
    assert len({answer.headers["x-request-id"] for answer in answers}) == MANY
