"""As of a moment, over HTTP: the position that was meant, the checkpoint over it, and what differs from then to now."""

import asyncio
from base64 import b64decode
from typing import Any

from tests.services.hall import Hall


async def signed(hall: Hall, path: str, **query: Any) -> dict[str, Any]:
    """An answer whose moment is under a checkpoint, which takes the signer a moment."""
    for _ in range(200):
        answer: dict[str, Any] = await hall.read(path, **query)
        if answer["moment"]["checkpoint"] is not None:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"{path} never came under a checkpoint")


async def test_every_answer_as_of_a_moment_names_position_and_checkpoint(hall: Hall) -> None:
    """Given a certified contract, then ledger, contract, results, report and follow-up say under what they stand."""
    edition = await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    contract = await hall.certified(one, other)
    then = await hall.position()
    await hall.certified(one, other)
    asked = (
        "ledger",
        f"contracts/{contract}",
        f"marketplaces/{edition}/results",
        f"marketplaces/{edition}/report",
        f"marketplaces/{edition}/follow-up",
    )
    for path in asked:
        moment = (await signed(hall, path, as_of=then, wait_for=then))["moment"]
        assert moment["position"] == then, path
        checkpoint = moment["checkpoint"]
        assert checkpoint["size"] >= then
        note = await hall.http.get(checkpoint["address"])
        size, root = note.text.split("\n")[1:3]
        assert int(size) == checkpoint["size"]
        assert b64decode(root).hex() == checkpoint["root"]
        assert "moment" not in await hall.read(path)
    nothing = await hall.read("ledger", as_of=0)
    assert (nothing["items"], nothing["moment"]["position"]) == ([], 0)


async def test_a_time_leads_to_the_position_it_means(hall: Hall) -> None:
    """Given the time of a record, then an answer as of that time tells that record's position."""
    await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    await hall.certified(one, other)
    then = await hall.position()
    (record,) = (await hall.read("events", after=then - 1, limit=1))["items"]
    await hall.certified(one, other)
    answer = await hall.read("ledger", as_of=record["entry"]["time"], wait_for=await hall.position())
    assert (answer["moment"]["position"], len(answer["items"])) == (then, 1)


async def test_what_differs_from_then_to_now(hall: Hall) -> None:
    """Given two moments, then each contract that stands otherwise is told as it stood at both, with what differs."""
    edition = await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    untouched = await hall.certified(one, other)
    negotiation = await hall.agree(one, other)
    contract = (await hall.done("contracts/from-negotiation", {"negotiation": negotiation}))["id"]
    then = await hall.position()
    await hall.sign(contract, one, other)
    new = await hall.certified(one, other)
    now = await hall.position()
    found = await hall.read("ledger/difference", marketplace=edition, since=then, until=now, wait_for=now)
    items = {item["contract"]: item for item in found["items"]}
    assert set(items) == {contract, new}
    assert untouched not in items
    assert items[new]["before"] is None
    moved = items[contract]
    assert {"parties"} <= set(moved["differs"]) <= {"parties", "state"}
    assert moved["before"]["position"] <= then < moved["after"]["position"]
    assert moved["records"] == [each for each in moved["after"]["lineage"] if each > then]
    assert (found["since"]["position"], found["until"]["position"]) == (then, now)
    by_time = await hall.read("ledger/difference", since="2006-10-29T02:30:00+01:00")
    assert {item["contract"] for item in by_time["items"]} == {untouched, contract, new}
    reversed_ = await hall.get("ledger/difference", since=now, until=then)
    assert (reversed_.status_code, reversed_.json()["type"]) == (400, "/problems/moments-reversed")
    assert (await hall.get("ledger/difference")).status_code == 400
    assert (await hall.get("ledger/difference", since="2006-10-29T02:30:00")).status_code == 400
