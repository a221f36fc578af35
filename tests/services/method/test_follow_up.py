"""Months later someone calls everyone and asks whether it happened."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from services.cli.house import open_house
from services.rehearsal.steps import hash_of
from services.timekeeper.timekeeper import Timekeeper
from tests.running import RunningService
from tests.services.hall import Hall, both_give, pledge

OFFICER = "follow_up_officer"
DESKS = 12
"""Contracts that are written, or parties that are called, side by side."""


Floor = tuple[Hall, str, str]


@pytest.fixture
async def floor(hall: Hall) -> Floor:
    """A hall that trades, a company and a non-profit."""
    await hall.plan()
    company, club = await hall.bring("Probe-Werft", "company"), await hall.bring("Probe-Segelverein", "nonprofit")
    await hall.gong()
    return hall, company, club


async def side_by_side(work: Sequence[Any]) -> None:
    """Do it, some at a time."""
    gate = asyncio.Semaphore(DESKS)

    async def one(each: Any) -> None:
        async with gate:
            await each

    await asyncio.gather(*(one(each) for each in work))


async def test_a_published_follow_up_is_reproduced(floor: Floor) -> None:
    """134 done + 113 running + 7 never in contact + 38 not feasible = 292, so 45.9 % are done as of its date."""
    hall, company, club = floor
    contracts: list[str] = []
    told: list[dict[str, Any]] = [
        *[{"delivered": 1}] * 134,
        *[{"running": True}] * 113,
        *[{"reason": "never_in_contact"}] * 7,
        *[{"reason": reason} for reason in ("no_time", "need_gone", "impracticable", "other") * 10][:38],
    ]
    terms = both_give(company, club)
    body = {"marketplace": hall.marketplace, "parties": [company, club], "terms": terms}
    signature = {"manner": "on_paper", "witness": hall.host.members["clerk"], "terms_hash": hash_of(terms)}

    async def traded_one() -> None:
        drafted = await hall.done("contracts/from-form", body)
        contract = drafted["id"]
        for party in (company, club):
            await hall.done(f"contracts/{contract}/sign", signature | {"party": party, "publicity": True})
        await hall.done(f"contracts/{contract}/submit")
        await hall.done(f"contracts/{contract}/certify", role="notary")
        contracts.append(contract)

    async def called(contract: str, said: dict[str, Any]) -> None:
        call = {"party": club, "outcome": "reached", "told": [{"pledge": place, **said} for place in (0, 1)]}
        await hall.done(f"contracts/{contract}/call", call, role=OFFICER)

    await side_by_side([traded_one() for _ in told])
    await hall.closing_gong()
    await hall.done(f"marketplaces/{hall.marketplace}/start-follow-up", role="lead")
    before = await hall.position()
    await side_by_side([called(contract, said) for contract, said in zip(contracts, told, strict=True)])

    address = f"marketplaces/{hall.marketplace}/follow-up"
    after = await hall.read(address, wait_for=await hall.position())
    parts = ("done", "running", "never_in_contact", "not_feasible", "partly_done", "disputed", "not_asked")
    assert [after[part] for part in parts] == [134, 113, 7, 38, 0, 0, 0]
    assert after["contracts"] == sum(after[part] for part in parts) == 292
    assert (after["done_percent"], after["day"]) == ("45.9", (await hall.read(address))["day"])
    earlier = await hall.read(address, as_of=before)
    assert (earlier["not_asked"], earlier["done_percent"]) == (292, "0.0")


async def test_whom_to_call_and_how_old_it_is(floor: Floor) -> None:
    """The list names what is still to be learned, the oldest first, with its deadline and what is due."""
    hall, company, club = floor
    terms = {
        "pledges": [
            {**pledge(company, club), "due_until": "2026-01-31"},
            {**pledge(club, company), "due_from": "2099-01-01"},
        ],
        "first_contact_days": 10,
    }
    first = await hall.straight(company, club, terms=terms)
    second = await hall.straight(company, club)
    for contract in (first, second):
        await hall.done(f"contracts/{contract}/certify", role="notary")
    done = {"party": club, "outcome": "reached", "told": [{"pledge": place, "delivered": 1} for place in (0, 1)]}
    await hall.done(f"contracts/{second}/call", done, role=OFFICER)
    page = await hall.read(f"marketplaces/{hall.marketplace}/to-call", wait_for=await hall.position())
    (item,) = page["items"]
    assert (item["contract"]["id"], item["age_days"]) == (first, 0)
    assert (item["due"], item["not_due_yet"], item["first_contact_overdue"]) == ([0], [1], False)
    assert item["first_contact_due"] > page["day"]
    everything = await hall.read(f"marketplaces/{hall.marketplace}/to-call", state="fulfilled")
    assert [one["contract"]["id"] for one in everything["items"]] == [second]


async def test_a_party_that_isnt_reached_stays_on_the_list(floor: Floor) -> None:
    """A call without answer is a record, and says nothing of the pledges."""
    hall, company, club = floor
    contract = await hall.certified(company, club)
    silent = {"party": company, "outcome": "not_reached", "told": [{"pledge": 0, "running": True}]}
    await hall.refused("not-reached-says-nothing", f"contracts/{contract}/call", silent, role=OFFICER)
    await hall.done(f"contracts/{contract}/call", silent | {"told": []}, role=OFFICER)
    page = await hall.read(f"marketplaces/{hall.marketplace}/to-call", wait_for=await hall.position())
    assert page["items"][0]["contract"]["calls"][0]["outcome"] == "not_reached"


async def test_time_itself_asks_whether_it_happened(hall: Hall, service: RunningService) -> None:
    """Given a real contract whose pledge should have come, when timekeepers look, its receiver is asked, once."""
    await hall.plan(rehearsal=False)
    company = await hall.bring("Werft", "company", rehearsal=False)
    club = await hall.bring("Segelverein", "nonprofit", rehearsal=False)
    await hall.gong()
    late = {"pledges": [{**pledge(company, club), "due_until": "2026-01-31"}, pledge(club, company)]}
    contract = await hall.straight(company, club, terms=late)
    certified = await hall.done(f"contracts/{contract}/certify", role="notary")
    await hall.read(f"contracts/{contract}", wait_for=certified["position"])
    async with open_house(service.urls(), service.settings()) as house:
        for _ in range(2):
            await Timekeeper(house.application, house.queries, house.log.wakeups).round()
    row = await hall.row(contract)
    assert [(call["party"], call["reminder"]) for call in row["calls"]] == [(club, "did_it_happen")]
    records = (await hall.read("events", after=certified["position"], limit=10))["items"]
    assert [record["entry"]["actor"]["role"] for record in records] == ["timekeeper"]
