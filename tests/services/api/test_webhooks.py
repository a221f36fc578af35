"""`/v1/{tenant}/webhooks`: who may have records sent where, and what they are told of it."""

import asyncio
import json
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

from infra.clock import fresh_id
from tests.infra.streams.receivers import Receiver, receiving, saying
from tests.infra.streams.test_webhook import verify_ed25519
from tests.running import Host, RunningService, client
from tests.services.hall import Hall
from tests.services.relay.desk import eventually


class Desk:
    """A host's webhooks over HTTP, by role or by a key."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def ask(
        self, method: str, path: str = "", body: Any = None, *, role: str = "integrator", **headers: str
    ) -> httpx2.Response:
        key = self.hall.host.keys.get(role, role)
        told = {"Authorization": f"Bearer {key}", "Idempotency-Key": fresh_id()} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if body is not None:
            told["Content-Type"] = "application/json"
        url = f"/v1/{self.hall.host.tenant}/webhooks{path}"
        content = None if body is None else json.dumps(body).encode()
        return await self.hall.http.request(method, url, content=content, headers=told)

    async def make(self, url: str, *, role: str = "integrator", **more: Any) -> Any:
        body = {"url": url, "audience": "internal"} | more
        made = await self.ask("POST", "", body, role=role)
        assert made.status_code == 201, made.text
        return made.json()

    async def one(self, id_: str, role: str = "integrator") -> Any:
        found = await self.ask("GET", f"/{id_}", role=role)
        assert found.status_code == 200, found.text
        return found.json()

    async def attempts(self, id_: str, **query: Any) -> Any:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        found = await self.ask("GET", f"/{id_}/attempts?{asked}")
        assert found.status_code == 200, found.text
        return found.json()

    async def caught_up(self, id_: str) -> Any:
        async def there() -> Any:
            found = await self.one(id_)
            return found if found["behind"] == 0 else None

        return await eventually(there)


@pytest.fixture
def desk(hall: Hall) -> Desk:
    return Desk(hall)


def of(problem: httpx2.Response) -> str:
    """A problem's lasting name."""
    name: str = problem.json()["type"]
    return name.removeprefix("/problems/")


def types(receiver: Receiver) -> list[str]:
    return [json.loads(got.body)["type"] for got in receiver.got]


async def test_a_webhook_gets_what_is_recorded_from_then_on(desk: Desk, hall: Hall) -> None:
    """Given a webhook, when an edition is planned, then its records arrive, signed by the secret told this once."""
    async with receiving() as receiver:
        made = await desk.make(receiver.url, description="CRM")
        id_ = made["webhook"]["id"]
        await hall.plan()
        view = await desk.caught_up(id_)
        assert types(receiver) == ["marketplace.planned.v1", "marketplace.registration_opened.v1"]
        for got in receiver.got:
            assert Webhook(made["secret"]).verify(got.body, got.headers)
        (entry,) = (await hall.read("events", after=view["position"] - 1, limit=1))["items"]
        assert json.loads(receiver.got[-1].body)["id"] == entry["entry"]["id"]
    assert made["secret"].startswith("whsec_")
    assert "secret" not in view
    assert made["secret"] not in json.dumps(view)
    listed = (await desk.ask("GET")).json()["items"]
    assert [(each["id"], each["description"], each["state"]) for each in listed] == [(id_, "CRM", "active")]


async def test_what_is_asked_twice_with_a_key_is_done_once(desk: Desk) -> None:
    """Given an answer that got lost, when asked again with the same key, then it is the same one, secret included."""
    body = {"url": "https://example.org/hook"}
    first, again = [await desk.ask("POST", "", body, Idempotency_Key="k-1") for _ in range(2)]
    assert again.json() == first.json() | {"replayed": True}
    assert of(await desk.ask("POST", "", body | {"thin": True}, Idempotency_Key="k-1")) == "key-reused"
    assert of(await desk.ask("POST", "", body, Idempotency_Key="")) == "idempotency-key-missing"
    id_ = first.json()["webhook"]["id"]
    for path in (f"/{id_}/test", f"/{id_}/replace-secret"):
        told = [(await desk.ask("POST", path, {}, Idempotency_Key=path)).json() for _ in range(2)]
        assert [each["replayed"] for each in told] == [False, True]
        assert told[0].get("secret") == told[1].get("secret")
    assert len((await desk.ask("GET")).json()["items"]) == 1


async def test_a_storm_of_repeated_requests_is_answered(desk: Desk) -> None:
    """Given more requests at once with one key than the service has connections, then each gets the same answer."""
    body = {"url": "https://example.org/hook"}
    told = await asyncio.gather(*(desk.ask("POST", "", body, Idempotency_Key="storm") for _ in range(30)))
    assert [answer.status_code for answer in told] == [201] * 30
    assert len({(each["webhook"]["id"], each["secret"]) for each in (answer.json() for answer in told)}) == 1
    path = f"/{told[0].json()['webhook']['id']}/replace-secret"
    told = await asyncio.gather(*(desk.ask("POST", path, {}, Idempotency_Key="storm-2") for _ in range(30)))
    assert len({answer.json()["secret"] for answer in told}) == 1


async def test_nothing_is_changed_unseen(desk: Desk) -> None:
    """Given a webhook, when it is changed, paused or removed, then only by who says which version was seen."""
    made = await desk.make("https://example.org/hook")
    id_ = made["webhook"]["id"]
    changed = {"url": "https://example.org/other", "audience": "partner", "types": ["contract.certified.v1"]}
    for method, path, body in (("PUT", "", changed), ("POST", "/pause", {}), ("POST", "/resume", {}),
                               ("DELETE", "", None), ("POST", "/give-up-redelivery", {})):  # fmt: skip
        assert (await desk.ask(method, f"/{id_}{path}", body)).status_code == 428
        assert (await desk.ask(method, f"/{id_}{path}", body, If_Match='"7"')).status_code == 412
    answer = await desk.ask("PUT", f"/{id_}", changed, If_Match='"1"')
    assert answer.headers["etag"] == '"2"'
    assert {name: answer.json()[name] for name in changed} == changed
    paused = await desk.ask("POST", f"/{id_}/pause", {}, If_Match='"2"')
    assert paused.json()["state"] == "paused"
    resumed = await desk.ask("POST", f"/{id_}/resume", {"after": 0}, If_Match="*")
    assert (resumed.json()["state"], resumed.json()["version"]) == ("active", 4)
    assert (await desk.ask("DELETE", f"/{id_}", If_Match='"4"')).status_code == 204
    assert (await desk.ask("GET", f"/{id_}")).status_code == 404


async def test_integrators_look_after_their_own_and_hosts_after_all(desk: Desk, service: RunningService) -> None:
    """Given webhooks of a host and an integrator, when asked about, then each sees what is theirs, admins all."""
    hosts = (await desk.make("https://example.org/host", role="host_admin"))["webhook"]["id"]
    own = (await desk.make("https://example.org/own"))["webhook"]["id"]
    assert of(await desk.ask("GET", role="clerk")) == "role-not-allowed"
    assert [each["id"] for each in (await desk.ask("GET")).json()["items"]] == [own]
    assert len((await desk.ask("GET", role="host_admin")).json()["items"]) == 2
    redelivery = {"first": 1, "last": 1}
    for method, path, body in (("GET", "", None), ("GET", "/attempts", None), ("POST", "/test", {}),
                               ("POST", "/replace-secret", {}), ("POST", "/redeliver", redelivery)):  # fmt: skip
        assert (await desk.ask(method, f"/{hosts}{path}", body)).status_code == 404
    assert (await desk.ask("DELETE", f"/{hosts}", If_Match="*")).status_code == 404
    other = await service.new_host()
    assert (await desk.ask("GET", f"/{own}", role=other.keys["host_admin"])).status_code == 404


async def test_a_key_for_partners_reaches_no_further(desk: Desk, service: RunningService, host: Host) -> None:
    """Given a key that sees what partners see, when a webhook is made with it, then it gets that and no more."""
    key, _ = await service.stream_key(host, "partner")
    body = {"url": "https://example.org/p", "audience": "internal"}
    assert of(await desk.ask("POST", "", body, role=key)) == "beyond-your-key"
    async with receiving() as receiver:
        made = await desk.ask("POST", "", {"url": receiver.url, "audience": "partner"}, role=key)
        assert made.status_code == 201
        id_ = made.json()["webhook"]["id"]
        wider = await desk.ask("PUT", f"/{id_}", body, role=key, If_Match="*")
        assert of(wider) == "beyond-your-key"
        await desk.hall.plan()

        async def caught_up() -> bool:
            return bool((await desk.one(id_, role=key))["behind"] == 0)

        await eventually(caught_up)
        assert len(receiver.got) == 2
        assert all("actor" not in json.loads(got.body) for got in receiver.got)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""), ({"url": 7}, "/url"), ({"url": "https://10.0.0.1/"}, "/url"), ({"url": "ftp://example.org"}, "/url"),
        ({"url": "https://169.254.169.254/"}, "/url"), ({"url": "https://a:b@example.org/"}, "/url"),
        ({"url": f"https://example.org/{'a' * 2000}"}, "/url"), ({"url": "https://example.org", "rate": 0}, "/rate"),
        ({"url": "https://example.org", "rate": "5"}, "/rate"), ({"url": "https://example.org", "more": 1}, ""),
        ({"url": "https://example.org", "types": ["made.up.v1"]}, "/types/0"),
        ({"url": "https://example.org", "scheme": "v2"}, "/scheme"),
        ({"url": "https://example.org", "audience": "everybody"}, "/audience"),
        ({"url": "https://example.org", "description": "a\nb"}, "/description"),
        ({"url": "https://example.org", "marketplace": "x"}, "/marketplace"),
        ({"url": "https://example.org", "after": -1}, "/after"),
    ],
)  # fmt: skip
async def test_a_body_that_cant_be_used_is_refused(desk: Desk, body: Any, pointer: str) -> None:
    """Given a body with a fault, when a webhook is asked for, then the answer points at it, and none is made."""
    refused = await desk.ask("POST", "", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert (await desk.ask("GET")).json()["items"] == []


async def test_there_is_an_end_to_how_many(desk: Desk) -> None:
    """Given twenty webhooks, when another is asked for, then it is refused; and so are too many secrets and errands."""
    made = [await desk.make(f"https://example.org/{number}") for number in range(20)]
    assert of(await desk.ask("POST", "", {"url": "https://example.org/"}, role="host_admin")) == "too-many-webhooks"
    id_ = made[0]["webhook"]["id"]
    for _ in range(3):
        assert (await desk.ask("POST", f"/{id_}/replace-secret", {})).status_code == 201
    assert of(await desk.ask("POST", f"/{id_}/replace-secret", {})) == "too-many-secrets"
    await desk.ask("POST", f"/{id_}/pause", {}, If_Match="*")
    for _ in range(20):
        assert (await desk.ask("POST", f"/{id_}/redeliver", {"first": 1, "last": 2})).status_code == 202
    assert of(await desk.ask("POST", f"/{id_}/redeliver", {"first": 1, "last": 2})) == "too-much-waiting"
    given_up = await desk.ask("POST", f"/{id_}/give-up-redelivery", {}, If_Match="*")
    assert given_up.json()["waiting"] == []
    for body in ({"first": 2, "last": 1}, {"first": 1, "last": 200_000}):
        assert of(await desk.ask("POST", f"/{id_}/redeliver", body)) == "range-unclear"
    assert of(await desk.ask("POST", f"/{id_}/redeliver", {"first": 1, "last": 90_000})) == "not-recorded-yet"
    assert of(await desk.ask("POST", f"/{id_}/resume", {"after": 90_000}, If_Match="*")) == "not-recorded-yet"


async def test_attempts_are_told_and_made_again(desk: Desk, hall: Hall) -> None:
    """Given a test and deliveries, when the attempts are read, then page by page; and one is made again."""
    async with receiving() as receiver:
        id_ = (await desk.make(receiver.url))["webhook"]["id"]
        assert (await desk.ask("POST", f"/{id_}/test", {})).status_code == 202

        async def tested() -> bool:
            return len(receiver.got) == 1

        await eventually(tested)
        await hall.plan()
        await desk.caught_up(id_)
        page = await desk.attempts(id_, limit=2)
        assert [each["number"] for each in page["items"]] == [3, 2]
        rest = await desk.attempts(id_, limit=2, before=page["next"])
        assert [(each["number"], each["kind"], each["status"]) for each in rest["items"]] == [(1, "test", 200)]
        assert rest["next"] is None
        assert (await desk.attempts(id_, outcome="failed"))["items"] == []
        again = await desk.ask("POST", f"/{id_}/attempts/2/redeliver", {})
        assert again.status_code == 202
        assert of(await desk.ask("POST", f"/{id_}/attempts/1/redeliver", {})) == "attempt-was-a-test"
        assert (await desk.ask("POST", f"/{id_}/attempts/99/redeliver", {})).status_code == 404

        async def redelivered() -> bool:
            return len(receiver.got) == 4

        await eventually(redelivered)
        assert receiver.got[3].body == receiver.got[1].body


async def test_a_receiver_that_is_gone_is_left_alone_with_a_notice(desk: Desk, hall: Hall) -> None:
    """Given a receiver that answers 410, when something is sent, then the webhook is disabled and says why."""
    async with receiving(saying(410)) as receiver:
        id_ = (await desk.make(receiver.url))["webhook"]["id"]
        await hall.plan()

        async def disabled() -> Any:
            found = await desk.one(id_)
            return found if found["state"] == "disabled" else None

        notice = (await eventually(disabled))["notice"]
    assert notice["kind"] == "gone"
    assert "410" in notice["sentence"]


async def test_a_public_key_is_enough_to_verify(desk: Desk, hall: Hall) -> None:
    """Given a webhook with an Ed25519 key, when a record arrives, then the public key that was told verifies it."""
    async with receiving() as receiver:
        made = await desk.make(receiver.url, scheme="v1a")
        await hall.plan()
        await desk.caught_up(made["webhook"]["id"])
        got = receiver.got[0]
        assert verify_ed25519(made["public"], got.headers, got.body)
    assert made["secret"] is None
    assert made["public"] == made["webhook"]["secrets"][0]["public"]


async def test_who_loses_the_role_loses_the_webhook(desk: Desk, hall: Hall, service: RunningService) -> None:
    """Given an integrator's webhook, when the role is taken from them, then nothing more is sent, and it says why."""
    async with receiving() as receiver:
        id_ = (await desk.make(receiver.url))["webhook"]["id"]
        await service.take_role(hall.host, "integrator", hall.host.members["integrator"])
        await hall.plan()

        async def disabled() -> Any:
            found = await desk.one(id_, role="host_admin")
            return found if found["state"] == "disabled" else None

        assert (await eventually(disabled))["notice"]["kind"] == "access-withdrawn"
        assert not receiver.got


async def test_webhooks_are_described(service: RunningService) -> None:
    """Every route of webhooks is in the document, and their bodies refuse unknown members there too."""
    async with client(service) as http:
        document = (await http.get("/openapi.json")).json()
    described = {path: set(document["paths"][path]) for path in document["paths"] if "/webhooks" in path}
    assert described["/v1/{tenant}/webhooks"] == {"get", "post"}
    assert described["/v1/{tenant}/webhooks/{id}"] == {"get", "put", "delete"}
    assert len(described) == 10
    for name in ("NewWebhookBody", "WebhookBody", "ReplaceSecretBody", "RedeliverBody", "ResumeWebhookBody"):
        assert document["components"]["schemas"][name]["additionalProperties"] is False
