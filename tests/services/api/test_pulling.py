"""Pulling records: chosen, waited for, as pages, CloudEvents or lines; each reader as far as its key tells."""

import asyncio
import json
import tracemalloc
from typing import Any

import httpx2
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from domain.contract.events import SubmittedToNotary
from domain.identity import StreamId, TenantId
from domain.streaming.audience import Audience
from domain.streaming.catalogue import CATALOGUE
from domain.streaming.choice import Filter
from infra.clock import fresh_id
from infra.event_log.store import EventLog
from infra.streams.cloudevent import MEDIA_TYPE
from infra.streams.feed import Feed
from services.api.pulling import Pulls, lines_of
from services.api.scopes import Admitted
from services.application.asking import WHOLE_RECORDS
from tests.infra.streams.records import Story, fact, record
from tests.running import RunningService
from tests.services.hall import Hall
from tests.vaults import open_test_vault

BATCH = "application/cloudevents-batch+json"


async def pull(hall: Hall, role: str | None = "integrator", accept: str = "application/json", **query: Any) -> Any:
    """A page of the host's records; without a role, without a key."""
    headers = {"Accept": accept} | ({} if role is None else {"Authorization": f"Bearer {hall.host.keys[role]}"})
    answer = await hall.http.get(f"/v1/{hall.host.tenant}/events", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer


async def types(hall: Hall, role: str | None = "integrator", **query: Any) -> list[str]:
    """The types of the records on a page."""
    items = (await pull(hall, role, **query)).json()["items"]
    return [item["entry"]["type"] for item in items]


@pytest.fixture
async def traded(hall: Hall) -> Hall:
    """A hall with one certified contract, and keys for every audience."""
    await hall.plan()
    one, other = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Tafel", "nonprofit")
    await hall.gong()
    await hall.certified(one, other)
    return hall


async def test_several_types_are_asked_for_at_once(traded: Hall) -> None:
    """Separated by commas, or one by one; a type that nobody knows is told."""
    wanted = ["contract.certified.v1", "register.numbered.v1"]
    assert sorted(await types(traded, type=",".join(wanted), limit=200)) == wanted
    assert sorted(await types(traded, type=wanted, limit=200)) == wanted
    refused = await traded.get("events", role="integrator", type="contract.certified.v1,nonsense")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "type")


async def test_one_contract_and_one_edition_are_asked_for(traded: Hall) -> None:
    """A contract comes with its negotiation, an edition without the host's other ones; unknown ids find nothing."""
    first = traded.marketplace
    (certified,) = (await pull(traded, type="contract.certified.v1")).json()["items"]
    told = await types(traded, contract=certified["entry"]["stream"], limit=200)
    assert told[:2] == ["negotiation.opened.v1", "negotiation.terms_proposed.v1"]
    assert {"contract.drafted.v1", "contract.signed.v1", "register.numbered.v1"} <= set(told)
    assert not any(name.startswith(("participation.", "marketplace.")) for name in told)
    await traded.plan(title="Probe: ein anderer")
    assert (await types(traded, marketplace=traded.marketplace)).count("marketplace.planned.v1") == 1
    own = await types(traded, marketplace=first, limit=200)
    assert own.count("marketplace.planned.v1") == 1
    assert "contract.signed.v1" in own
    assert "organisation.registered.v1" not in own
    assert await types(traded, contract=fresh_id()) == []


async def test_a_filtered_reader_is_told_how_far_it_has_come(traded: Hall) -> None:
    """Page by page each record once; at the head `reached` is the head, whatever was found, and nothing comes twice."""
    everything = (await pull(traded, type="contract.certified.v1,contract.signed.v1", limit=200)).json()["items"]
    found, after = [], 0
    while True:
        answer = await pull(traded, type="contract.certified.v1,contract.signed.v1", after=after, limit=1)
        page = answer.json()
        found += page["items"]
        after = page["reached"]
        assert answer.headers["handschlag-reached"] == str(after)
        assert ("link" in answer.headers) == (page["next"] is not None)
        if page["next"] is None:
            break
    assert found == everything
    assert len(found) == 3
    assert after == await traded.position()
    assert (await pull(traded, contract=fresh_id())).json() == {"items": [], "next": None, "reached": after}


async def test_everybody_is_told_what_a_board_shows(traded: Hall) -> None:
    """Without a key: the seal and its number, no one's pseudonym, no hash of what isn't shown."""
    items = (await pull(traded, None, limit=200)).json()["items"]
    assert {CATALOGUE[item["entry"]["type"]].audience for item in items} == {Audience.PUBLIC}
    certified = next(item for item in items if item["entry"]["type"] == "contract.certified.v1")
    assert certified["entry"]["data"] == {"number": 1}
    assert certified.keys() == {"position", "entry"}
    assert "actor" not in certified["entry"]
    missing = await traded.http.get("/v1/nobody-of-that-name/events")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-there")


async def test_a_partners_key_tells_terms_and_no_person(traded: Hall, service: RunningService) -> None:
    """Terms and organisations, nothing of who did it; the actor's pseudonym is nowhere in the answer."""
    traded.host.keys["partner"], pseudonym = await service.stream_key(traded.host, "partner")
    answer = await pull(traded, "partner", limit=200)
    told = {item["entry"]["type"] for item in answer.json()["items"]}
    assert {"negotiation.terms_proposed.v1", "organisation.registered.v1", "contract.signed.v1"} <= told
    assert not any(name.startswith(("access.", "person.")) for name in told)
    members = {*traded.host.members.values(), pseudonym}
    assert not any(member in answer.text for member in members)


async def test_a_page_waits_for_something_to_come(traded: Hall) -> None:
    """It answers as soon as a record comes that is asked for; others don't wake it, and time does."""
    reached = await traded.position()
    waiting = asyncio.create_task(pull(traded, after=reached, wait=20, type="participation.requested.v1"))
    await asyncio.sleep(0.2)
    beekeeper = await traded.done("organisations", {"name": "Probe-Imkerei", "side": "company", "rehearsal": True})
    await asyncio.sleep(0.2)
    assert not waiting.done()
    guest = {"marketplace": traded.marketplace, "organisation": beekeeper["id"]}
    receipt = await traded.done("participations", guest)
    (item,) = (await asyncio.wait_for(waiting, 10)).json()["items"]
    assert item["position"] == receipt["position"]
    empty = (await pull(traded, after=receipt["position"], wait=1)).json()
    assert empty == {"items": [], "next": None, "reached": receipt["position"]}
    too_long = await traded.get("events", role="integrator", wait=31)
    assert (too_long.status_code, too_long.json()["errors"][0]["parameter"]) == (400, "wait")


async def test_cloudevents_come_as_a_batch(traded: Hall) -> None:
    """The specification's package reads each; the internal one leads to its receipt by the leaf hash."""
    answer = await pull(traded, accept=BATCH, limit=5)
    assert answer.headers["content-type"] == BATCH
    assert answer.headers["handschlag-reached"] == "5"
    assert 'rel="next"' in answer.headers["link"]
    events = [
        from_structured_event(HTTPMessage(headers={"content-type": MEDIA_TYPE}, body=json.dumps(one).encode()))
        for one in answer.json()
    ]
    assert [int(event.get_extension("sequence")) for event in events] == [1, 2, 3, 4, 5]
    records = (await pull(traded, limit=5)).json()["items"]
    assert [event.get_extension("leafhash") for event in events] == [record["leaf_hash"] for record in records]
    schema = answer.json()[0]["dataschema"]
    assert (await traded.http.get(httpx2.URL(schema).path)).status_code == 200
    refused = await pull(traded, None, accept=BATCH, type="contract.signed.v1")
    assert refused.json() == []


async def test_lines_are_chosen_as_pages_are(traded: Hall, service: RunningService) -> None:
    """All of one edition's, for an audience, up to the head; `limit` and `wait` mean nothing there and are told."""
    traded.host.keys["partner"], _ = await service.stream_key(traded.host, "partner")
    accept = "application/x-ndjson"
    answer = await pull(traded, "partner", accept, marketplace=traded.marketplace)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    pages = (await pull(traded, "partner", marketplace=traded.marketplace, limit=200)).json()["items"]
    assert lines == pages
    assert int(answer.headers["handschlag-reached"]) == await traded.position()
    key = {"Authorization": f"Bearer {traded.host.keys['partner']}", "Accept": accept}
    refused = await traded.http.get(f"/v1/{traded.host.tenant}/events", headers=key, params={"limit": 5})
    assert refused.status_code == 400


async def test_a_key_for_one_edition_pulls_that_one(traded: Hall, service: RunningService) -> None:
    """It names its edition and gets it; without one, or with another, it is refused."""
    own = traded.marketplace
    traded.host.keys["portal"], _ = await service.stream_key(traded.host, "partner", marketplace=own)
    other = await traded.plan(title="Probe: ein anderer")
    assert "contract.signed.v1" in await types(traded, "portal", marketplace=own, limit=200)
    for query in ({}, {"marketplace": other}):
        refused = await traded.get("events", role="portal", **query)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/only-your-edition")


async def test_personal_values_are_a_right_of_their_own(hall: Hall, service: RunningService) -> None:
    """With it names stand beside the record, an erased one says so; each answer is noted, once. Without it, none."""
    organisation = (await hall.done("organisations", {"name": "Bäckerei", "side": "company"}))["id"]
    erika, max_ = fresh_id(), fresh_id()
    for person, name in ((erika, "Erika Mustermann"), (max_, "Max Mustermann")):
        await hall.done(f"organisations/{organisation}/representatives", {"person": person, "name": name})
    await hall.done(f"persons/{max_}/erase", {}, role="host_admin")
    hall.host.keys["crm"], member = await service.stream_key(hall.host, "internal", persons=True)
    named = "organisation.representative_named.v1"
    answers = [
        (await pull(hall, "crm", type=named)).json()["items"],
        [json.loads(line) for line in (await pull(hall, "crm", "application/x-ndjson", type=named)).text.splitlines()],
    ]
    for items in answers:
        told = {pseudonym: values for item in items for pseudonym, values in item["persons"].items()}
        assert told[erika] == {"erased": False, "name": "Erika Mustermann"}
        assert told[max_] == {"erased": True}
        assert all("Mustermann" not in json.dumps(item["entry"]) for item in items)
    events = (await pull(hall, "crm", BATCH, type=named)).json()
    assert events[0]["data"]["persons"][erika]["name"] == "Erika Mustermann"
    assert "Mustermann" not in (await pull(hall, "integrator", limit=200)).text
    noted = [one for one in (await hall.read("disclosures"))["items"] if one["member"] == member]
    assert [(one["what"], one["role"]) for one in noted] == [("events", "integrator")] * 3


async def test_all_records_are_written_in_constant_memory(event_log: EventLog, tenant: TenantId) -> None:
    """Given large records, when five times as many are written as lines, then it takes no more memory at a time."""
    story, stream = Story(tenant), StreamId(fresh_id())
    sealed = {f"field{n}": "ab" * 32 for n in range(40)}
    large = [story.say(stream, fact(SubmittedToNotary), sealed) for _ in range(2_500)]
    for first in range(0, len(large), 250):
        await record(event_log, tenant, large[first : first + 250])
    vault = await open_test_vault(event_log.pool)
    pulls = Pulls(Feed(event_log.pool), event_log.wakeups, vault, asyncio.Event(), address="http://a")

    async def taken(head: int) -> tuple[int, int]:
        """How many lines came, and the most bytes that were held at a time."""
        count = 0
        tracemalloc.start()
        try:
            who, everything = Admitted(tenant, None, WHOLE_RECORDS), Filter(audience=Audience.INTERNAL)
            async for part in lines_of(pulls, who, 0, head, everything):
                count += part.count(b"\n")
            return count, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    (few, low), (many, high) = await taken(500), await taken(2_500)
    assert (few, many) == (500, 2_500)
    assert high < 1.5 * low
