"""Requests that can be read in two ways: refused, since what is recorded stays."""

import asyncio
import gzip
import json
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from infra.clock import fresh_id
from tests.services.hall import Hall

BODY = {"name": "Probe-Bäckerei", "side": "company", "rehearsal": True}


async def _sent(
    hall: Hall,
    content: str | bytes,
    *more: tuple[str, str],
    path: str = "organisations",
    without: Sequence[str] = (),
    method: str = "POST",
) -> httpx2.Response:
    """A request with the headers that every command has, `more` besides, and none of those `without`."""
    usual = [
        ("Authorization", f"Bearer {hall.host.keys['host_admin']}"),
        ("Idempotency-Key", fresh_id()),
        ("Content-Type", "application/json"),
    ]
    headers = [(name, value) for name, value in usual if name not in without] + list(more)
    return await hall.http.request(method, f"/v1/{hall.host.tenant}/{path}", content=content, headers=headers)


def _problem(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.json()["detail"].endswith(".")
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.mark.parametrize(
    "body",
    [
        '{"name":"Adv Shown","side":"company","name":"Adv Recorded","rehearsal":true}',
        '{"name":"Adv Shown","side":"company","n\\u0061me":"Adv Recorded","rehearsal":true}',
        '{"name": "Adv Same", "side": "company", "name": "Adv Same", "rehearsal": true}',
    ],
)
async def test_a_member_that_comes_twice_is_refused(hall: Hall, body: str) -> None:
    """Given a body that names a member twice, in whatever spelling, then it is told which, and nothing is recorded."""
    before = await hall.position()
    answer = await _sent(hall, body)
    assert _problem(answer) == (400, "body-unreadable")
    assert 'a member twice: "name"' in answer.json()["detail"]
    assert await hall.position() == before


async def test_a_member_that_comes_twice_deep_inside_is_refused(hall: Hall) -> None:
    """Given a pledge that is worth two values, then nobody guesses which was meant; two pledges have the same names."""
    await hall.plan()
    one, other = await hall.bring("Probe-Sägewerk", "company"), await hall.bring("Probe-Kita", "nonprofit")
    await hall.gong()
    value = {"minor": 10_000, "currency": "EUR", "basis": "lump_sum"}
    given: dict[str, Any] = {"area": "helping-hands", "title": "Ein Tag", "kind": "service", "quantity": 1}
    given |= {"unit": "Tag", "value": value}
    pledges = [given | {"giver": one, "receiver": other}, given | {"giver": other, "receiver": one}]
    told = json.dumps({"marketplace": hall.marketplace, "by": one, "to": [other], "terms": {"pledges": pledges}})
    doubled = told.replace('"minor": 10000', '"minor": 10000, "minor": 1', 1)
    assert _problem(await _sent(hall, doubled, path="negotiations", without=())) == (400, "body-unreadable")
    clerk = ("Authorization", f"Bearer {hall.host.keys['clerk']}")
    opened = await _sent(hall, told, clerk, path="negotiations", without=("Authorization",))
    assert opened.status_code == 201, opened.text


async def test_a_webhook_with_two_addresses_is_refused(hall: Hall) -> None:
    """Given a webhook with two addresses, then neither gets anything."""
    answer = await _sent(hall, '{"url":"https://example.org/a","url":"https://example.org/b"}', path="webhooks")
    assert _problem(answer) == (400, "body-unreadable")


STREAM = "text/event-stream"


@pytest.mark.parametrize(
    "header",
    [
        ("Idempotency-Key", "another"),
        ("idempotency-key", ""),
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/json"),
        ("Authorization", "Bearer hs.essen.x"),
    ],
)
async def test_a_header_of_one_value_is_there_once(hall: Hall, header: tuple[str, str]) -> None:
    """Given a command with two keys, types or callers, then neither is chosen, and nothing is recorded."""
    before = await hall.position()
    answer = await _sent(hall, json.dumps(BODY), header)
    assert _problem(answer) == (400, "header-repeated")
    assert answer.json()["errors"][0]["header"] == header[0].lower()
    assert await hall.position() == before


async def test_two_versions_to_match_are_none(hall: Hall) -> None:
    """Given If-Match: * beside a stale version, then nothing is overwritten, with commands or webhooks."""
    await hall.plan()
    before = await hall.position()
    both = (("If-Match", "*"), ("If-Match", '"1"'))
    rates = json.dumps({"hourly_rate_minor": 2000})
    answer = await _sent(hall, rates, *both, path=f"marketplaces/{hall.marketplace}/rates")
    assert _problem(answer) == (400, "header-repeated")
    webhook = await _sent(hall, "", *both, path=f"webhooks/{fresh_id()}", method="DELETE")
    assert _problem(webhook) == (400, "header-repeated")
    assert await hall.position() == before


async def test_who_listens_says_once_where_it_was(hall: Hall) -> None:
    """Given two ids of a last event, then the stream doesn't begin at either."""
    places = (("Last-Event-ID", "1"), ("Last-Event-ID", "2"), ("Accept", STREAM))
    async with asyncio.timeout(30):
        answer = await _sent(hall, "", *places, path="events/stream", method="GET")
    assert _problem(answer) == (400, "header-repeated")


@pytest.mark.parametrize("charset", ["iso-8859-1", '"utf-16"', "ascii", "", "utf-8;charset=latin1"])
async def test_json_is_in_utf8(hall: Hall, charset: str) -> None:
    """Given bytes that are declared to be in another charset, then it is said; UTF-8 may be named, in any case."""
    told = ("Content-Type", f"application/json; charset={charset}")
    answer = await _sent(hall, json.dumps(BODY), told, without=["Content-Type"])
    assert _problem(answer) == (415, "content-type-unusable")
    assert "UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("declared", ["application/json; charset=utf-8", 'Application/JSON;Charset="UTF-8"'])
async def test_utf8_may_be_named(hall: Hall, declared: str) -> None:
    """Given JSON that says that it is in UTF-8, then it is recorded."""
    answer = await _sent(hall, json.dumps(BODY), ("Content-Type", declared), without=["Content-Type"])
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("coding", ["gzip", "identity", "br, gzip"])
async def test_a_body_is_sent_as_it_is(hall: Hall, coding: str) -> None:
    """Given a body that is packed, or says so, then it is told what is taken (RFC 9110 §15.5.16)."""
    plain = json.dumps(BODY).encode()
    for body in (plain, gzip.compress(plain)):
        answer = await _sent(hall, body, ("Content-Encoding", coding))
        assert _problem(answer) == (415, "content-encoding-unusable")
        assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("query", ["dry_run=true", "dry_run", "name=x&name=y", "&"])
async def test_a_command_takes_nothing_from_the_address(hall: Hall, query: str) -> None:
    """Given a command that is meant as a trial, or asks for what isn't there, then nothing is recorded."""
    before = await hall.position()
    assert _problem(await _sent(hall, json.dumps(BODY), path=f"organisations?{query}")) == (400, "query-unusable")
    webhook = await _sent(hall, '{"url":"https://example.org/a"}', path=f"webhooks?{query}")
    assert _problem(webhook) == (400, "query-unusable")
    assert await hall.position() == before
