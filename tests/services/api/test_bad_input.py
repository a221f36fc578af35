"""Bad input: each gets its documented problem, and nothing is recorded."""

from typing import Any

import httpx2
import pytest

from infra.clock import fresh_id
from tests.running import RunningService
from tests.services.hall import AREAS, Hall, both_give

PLAN: dict[str, Any] = {"title": "Probe", "season": 2026, "date": None, "areas": AREAS, "rehearsal": True}
BAKERY: dict[str, Any] = {"name": "Probe-Bäckerei", "side": "company", "rehearsal": True}


async def _raw(hall: Hall, path: str, content: bytes, **headers: str) -> httpx2.Response:
    given = {
        "Authorization": f"Bearer {hall.host.keys['host_admin']}",
        "Idempotency-Key": fresh_id(),
        "Content-Type": "application/json",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return await hall.http.post(f"/v1/{hall.host.tenant}/{path}", content=content, headers=given)


def _problem(response: httpx2.Response, status: int, name: str) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["status"], problem["type"]) == (status, status, f"/problems/{name}")
    assert problem["detail"].endswith(".")
    return problem


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"season": "2026"}, "/season"),
        ({"season": 2026.5}, "/season"),
        ({"season": True}, "/season"),
        ({"title": 7}, "/title"),
        ({"title": ""}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": "zwei\nZeilen"}, "/title"),
        ({"title": "eine Zeile\n"}, "/title"),
        ({"areas": [{"id": "ecke\n", "label": "x"}]}, "/areas/0/id"),
        ({"title": "null\u0000"}, "/title"),
        ({"date": "2026-02-30"}, "/date"),
        ({"date": 1}, "/date"),
        ({"areas": []}, "/areas"),
        ({"areas": [{"id": "Große Ecke", "label": "x"}]}, "/areas/0/id"),
        ({"reciprocity": "sometimes"}, "/reciprocity"),
        ({"rehearsal": "yes"}, "/rehearsal"),
        ({"time_zone": "Europe/Atlantis"}, "/time_zone"),
        ({"surprise": 1}, ""),
    ],
)
async def test_a_body_of_the_wrong_shape_names_the_place(hall: Hall, changed: dict[str, Any], pointer: str) -> None:
    """Wrong types, numbers as strings, unknown members, impossible values: 422 with a pointer to the member."""
    before = await hall.position()
    problem = _problem(await hall.post("marketplaces", PLAN | changed, role="host_admin"), 422, "body-unusable")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert await hall.position() == before


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *((invisible, "words-missing") for invisible in ("\u200b", "\u2060", "\ufeff", "\u3164", "\u00ad")),
        *((unplain, "not-plain-text") for unplain in ("\u202e", "a\ufffe\uffff", "Adv \u202eevil")),
    ],
)
async def test_a_name_that_reads_otherwise_than_it_is_stored_is_refused(hall: Hall, name: str, why: str) -> None:
    """Names that nobody can see, that turn the reading or hold noncharacters: 422, in the open and under seal."""
    bakery = (await hall.done("organisations", BAKERY))["id"]
    before = await hall.position()
    _problem(await hall.post("organisations", BAKERY | {"name": name}), 422, why)
    _problem(await hall.post("organisations", BAKERY | {"name": name, "sole_trader": True}), 422, why)
    _problem(await hall.post(f"organisations/{bakery}/representatives", {"name": name}), 422, why)
    _problem(await hall.post(f"organisations/{bakery}/representatives", {"name": "Anna", "contact": name}), 422, why)
    assert await hall.position() == before


async def test_a_missing_member_is_named(hall: Hall) -> None:
    """A body without its title can't be used."""
    without = {name: value for name, value in PLAN.items() if name != "title"}
    problem = _problem(await hall.post("marketplaces", without, role="host_admin"), 422, "body-unusable")
    assert "title" in problem["errors"][0]["detail"]


async def test_a_naive_time_is_refused(hall: Hall) -> None:
    """A later end needs its offset: twice a year an hour has two meanings, or none."""
    await hall.plan()
    await hall.gong()
    for told in ("2026-11-23T20:00:00", "2026-11-23", 1790000000):
        answer = await hall.post(
            f"marketplaces/{hall.marketplace}/extend-trading", {"announced_end": told}, role="moderator"
        )
        _problem(answer, 422, "body-unusable")


@pytest.mark.parametrize("content", [b"", b"{", b"[1,2", b"\xff\xfe", b"nonsense", b'{"a":NaN}', b"[" * 100_000])
async def test_what_isnt_json_is_refused(hall: Hall, content: bytes) -> None:
    """Bytes that aren't JSON never reach a rule."""
    answer = await _raw(hall, "marketplaces", content)
    assert answer.status_code in (400, 422)
    assert answer.json()["type"] in ("/problems/body-unreadable", "/problems/body-unusable")


async def test_a_body_of_a_megabyte_is_refused(hall: Hall) -> None:
    """256 KiB are more than any form needs; more is refused before it is read to the end."""
    _problem(await _raw(hall, "marketplaces", b" " * 1_000_000), 413, "body-too-large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_another_content_type_is_refused(hall: Hall, content_type: str) -> None:
    """JSON that doesn't say it is JSON isn't guessed at."""
    answer = await _raw(hall, "marketplaces", b"{}", Content_Type=content_type)
    _problem(answer, 415, "content-type-unusable")


@pytest.mark.parametrize("key", ["", "x" * 201, "mit leer zeichen"])
async def test_a_command_needs_a_key_of_its_own(hall: Hall, key: str) -> None:
    """Without an Idempotency-Key a repeated request could be done twice."""
    _problem(await _raw(hall, "marketplaces", b"{}", Idempotency_Key=key), 400, "idempotency-key-missing")


async def test_a_key_for_another_request_is_refused(hall: Hall) -> None:
    """The same key with another body: 422, and the first answer stays what it was."""
    key = fresh_id()
    first = await hall.post("marketplaces", PLAN, role="host_admin", key=key)
    again = await hall.post("marketplaces", PLAN, role="host_admin", key=f'"{key}"')
    assert first.json()["replayed"] is False
    assert again.json() == first.json() | {"replayed": True}
    other = await hall.post("marketplaces", PLAN | {"season": 2027}, role="host_admin", key=key)
    _problem(other, 422, "key-reused")


async def test_what_changed_meanwhile_isnt_overwritten(hall: Hall) -> None:
    """No If-Match: 428. An old one: 412 with the version that stands. Nonsense: 400."""
    await hall.plan()
    path, before = f"marketplaces/{hall.marketplace}/rates", await hall.position()
    rates = {"hourly_rate_minor": 2000}
    _problem(await hall.post(path, rates, role="host_admin", match=None), 428, "version-missing")
    stale = _problem(await hall.post(path, rates, role="host_admin", match=1), 412, "version-stale")
    assert stale["current_version"] == 2
    nonsense = await _raw(hall, path, b'{"hourly_rate_minor":2000}', If_Match="W/abc")
    _problem(nonsense, 400, "if-match-unusable")
    assert await hall.position() == before


async def test_another_hosts_things_dont_exist(service: RunningService, hall: Hall) -> None:
    """A key of one host opens nothing at another, and neither its things nor its records can be told to exist."""
    await hall.plan()
    stranger = await service.new_host()
    theirs = {"Authorization": f"Bearer {stranger.keys['host_admin']}"}
    address = f"/v1/{hall.host.tenant}/marketplaces/{hall.marketplace}"
    for path in (address, f"/v1/{hall.host.tenant}/ledger", f"/v1/{hall.host.tenant}/events"):
        _problem(await hall.http.get(path, headers=theirs), 404, "not-there")
    own = f"/v1/{stranger.tenant}/marketplaces/{hall.marketplace}"
    _problem(await hall.http.get(own, headers=theirs), 404, "not-there")


async def test_a_wrong_key_is_told_from_no_key(hall: Hall) -> None:
    """Without a key, and with one that opens nothing: 401, and how to ask."""
    address = f"/v1/{hall.host.tenant}/ledger"
    missing = await hall.http.get(address)
    _problem(missing, 401, "key-missing")
    assert missing.headers["www-authenticate"].startswith("Bearer")
    wrong = {"Authorization": f"Bearer hs.{hall.host.tenant}.{'x' * 43}"}
    _problem(await hall.http.get(address, headers=wrong), 401, "key-unknown")


async def test_an_id_of_another_kind_finds_nothing(hall: Hall) -> None:
    """A contract's id is no negotiation's, and words are no ids."""
    await hall.plan()
    for thing in (hall.marketplace, fresh_id(), "nonsense"):
        answer = await hall.post(f"negotiations/{thing}/accept", {"by": hall.marketplace}, match=1)
        _problem(answer, 404, "not-there")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "ten"},
        {"as_of": "2026-10-25T02:30:00"},
        {"as_of": "yesterday"},
        {"state": "sold"},
        {"marketplace": "Essen"},
        {"cursor": "###"},
        {"wait_for": "-1"},
        {"surprise": "1"},
    ],
)
async def test_an_address_that_cant_be_understood_is_refused(hall: Hall, query: dict[str, str]) -> None:
    """Queries are as strict as bodies."""
    answer = await hall.get("ledger", **query)
    assert answer.status_code == 400
    assert answer.json()["type"] in ("/problems/query-unusable", "/problems/cursor-unusable")


async def test_a_method_that_isnt_taken_names_those_that_are(hall: Hall) -> None:
    """405 with Allow, as problem+json, with the headers of every answer."""
    answer = await hall.http.put(f"/v1/{hall.host.tenant}/marketplaces")
    _problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_one_sided_terms_are_refused_where_the_host_is_strict(hall: Hall) -> None:
    """Strict: refused with a sentence to act on. Encouraged: accepted, and the ledger flags it."""
    for policy, status in (("strict", 422), ("encouraged", 201)):
        await hall.plan(reciprocity=policy)
        one, other = await hall.bring("Probe-Sägewerk", "company"), await hall.bring("Probe-Kita", "nonprofit")
        await hall.gong()
        terms = {"pledges": both_give(one, other)["pledges"][:1]}
        body = {"marketplace": hall.marketplace, "by": one, "to": [other], "terms": terms}
        answer = await hall.post("negotiations", body)
        assert answer.status_code == status
        if status == 422:
            assert answer.json()["type"] == "/problems/one-sided"


async def test_every_problem_says_what_it_means_at_its_address(hall: Hall) -> None:
    """A problem's type is an address that tells what it means."""
    told = (await hall.http.get("/problems/not-your-turn")).json()
    assert told["status"] == 409
    assert "other side" in told["detail"]
    assert len((await hall.http.get("/problems")).json()["items"]) > 60
