"""The records, as auditors and integrators follow them: pages, NDJSON, SSE; and views as of any moment."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx2
import pytest

from tests.running import running_service
from tests.services.hall import Hall


async def _events(hall: Hall, limit: int, **headers: str) -> list[dict[str, str]]:
    """The first `limit` events of the host's stream."""
    found: list[dict[str, str]] = []
    given = {"Authorization": f"Bearer {hall.host.keys['integrator']}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    async with hall.http.stream("GET", f"/v1/{hall.host.tenant}/events/stream", headers=given) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        event: dict[str, str] = {}
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                event[name] = value
            elif "id" in event:
                found.append(event)
                if len(found) == limit:
                    return found
                event = {}
    return found


async def test_pages_follow_each_other_without_a_gap(hall: Hall) -> None:
    """Position by position, each once; the bytes hash to the leaf that the receipt named."""
    await hall.plan()
    await hall.bring("Probe-Bäckerei", "company")
    seen, after = [], 0
    while True:
        page = await hall.read("events", after=after, limit=7)
        seen += page["items"]
        if page["next"] is None:
            break
        after = int(page["next"])
    assert [item["position"] for item in seen] == list(range(1, len(seen) + 1))
    receipt = await hall.done("organisations", {"name": "Probe-Imkerei", "side": "company", "rehearsal": True})
    address = f"/v1/{hall.host.tenant}/events?after={receipt['position'] - 1}"
    key = {"Authorization": f"Bearer {hall.host.keys['auditor']}"}
    raw = (await hall.http.get(address, headers=key)).content
    entry = raw[raw.index(b'"entry":') + 8 : raw.rindex(b'}],"next"')]
    assert sha256(b"\0" + entry).hexdigest() == receipt["leaf_hash"]


async def test_all_records_come_as_lines(hall: Hall) -> None:
    """NDJSON gives every record to the head, a line each."""
    await hall.plan()
    key = {"Authorization": f"Bearer {hall.host.keys['auditor']}", "Accept": "application/x-ndjson"}
    lines = (await hall.http.get(f"/v1/{hall.host.tenant}/events", headers=key)).text.splitlines()
    assert [json.loads(line)["position"] for line in lines] == list(range(1, await hall.position() + 1))


async def test_a_stream_resumes_where_it_was_cut(hall: Hall) -> None:
    """Last-Event-ID continues behind the last event; what comes meanwhile is neither lost nor doubled."""
    await hall.plan()
    first = await _events(hall, 5)
    await hall.bring("Probe-Weberei", "company")
    rest = await _events(hall, await hall.position() - 5, Last_Event_ID=first[-1]["id"])
    assert [int(event["id"]) for event in first + rest] == list(range(1, await hall.position() + 1))
    assert rest[-1]["event"] == "participation.checked_in.v1"


async def test_only_those_who_may_read_records_do(hall: Hall) -> None:
    """A clerk's key lists contracts, but not the records themselves."""
    for path in ("events", "events/stream"):
        refused = await hall.get(path, role="clerk")
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-not-allowed")


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"after": "x"}, {}),
        ({"after": "-1"}, {}),
        ({"type": "nonsense"}, {}),
        ({"limit": "5"}, {}),
        ({}, {"Last-Event-ID": "abc"}),
        ({}, {"Last-Event-ID": "9" * 17}),
    ],
)
async def test_a_stream_that_cant_be_understood_never_begins(
    hall: Hall, query: dict[str, str], headers: dict[str, str]
) -> None:
    """What Schemathesis can't ask, since a stream doesn't end: each gets its problem instead of a stream."""
    key = {"Authorization": f"Bearer {hall.host.keys['integrator']}"}
    address = f"/v1/{hall.host.tenant}/events/stream"
    refused = await hall.http.get(address, params=query, headers=key | headers)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/query-unusable")


async def test_a_stream_says_bye_when_the_service_stops() -> None:
    """Stopped by SIGTERM, the service ends open streams with `bye` and itself within its grace."""
    with running_service() as service:
        host = await service.new_host()
        key = {"Authorization": f"Bearer {host.keys['integrator']}"}
        async with (
            httpx2.AsyncClient(base_url=service.url, timeout=20) as http,
            http.stream("GET", f"/v1/{host.tenant}/events/stream", headers=key) as stream,
        ):
            lines = stream.aiter_lines()
            async for line in lines:
                if line.startswith("id:"):
                    break
            process = service.process
            assert process is not None
            process.terminate()
            rest = [line async for line in lines]
        assert "event: bye" in rest
        assert process.wait(10) == 0


async def test_the_ledger_of_an_earlier_moment_is_what_it_was_then(hall: Hall) -> None:
    """As of a position, or of a time with its offset, rows and results are those of that moment."""
    await hall.plan()
    one, other = await hall.bring("Probe-Brauerei", "company"), await hall.bring("Probe-Bibliothek", "nonprofit")
    await hall.gong()
    await hall.certified(one, other)
    then, at = await hall.position(), datetime.now(UTC)  # noqa: TID251 - the test's own clock
    contract = await hall.form(one, other)
    await hall.done(f"contracts/{contract}/submit")
    await hall.done(f"contracts/{contract}/certify", role="notary")
    now = await hall.position()
    count = {}
    for name, as_of in {
        "then": then,
        "at": at.isoformat(),
        "elsewhere": (at + timedelta(0)).astimezone().isoformat(),
        "now": now,
    }.items():
        rows = await hall.read("ledger", marketplace=hall.marketplace, as_of=as_of, wait_for=now)
        results = await hall.read(f"marketplaces/{hall.marketplace}/results", as_of=as_of)
        count[name] = (len(rows["items"]), results["ledger"]["contracts"], results["ledger"]["value_minor"])
    assert count == {"then": (1, 1, 10_000), "at": (1, 1, 10_000), "elsewhere": (1, 1, 10_000), "now": (2, 2, 20_000)}


async def test_lists_page_by_cursor_and_link(hall: Hall) -> None:
    """Each row once, in order; the last page has no next."""
    await hall.plan()
    names = [f"Probe-Betrieb {number}" for number in range(9)]
    for name in names:
        last = await hall.done("organisations", {"name": name, "side": "company", "rehearsal": True})
    seen, query = [], {"limit": 4, "wait_for": last["position"]}
    while True:
        answer = await hall.get("organisations", **query)
        seen += [item["name"] for item in answer.json()["items"]]
        cursor = answer.json()["next"]
        assert ("link" in answer.headers) == (cursor is not None)
        if cursor is None:
            break
        query = {"limit": 4, "cursor": cursor}
    assert seen == names
