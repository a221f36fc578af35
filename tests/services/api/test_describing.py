"""What integrators read before they listen: AsyncAPI, schemas, the page. All from one table, and all from here."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import jsonschema_rs
import msgspec
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from domain.streaming.audience import Audience
from domain.streaming.catalogue import CATALOGUE
from infra.streams.cloudevent import MEDIA_TYPE
from services.api import asyncapi
from services.api.types_page import page
from tests.running import RunningService

ADDRESS = "https://marktplatz.example/essen"
DOCUMENT = asyncapi.build(ADDRESS)
_KEY = re.compile(r"[\w.\-]+")


def references(value: Any) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def found(reference: str) -> Any:
    """What a reference within the document points at (RFC 6901)."""
    place: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        place = place[part.replace("~1", "/").replace("~0", "~")]
    return place


def test_asyncapi_says_what_the_specification_asks_for() -> None:
    """Required members, the words for actions, keys that can be referred to (AsyncAPI 3.1.0)."""
    assert DOCUMENT["asyncapi"] == "3.1.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for server in DOCUMENT["servers"].values():
        assert {"host", "protocol"} <= server.keys()
        assert set(re.findall(r"\{(\w+)\}", server["host"])) == server.get("variables", {}).keys()
    for channel in DOCUMENT["channels"].values():
        assert set(re.findall(r"\{(\w+)\}", channel["address"] or "")) == channel.get("parameters", {}).keys()
        assert channel["messages"].keys() == CATALOGUE.keys()
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in DOCUMENT["channels"]
    for part in ("messages", "schemas", "securitySchemes"):
        assert all(_KEY.fullmatch(key) for key in DOCUMENT["components"][part])
    assert DOCUMENT["servers"]["service"] == {
        "host": "marktplatz.example",
        "protocol": "https",
        "pathname": "/essen",
        "security": [{"$ref": "#/components/securitySchemes/key"}],
    }


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    """And nothing in components is left over."""
    used = set(references(DOCUMENT))
    assert all(found(reference) for reference in used)
    for part in ("messages", "schemas"):
        assert {f"#/components/{part}/{name}" for name in DOCUMENT["components"][part]} <= used


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_message_has_an_example_that_is_one(name: str) -> None:
    """It is a CloudEvent for the specification's own package, and what the message's payload says."""
    message = DOCUMENT["components"]["messages"][name]
    (example,) = message["examples"]
    event = from_structured_event(
        HTTPMessage(headers={"content-type": MEDIA_TYPE}, body=msgspec.json.encode(example["payload"]))
    )
    assert event.get_type() == name
    payload = {"components": DOCUMENT["components"], **message["payload"]}
    jsonschema_rs.Draft202012Validator(payload, validate_formats=True).validate(example["payload"])


def test_a_payload_that_isnt_one_is_told() -> None:
    """The schema says no to another type's name, and to a number that can't be."""
    message = DOCUMENT["components"]["messages"]["contract.certified.v1"]
    payload = {"components": DOCUMENT["components"], **message["payload"]}
    checker = jsonschema_rs.Draft202012Validator(payload, validate_formats=True)
    event = message["examples"][0]["payload"]
    assert checker.is_valid(event)
    assert checker.is_valid({**event, "data": {"number": 1}})
    assert not checker.is_valid({**event, "type": "contract.signed.v1"})
    assert not checker.is_valid({**event, "data": {"number": 0}})
    assert not checker.is_valid({**event, "data": {}})
    assert not checker.is_valid({**event, "sequence": "17"})


def test_the_page_names_every_type_and_loads_nothing_from_elsewhere() -> None:
    """With its audience, its members and an example."""
    told = page()
    for name in CATALOGUE:
        assert f'id="{name}"' in told
    assert "<script" not in told
    assert "//" not in re.sub(r"<pre>.*?</pre>", "", told, flags=re.DOTALL).replace("<!doctype html>", "")
    assert "terms.pledges[].value.minor" in told
    assert "Nothing is replaced yet." in told


async def test_the_service_serves_them_without_a_key(service: RunningService) -> None:
    """AsyncAPI, the list, a schema for each audience with its own address as its id; what isn't there is a problem."""
    async with httpx2.AsyncClient(base_url=service.url, timeout=20) as http:
        assert (await http.get("/asyncapi.json")).json()["asyncapi"] == "3.1.0"
        listed = (await http.get("/schemas")).json()["items"]
        assert [one["type"] for one in listed] == list(CATALOGUE)
        certified = next(one for one in listed if one["type"] == "contract.certified.v1")
        assert certified["schemas"].keys() == {"stored", *Audience}
        for address in certified["schemas"].values():
            answer = await http.get(address)
            assert answer.headers["content-type"] == "application/schema+json"
            assert answer.json()["$id"].endswith(address)
        assert (await http.get("/schemas/entry.json")).json()["title"] == "entry"
        docs = await http.get("/docs/events")
        assert docs.status_code == 200
        assert "default-src 'none'" in docs.headers["content-security-policy"]
        for missing in (
            "/schemas/nothing.json",
            "/schemas/contract.certified.v1",
            "/schemas/public/contract.signed.v1.json",
            "/schemas/nobody/contract.certified.v1.json",
        ):
            answer = await http.get(missing)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-there"), missing
