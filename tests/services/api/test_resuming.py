"""Going on behind a position that this log hasn't come to: refused, so that nothing is left out in silence."""

from typing import Any

import httpx2
import pytest

from tests.services.hall import Hall

BATCH = "application/cloudevents-batch+json"


async def _asked(hall: Hall, path: str = "events", query: dict[str, Any] | None = None, **headers: str) -> Any:
    given = {"Authorization": f"Bearer {hall.host.keys['integrator']}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    address = f"/v1/{hall.host.tenant}/{path}"
    async with hall.http.stream("GET", address, params=query or {}, headers=given, timeout=30) as answer:
        if answer.headers["content-type"].startswith("text/event-stream"):
            return answer
        await answer.aread()
        return answer


def _is_refused(answer: httpx2.Response) -> None:
    assert answer.status_code == 400, "a reader from elsewhere is let in, and misses what comes next"
    assert answer.json()["type"] == "/problems/not-recorded-yet"


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson", BATCH])
async def test_a_pull_from_beyond_the_head_is_refused(hall: Hall, accept: str) -> None:
    """Given another log's place, when one pulls from there, then it is refused; from the head on there is nothing."""
    await hall.plan()
    head = await hall.position()
    _is_refused(await _asked(hall, query={"after": head + 3}, Accept=accept))
    at_head = await _asked(hall, query={"after": head}, Accept=accept)
    assert (at_head.status_code, at_head.headers["handschlag-reached"]) == (200, str(head))


async def test_nobody_waits_beyond_the_head(hall: Hall) -> None:
    """Given another log's place and types, when one waits there for a record, then it is told at once."""
    head = await hall.position()
    _is_refused(await _asked(hall, query={"after": head + 1, "wait": 30}))
    _is_refused(await _asked(hall, query={"after": head + 1, "type": "contract.certified.v1"}))


async def test_a_stream_from_beyond_the_head_never_begins(hall: Hall) -> None:
    """Given another log's Last-Event-ID, or `after`, then the stream isn't opened; at the head it is."""
    head = await hall.position()
    _is_refused(await _asked(hall, "events/stream", Last_Event_ID=str(head + 3)))
    _is_refused(await _asked(hall, "events/stream", {"after": head + 1}))
    assert (await _asked(hall, "events/stream", Last_Event_ID=str(head))).status_code == 200
