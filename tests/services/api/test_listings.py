"""Listings over HTTP: what is promised, freed and shown, and who is told no."""

import asyncio
from typing import Any

import pytest

from tests.services.hall import Hall, both_give

VAN = {"kind": "offer", "area": "helping-hands", "title": "Ein Lieferwagen für einen Tag", "quantity": 1, "unit": "Tag"}


async def lists(hall: Hall, by: str, **changed: Any) -> str:
    """A party puts something on the list; answers the listing."""
    body = VAN | {"marketplace": hall.marketplace, "by": by} | changed
    listing: str = (await hall.done("listings", body))["id"]
    return listing


def taking(listing: str, one: str, other: str, quantity: int = 1) -> dict[str, Any]:
    """Terms whose first pledge, `one`'s, takes from a listing."""
    terms = both_give(one, other)
    terms["pledges"][0] |= {"listing": listing, "quantity": quantity}
    return terms


async def left(hall: Hall, listing: str) -> Any:
    """What of a listing can still be promised."""
    found = await hall.read("listings", marketplace=hall.marketplace, wait_for=await hall.position())
    return next(item["left"] for item in found["items"] if item["id"] == listing)


async def test_a_listing_promised_twice_at_the_same_moment(hall: Hall) -> None:
    """Given two tables over the last van, when both agree at once, then one has it, the other is told."""
    await hall.plan()
    owner = await hall.bring("Probe-Umzüge", "company")
    others = [await hall.bring("Probe-Tierheim", "nonprofit"), await hall.bring("Probe-Theater", "nonprofit")]
    await hall.gong()
    for _ in range(6):
        van = await lists(hall, owner)
        tables = []
        for other in others:
            body = {"marketplace": hall.marketplace, "by": owner, "to": [other], "terms": taking(van, owner, other)}
            tables.append((await hall.done("negotiations", body))["id"])
        pairs = zip(tables, others, strict=True)
        answers = await asyncio.gather(
            *(hall.post(f"negotiations/{table}/accept", {"by": other}) for table, other in pairs)
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert {answer.json().get("type") for answer in answers} == {None, "/problems/promised-out"}
        assert await left(hall, van) == 0


async def test_a_form_and_a_table_reach_for_the_same_van(hall: Hall) -> None:
    """Given one van, when a form is drafted and a table agrees at once, then one of them has it, every time."""
    await hall.plan()
    owner, other = await hall.bring("Probe-Verleih", "company"), await hall.bring("Probe-Zirkus", "nonprofit")
    await hall.gong()
    for _ in range(4):
        van = await lists(hall, owner)
        terms = taking(van, owner, other)
        body = {"marketplace": hall.marketplace, "by": owner, "to": [other], "terms": terms}
        table = (await hall.done("negotiations", body))["id"]
        form = {"marketplace": hall.marketplace, "parties": [owner, other], "terms": terms}
        answers = await asyncio.gather(
            hall.post(f"negotiations/{table}/accept", {"by": other}), hall.post("contracts/from-form", form)
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert {answer.json().get("type") for answer in answers} == {None, "/problems/promised-out"}


async def test_a_form_binds_what_it_takes_and_a_correction_lets_it_go(hall: Hall) -> None:
    """Given a form that takes two of three, when it is corrected to one and to none, then the rest is free again."""
    await hall.plan()
    owner, other = await hall.bring("Probe-Gärtnerei", "company"), await hall.bring("Probe-Kita", "nonprofit")
    days = await lists(hall, owner, title="Tage im Garten", quantity=3)
    await hall.gong()
    form = {"marketplace": hall.marketplace, "parties": [owner, other], "terms": taking(days, owner, other, 2)}
    drafted = await hall.done("contracts/from-form", form)
    assert [record["type"] for record in drafted["records"]] == ["contract.drafted.v1", "listing.promised_on_form.v1"]
    assert await left(hall, days) == 1
    steps = (await hall.read(f"contracts/{drafted['id']}/trail"))["items"]
    assert steps[-1]["details"] == {"contract": drafted["id"], "quantity": 2}

    correct = f"contracts/{drafted['id']}/correct"
    await hall.done(correct, {"terms": taking(days, owner, other, 1)})
    assert await left(hall, days) == 2
    refused = await hall.post(correct, {"terms": taking(days, owner, other, 4)})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/promised-out")
    freed = await hall.done(correct, {"terms": both_give(owner, other)})
    assert [record["type"] for record in freed["records"]] == ["contract.form_corrected.v1", "listing.released.v1"]
    assert await left(hall, days) == 3


@pytest.mark.parametrize(
    ("said", "status", "problem"),
    [
        ({"unit": "Stunde"}, 422, "unit-differs"),
        ({"quantity": 2}, 409, "promised-out"),
    ],
)
async def test_a_form_that_cannot_be_bound_is_refused(
    hall: Hall, said: dict[str, Any], status: int, problem: str
) -> None:
    """Given a van for a day, when a form counts it in hours or takes two, then nothing is drafted."""
    await hall.plan()
    owner, other = await hall.bring("Probe-Spedition", "company"), await hall.bring("Probe-Museum", "nonprofit")
    van = await lists(hall, owner)
    await hall.gong()
    terms = taking(van, owner, other)
    terms["pledges"][0] |= said
    form = {"marketplace": hall.marketplace, "parties": [owner, other], "terms": terms}
    refused = await hall.post("contracts/from-form", form)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}")
    assert await left(hall, van) == 1
