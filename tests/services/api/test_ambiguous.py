"""Requests that can be read in two ways: refused, since what is recorded stays."""

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
