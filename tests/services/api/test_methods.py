"""HEAD wherever GET is (RFC 9110 §9.1), and the same methods in every Allow."""

import asyncio

import pytest

from tests.running import RunningService
from tests.services.hall import Hall


async def _raw(service: RunningService, method: str, path: str, key: str | None = None) -> tuple[int, bytes, bytes]:
    """The status, head and body of an answer, up to the end of its connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    asked = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    asked += "" if key is None else f"Authorization: Bearer {key}\r\n"
    writer.write(f"{asked}\r\n".encode())
    async with asyncio.timeout(30):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split(b" ")[1]), head.lower(), body


async def test_head_is_get_without_its_body(hall: Hall, service: RunningService) -> None:
    """Given pages, lists, documents and what isn't there, when asked by HEAD, then all but the body is as with GET."""
    await hall.plan()
    tenant, key = hall.host.tenant, hall.host.keys["host_admin"]
    for path, asking in (
        ("/", None),
        (f"/{tenant}", None),
        (f"/{tenant}/marketplaces/{hall.marketplace}", None),
        ("/health/live", None),
        ("/openapi.json", None),
        ("/problems", None),
        (f"/v1/{tenant}/organisations", key),
        (f"/v1/{tenant}/organisations", None),
        (f"/v1/{tenant}/log/status", None),
        ("/v1/nobody-of-that-name/events", None),
        ("/nobody-of-that-name", None),
    ):
        status, head, body = await _raw(service, "GET", path, asking)
        assert body
        assert b"content-length: %d" % len(body) in head, path
        told, same, nothing = await _raw(service, "HEAD", path, asking)
        assert (told, nothing) == (status, b""), path
        assert same.count(b"\r\n") == head.count(b"\r\n"), path
        assert b"content-length: %d" % len(body) in same, path


async def test_a_stream_that_is_asked_for_its_head_ends(hall: Hall, service: RunningService) -> None:
    """Given streams and lines without end, when asked by HEAD, then they are told of at once."""
    await hall.plan()
    tenant, key = hall.host.tenant, hall.host.keys["integrator"]
    board = f"/{tenant}/marketplaces/{hall.marketplace}/live"
    for path, asking in ((f"/v1/{tenant}/events/stream", key), (f"/v1/{tenant}/events/stream", None), (board, None)):
        status, head, body = await _raw(service, "HEAD", path, asking)
        assert (status, body) == (200, b""), path
        assert b"content-type: text/event-stream" in head
    lines = await hall.http.head(
        f"/v1/{tenant}/events", headers={"Authorization": f"Bearer {key}", "Accept": "application/x-ndjson"}
    )
    assert (lines.status_code, lines.headers["handschlag-reached"]) == (200, str(await hall.position()))


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("organisations", "GET, HEAD, OPTIONS, POST"),
        ("webhooks", "GET, HEAD, OPTIONS, POST"),
        ("events", "GET, HEAD, OPTIONS"),
        ("log/tile/0/000", "GET, HEAD, OPTIONS"),
        ("organisations/x/merge", "OPTIONS, POST"),
    ],
)
async def test_every_allow_says_the_same(hall: Hall, path: str, methods: str) -> None:
    """Given an address, when asked for its methods or by a wrong one, then the same are told, and HEAD beside GET."""
    address = f"/v1/{hall.host.tenant}/{path}"
    asked, refused = await hall.http.options(address), await hall.http.patch(address)
    assert (asked.status_code, asked.headers["allow"]) == (204, methods)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    assert ((await hall.http.head(address)).status_code == 405) == ("HEAD" not in methods)


async def test_a_page_tells_its_methods(hall: Hall) -> None:
    """Given a page, when asked for its methods, then HEAD is among them."""
    asked = await hall.http.options(f"/{hall.host.tenant}")
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
