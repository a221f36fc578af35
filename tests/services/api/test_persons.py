"""What a host can do for a person over HTTP: tell them, correct it, keep it for now, let them go."""

import asyncio
from typing import Any

import httpx2
import pytest

from infra.clock import fresh_id
from tests.running import RunningService
from tests.services.hall import Hall

NAME, CONTACT = "Erika Mustermann", "erika.mustermann@example.org"


async def _bakery(hall: Hall, **named: Any) -> tuple[str, str]:
    """An organisation and its representative."""
    organisation = (await hall.done("organisations", {"name": "Bäckerei", "side": "company"}))["id"]
    person = fresh_id()
    body = {"person": person, "name": NAME, "contact": CONTACT} | named
    await hall.done(f"organisations/{organisation}/representatives", body)
    return organisation, person


async def _erase(hall: Hall, person: str, **body: Any) -> dict[str, Any]:
    return await hall.done(f"persons/{person}/erase", body, role="host_admin")


async def _told(hall: Hall, organisation: str) -> Any:
    return await hall.read(f"organisations/{organisation}", wait_for=await hall.position())


async def test_an_erased_person_is_nowhere_read_again(hall: Hall) -> None:
    """Given a representative, when erased, then neither name nor contact is told, and they speak for nobody."""
    organisation, person = await _bakery(hall)
    before = await hall.read(f"persons/{person}")
    assert (before["state"], before["name"], before["contact"]) == ("held", NAME, CONTACT)
    receipt = await _erase(hall, person)
    assert {record["type"] for record in receipt["records"]} == {
        "person.erased.v1",
        "organisation.mandate_withdrawn.v1",
    }
    assert "older_backups" in receipt["beyond_reach"]
    after = await hall.read(f"persons/{person}")
    assert (after["state"], after["name"], after["contact"]) == ("erased", None, None)
    assert (await _told(hall, organisation))["representatives"] == []
    told = (await hall.get("events", after=0, limit=200)).text
    assert person in told
    assert NAME not in told


async def test_what_is_open_passes_to_a_successor(hall: Hall) -> None:
    """Given a certified contract, when the representative is erased, then the successor is the one to be told."""
    await hall.plan()
    bakery, food_bank = await hall.bring("Bäckerei", "company"), await hall.bring("Tafel", "nonprofit")
    organisation = (await hall.read(f"participations/{bakery}", wait_for=await hall.position()))["organisation"]
    erika, max_ = fresh_id(), fresh_id()
    await hall.done(f"organisations/{organisation}/representatives", {"person": erika, "name": NAME})
    other = (await hall.done("organisations", {"name": "Zweite", "side": "company"}))["id"]
    await hall.done(f"organisations/{other}/representatives", {"person": max_, "name": "Max Nachfolger"})
    await hall.gong()
    await hall.certified(bakery, food_bank)
    await _erase(hall, erika, successor=max_)
    await hall.done(f"marketplaces/{hall.marketplace}/close-trading", role="moderator")
    assert (await _told(hall, organisation))["representatives"] == [max_]
    called = await hall.read(f"marketplaces/{hall.marketplace}/to-call", wait_for=await hall.position())
    assert len(called["items"]) == 1


async def test_an_erased_member_opens_nothing(hall: Hall, service: RunningService) -> None:
    """Given a member with a key, when erased, then the key opens nothing, and they can't be named or added again."""
    organisation, person = await _bakery(hall)
    key = await service.representatives_key(hall.host, person)
    receipt = await _erase(hall, person)
    assert "access.member_left.v1" in {record["type"] for record in receipt["records"]}
    await asyncio.sleep(5.2)
    headers = {"Authorization": f"Bearer {key}"}
    assert (await hall.http.get(f"/v1/{hall.host.tenant}/marketplaces", headers=headers)).status_code == 401
    again = {"person": person, "name": NAME}
    await hall.refused("person-is-erased", f"organisations/{organisation}/representatives", again)
    other = await _bakery(hall)
    await hall.refused("person-is-erased", f"persons/{other[1]}/erase", {"successor": person}, role="host_admin")


async def test_a_sole_trader_is_erased_and_stays_an_entry(hall: Hall) -> None:
    """Given a sole trader, when erased, then the entry has no name, and everything that it did still stands."""
    trader = (await hall.done("organisations", {"name": NAME, "side": "company", "sole_trader": True}))["id"]
    assert (await _told(hall, trader))["name"] == NAME
    await _erase(hall, trader)
    assert (await _told(hall, trader))["name"] is None
    assert (await hall.read(f"persons/{trader}"))["state"] == "erased"


async def test_a_wrong_value_is_corrected(hall: Hall) -> None:
    """Given a misspelt name, when corrected, then only the right one is held, and the contact stays."""
    _, person = await _bakery(hall, name="Erika Musterman")
    await hall.done(f"persons/{person}/correct", {"field": "name", "value": NAME}, role="host_admin")
    told = await hall.read(f"persons/{person}/information")
    assert {(one["field"], one["value"]) for one in told["held"]} == {("name", NAME), ("contact", CONTACT)}


async def test_what_has_to_be_kept_is_kept(hall: Hall) -> None:
    """Given a restriction, when erased or corrected, then it is refused with day and basis until it is lifted."""
    _, person = await _bakery(hall)
    kept = {"until": "2099-12-31", "basis": "tax_records"}
    receipt = await hall.done(f"persons/{person}/restrict", kept, role="host_admin")
    version = receipt["version"]
    told = await hall.read(f"persons/{person}")
    assert (told["state"], told["until"], told["basis"]) == ("restricted", "2099-12-31", "tax_records")
    for step, body in (("erase", {}), ("correct", {"field": "name", "value": "Erika Mustermann-Berg"})):
        refused = await hall.post(f"persons/{person}/{step}", body, role="host_admin", match=version)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/still-restricted")
        assert (refused.json()["until"], refused.json()["basis"]) == ("2099-12-31", "tax_records")
    assert (await hall.read(f"persons/{person}"))["name"] == NAME
    assert (await hall.post(f"persons/{person}/erase", {}, role="host_admin", match=None)).status_code == 428
    lifted = await hall.post(f"persons/{person}/lift-restriction", {}, role="host_admin", match=version)
    assert lifted.status_code == 201
    again = await hall.post(f"persons/{person}/erase", {}, role="host_admin", match=version + 1)
    assert again.status_code == 201


async def test_everything_that_is_held_is_told_and_that_it_was(hall: Hall) -> None:
    """Given a representative with a key who wrote nothing, when asked for, then it is a file, and asking is noted."""
    organisation, person = await _bakery(hall)
    first = await hall.get(f"persons/{person}/information")
    assert first.headers["content-disposition"].startswith("attachment")
    told = first.json()
    assert told["speaks_for"] == [{"organisation": organisation, "name": "Bäckerei", "mandate": None}]
    assert [one["type"] for one in told["records"]] == ["organisation.representative_named.v1"]
    assert [(one["what"], one["member"]) for one in told["disclosures"]] == [
        ("information", hall.host.members["host_admin"])
    ]
    again = await hall.read(f"persons/{person}/information")
    assert len(again["disclosures"]) == 2
    assert NAME not in (await hall.get("events", after=0, limit=200)).text


@pytest.mark.parametrize("role", ["lead", "clerk", "auditor", "integrator"])
async def test_only_the_administration_gets_to_know(hall: Hall, role: str) -> None:
    """Given other roles, when they ask, then they read and change nothing of this."""
    _, person = await _bakery(hall)
    for path in (f"persons/{person}", f"persons/{person}/information"):
        assert (await hall.get(path, role=role)).status_code == 403
    assert (await hall.post(f"persons/{person}/erase", {}, role=role)).status_code == 403


async def test_nobody_is_nobody(hall: Hall) -> None:
    """Given a pseudonym that nobody has, when anything is asked, then there is no such thing."""
    nobody = fresh_id()
    for path in (f"persons/{nobody}", f"persons/{nobody}/information"):
        assert (await hall.get(path)).status_code == 404
    answers: list[httpx2.Response] = [
        await hall.post(f"persons/{nobody}/erase", {}, role="host_admin"),
        await hall.post(f"persons/{nobody}/erase-note", {"event": fresh_id()}, role="host_admin"),
        await hall.post(f"persons/{nobody}/lift-restriction", {}, role="host_admin"),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_a_note_about_somebody_else_is_erased(hall: Hall) -> None:
    """Given a note that the notary wrote about somebody, when it is erased, then the notary's name stays."""
    await hall.plan()
    bakery, food_bank = await hall.bring("Bäckerei", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    contract = await hall.form(bakery, food_bank)
    await hall.done(f"contracts/{contract}/submit")
    back = {"reasons": ["other"], "note": f"{NAME} war nicht da"}
    receipt = await hall.done(f"contracts/{contract}/return", back, role="notary")
    notary, event = hall.host.members["notary"], receipt["records"][0]["id"]
    notes = await hall.read(f"contracts/{contract}/notes", wait_for=await hall.position())
    assert [one["note"] for one in notes["notes"]] == [f"{NAME} war nicht da"]
    await hall.done(f"persons/{notary}/erase-note", {"event": event}, role="host_admin")
    notes = await hall.read(f"contracts/{contract}/notes")
    assert notes["notes"] == []
    assert (await hall.read(f"persons/{notary}"))["name"] == "Test notary"
    twice = await hall.post(f"persons/{notary}/erase-note", {"event": event}, role="host_admin", match=1)
    assert twice.json()["type"] == "/problems/note-is-erased"


async def test_an_erasure_that_is_asked_for_twice_is_done_once(hall: Hall) -> None:
    """Given an erasure, when the same request comes again, then the first answer is given, with what isn't reached."""
    _, person = await _bakery(hall)
    key = fresh_id()
    first = await hall.post(f"persons/{person}/erase", {}, role="host_admin", key=key)
    again = await hall.post(f"persons/{person}/erase", {}, role="host_admin", key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["replayed"] is True
    assert first.json()["beyond_reach"] == again.json()["beyond_reach"]


async def test_where_a_name_could_have_been_read_it_says_erased(hall: Hall) -> None:
    """Given a sole trader and a broker on a contract, when erased, then list, trail and page say so."""
    await hall.plan()
    food_bank = await hall.bring("Tafel", "nonprofit")
    body = {"name": NAME, "side": "company", "sole_trader": True, "rehearsal": True}
    trader = (await hall.done("organisations", body))["id"]
    asks = {"marketplace": hall.marketplace, "organisation": trader}
    party = (await hall.done("participations", asks))["id"]
    for step in ("admit", "check-in"):
        await hall.done(f"participations/{party}/{step}")
    await hall.gong()
    contract = await hall.certified(party, food_bank)
    notary = hall.host.members["notary"]
    page = f"/{hall.host.tenant}/contracts/{contract}"
    assert NAME in (await hall.http.get(page)).text
    for person in (trader, notary):
        await _erase(hall, person)
    row = await hall.row(contract)
    assert [(one["name"], one["erased"]) for one in row["parties"]] == [(None, True), ("Tafel", False)]
    assert (row["notary_name"], row["erased"]) == (None, [notary])
    steps = (await hall.read(f"contracts/{contract}/trail"))["items"]
    assert {one["actor"]["id"] for one in steps if one["actor"]["erased"]} == {notary}
    assert any(party in one["erased"] for one in steps)
    shown = (await hall.http.get(page)).text
    assert NAME not in shown
    assert "(gelöscht)" in shown
    assert (await _told(hall, trader))["erased"] is True
