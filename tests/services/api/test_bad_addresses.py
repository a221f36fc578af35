"""Addresses that nobody can mean: each is refused as such, and none counts as a fault of ours."""

import base64
import json
from typing import Any

import httpx2
import pytest

from tests.running import RunningService, client
from tests.services.hall import Hall

BEFORE_TIME, AFTER_TIME = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
"""Moments that a calendar has with their offsets, and not in UTC."""


OF_A_HOST = (
    "events", "events/stream", "log/checkpoint", "log/checkpoints/0", "log/tile/0/000", "log/status",
    "log/proof/inclusion?position=1", "log/proof/consistency?from=0", "ledger", "webhooks", "sandbox",
)  # fmt: skip


def _problem(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def _cursor(*members: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


@pytest.mark.parametrize("moment", [BEFORE_TIME, AFTER_TIME])
async def test_a_moment_outside_the_calendar_is_refused(hall: Hall, moment: str) -> None:
    """Given a time that is in no year in UTC, when something is asked for as of it, then the parameter is named."""
    edition = await hall.plan()
    asked: list[tuple[str, dict[str, Any]]] = [
        ("ledger", {"as_of": moment}),
        (f"marketplaces/{edition}/ledger.csv", {"as_of": moment}),
        ("ledger/difference", {"marketplace": edition, "since": moment}),
        ("ledger/difference", {"marketplace": edition, "since": 1, "until": moment}),
        (f"marketplaces/{edition}/results/changes", {"since": moment}),
        (f"marketplaces/{edition}/results/changes", {"since": 1, "until": moment}),
    ]
    for path, query in asked:
        answer = await hall.get(path, **query)
        assert _problem(answer) == (400, "query-unusable"), (path, query)
        (error,) = answer.json()["errors"]
        assert query[error["parameter"]] == moment
    page = await hall.http.get(f"/{hall.host.tenant}/marketplaces/{edition}/replay", params={"time": moment})
    assert page.status_code == 400


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_the_ends_of_the_calendar_are_moments(hall: Hall, moment: str) -> None:
    """Given the first or the last moment in UTC, when the ledger is asked for as of it, then it is told."""
    await hall.plan()
    assert (await hall.get("ledger", as_of=moment)).status_code == 200


@pytest.mark.parametrize("tenant", ["%00", "a%00", "A", "-a", "ä", "%F0%9F%A4%9D", "a" * 64, "a%20b"])
async def test_no_host_has_such_a_name(service: RunningService, tenant: str) -> None:
    """Given a name that no host can have, when anything of it is asked for without a key, then it isn't there."""
    async with client(service) as http:
        for rest in OF_A_HOST:
            assert _problem(await http.get(f"/v1/{tenant}/{rest}")) == (404, "not-there"), rest


async def test_nothing_is_recorded_at_a_host_of_no_name(hall: Hall) -> None:
    """Given a name that no host can have, when a command is sent there, then it isn't there."""
    key = {"Authorization": f"Bearer {hall.host.keys['host_admin']}", "Idempotency-Key": "once"}
    answer = await hall.http.post("/v1/%00/marketplaces", json={}, headers=key)
    assert _problem(answer) == (404, "not-there")


@pytest.mark.parametrize("position", [2**53, 10**30, -1])
async def test_a_cursor_of_no_position_is_refused(hall: Hall, position: int) -> None:
    """Given a made-up cursor whose position no log can have, then the list says that it isn't one of its own."""
    for path, of in (("organisations", "organisation"), ("ledger", "ledger"), ("marketplaces", "marketplace")):
        answer = await hall.get(path, cursor=_cursor(of, 1, position))
        assert _problem(answer) == (400, "cursor-unusable"), path


async def test_a_cursor_of_no_generation_is_refused(hall: Hall) -> None:
    """Given a made-up cursor of a generation that never was, then it isn't used."""
    assert _problem(await hall.get("ledger", cursor=_cursor("ledger", -1, 3))) == (400, "cursor-unusable")
    assert _problem(await hall.get("ledger", cursor=_cursor("ledger", 10**30, 3))) == (410, "cursor-expired")
