"""Every no is a problem whose type is there to look up, in words that a person can act on, and can't be forged."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import msgspec
import pytest

from services.api import problems, text
from services.api.bodies import webhooks
from services.api.commands import COMMANDS
from services.api.docs import catalogue
from services.api.sandbox import PlayBody
from tests.running import RunningService
from tests.services.hall import AREAS, Hall

PLAN: dict[str, Any] = {"title": "Probe", "season": 2026, "date": None, "areas": AREAS, "rehearsal": True}


async def _meaning(hall: Hall, answer: httpx2.Response) -> dict[str, Any]:
    """What stands at the address of an answer's type; the answer is a problem of that status."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = await hall.http.get(answer.json()["type"])
    assert told.status_code == 200, answer.text
    meaning: dict[str, Any] = told.json()
    assert (answer.status_code, answer.json()["status"]) == (meaning["status"],) * 2
    return meaning


async def test_a_body_that_is_too_large_is_told_alike_everywhere(hall: Hall) -> None:
    """Given a body of some megabytes, with a question or a command, then it is the same problem."""
    headers = {"Authorization": f"Bearer {hall.host.keys['host_admin']}"}
    for method, size in (("GET", 11_000_000), ("POST", 1_000_000)):
        address = f"/v1/{hall.host.tenant}/webhooks"
        answer = await hall.http.request(method, address, content=b" " * size, headers=headers)
        assert (await _meaning(hall, answer))["type"] == "/problems/body-too-large"


def test_every_type_that_is_answered_can_be_looked_up() -> None:
    """Given every problem that there is, then it stands in the catalogue, and so do those of a start and a signer."""
    kinds = problems.Problem.__subclasses__()
    assert {kind.name() for kind in kinds} <= catalogue().keys()
    assert {"request-unusable", "not-ready", "log-refused"} <= catalogue().keys()


@pytest.mark.parametrize(
    "request_",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
)
async def test_what_isnt_http_gets_a_problem(service: RunningService, hall: Hall, request_: bytes) -> None:
    """Given bytes that aren't a request, then the answer is a problem like any other, and the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(request_)
    head, _, body = (await asyncio.wait_for(reader.read(), 30)).partition(b"\r\n\r\n")
    writer.close()
    lines = head.decode().lower().split("\r\n")
    assert lines[0].startswith("http/1.1 400 ")
    assert {"content-type: application/problem+json", "connection: close", f"content-length: {len(body)}"} <= {*lines}
    assert "x-content-type-options: nosniff" in lines
    problem = json.loads(body)
    assert (await hall.http.get(problem["type"])).json() == {
        name: problem[name] for name in ("type", "status", "detail")
    }


async def test_text_that_doesnt_fit_is_told_in_words(hall: Hall) -> None:
    """Given a title that ends with a line break, then it is told what a title is, and no regular expression."""
    answer = await hall.post("marketplaces", PLAN | {"title": "x\n"}, role="host_admin")
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/title"
    assert error["detail"].startswith("It is one line of text")


def test_every_pattern_has_its_words() -> None:
    """Given every pattern that a body's text is held to, then there is a sentence for it."""
    bodies: list[type[msgspec.Struct]] = [*(command.body for command in COMMANDS), PlayBody]
    bodies += [kind for kind in vars(webhooks).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    _, schemas = msgspec.json.schema_components(bodies)
    found = {*_patterns(schemas)}
    assert found <= text.WORDS.keys()
    assert all(re.fullmatch(r"It is .*\.", words) for words in text.WORDS.values())


def _patterns(schema: Any) -> Iterator[str]:
    match schema:
        case dict():
            yield from (told for name, told in schema.items() if name == "pattern" and isinstance(told, str))
            for inner in schema.values():
                yield from _patterns(inner)
        case list():
            for inner in schema:
                yield from _patterns(inner)


FORGED = [
    "Max Mustermann - at `$.x`",
    "Max Mustermann - at `$.x",
    "Max` - at `$.x",
    "Max - at `$.areas[0].id",
    "`",
    "a/~b",
]


@pytest.mark.parametrize("name", FORGED)
async def test_an_unknown_member_says_itself_where_it_is_to_nobody(hall: Hall, name: str) -> None:
    """Given an unknown member whose name looks like our own words, then the pointer is to the object that has it."""
    outermost = await hall.post("marketplaces", PLAN | {name: 1}, role="host_admin")
    within = await hall.post("marketplaces", PLAN | {"areas": [AREAS[0] | {name: 1}]}, role="host_admin")
    for answer, pointer in ((outermost, ""), (within, "/areas/0")):
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["pointer"] == pointer
        assert error["detail"] == f"Object contains unknown field {name}"
