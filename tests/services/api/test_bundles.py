"""The bundle over HTTP: the same bytes however often a download is cut off, and a note of who was given what."""

import asyncio
import io
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest

from services.api.ranges import NotInIt, Part, part
from services.auditor.bundle import Bundle
from services.auditor.trust import Trust
from services.auditor.verify import Verdict, verify
from tests.running import RunningService
from tests.services.hall import Hall


async def signed(hall: Hall) -> int:
    """Everything that is recorded is signed; answers how much."""
    position = int(await hall.position())
    for _ in range(400):
        if (await hall.get("log/status")).json().get("size", 0) >= position:
            return position
        await asyncio.sleep(0.05)
    raise AssertionError("nothing is signed")


async def register(hall: Hall, name: str = "Probe-Werft") -> int:
    """A record more, signed."""
    await hall.done("organisations", {"name": name, "side": "company"})
    return await signed(hall)


async def bundle(hall: Hall, role: str = "auditor", **headers: str) -> httpx2.Response:
    """Ask for the bundle."""
    key = {"Authorization": f"Bearer {hall.host.keys[role]}"}
    return await hall.http.get(f"/v1/{hall.host.tenant}/log/bundle", headers=key | headers)


async def test_an_auditor_gets_the_bundle_and_it_is_verified(hall: Hall, tmp_path: Path) -> None:
    """Given a signed log, when an auditor asks, then the file has a length and a strong tag, and is consistent."""
    size = await register(hall)
    answer = await bundle(hall)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"].startswith('"')
    path = tmp_path / "bundle.zip"
    path.write_bytes(answer.content)
    with Bundle(path) as opened:
        report = verify(opened, Trust(), lambda *_: None)
    assert (report.verdict, report.size, report.findings) == (Verdict.CONSISTENT, size, [])


async def test_several_askers_share_one_writing(hall: Hall) -> None:
    """Given many who ask at once, then they get the same bytes."""
    await register(hall)
    answers = await asyncio.gather(*(bundle(hall, role) for role in ("auditor", "host_admin") * 3))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


async def test_a_download_that_was_cut_off_goes_on_with_the_same_bytes(hall: Hall) -> None:
    """Given a log that has grown meanwhile, then a range behind the first byte is of the bundle that was begun."""
    await register(hall)
    first = await bundle(hall)
    middle = len(first.content) // 2
    await register(hall, "Probe-Chor")
    for headers in ({"If-Range": first.headers["etag"]}, {}):
        rest = await bundle(hall, Range=f"bytes={middle}-", **headers)
        assert (rest.status_code, rest.content) == (206, first.content[middle:])
        assert rest.headers["content-range"] == f"bytes {middle}-{len(first.content) - 1}/{len(first.content)}"
        assert rest.headers["etag"] == first.headers["etag"]
    newer = await bundle(hall)
    assert newer.headers["etag"] != first.headers["etag"]
    older = await bundle(hall, Range=f"bytes={middle}-", **{"If-Range": first.headers["etag"]})
    assert (older.status_code, older.content) == (206, first.content[middle:])
    behind = await bundle(hall, Range=f"bytes={len(newer.content)}-", **{"If-Range": newer.headers["etag"]})
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(newer.content)}")


async def test_a_part_of_another_bundle_is_never_sent(hall: Hall) -> None:
    """Given a tag that nobody knows, or an asker who began nothing, then the whole is the answer."""
    await register(hall)
    unknown = await bundle(hall, Range="bytes=10-", **{"If-Range": f'"{"0" * 64}"'})
    assert unknown.status_code == 200
    nothing_begun = await bundle(hall, "host_admin", Range="bytes=10-")
    assert nothing_begun.status_code == 200


async def test_a_download_whose_line_breaks_is_put_together(hall: Hall) -> None:
    """Given a reader who hangs up in the middle, when it asks as curl -C - does, then both parts are one bundle."""
    await register(hall)
    key = {"Authorization": f"Bearer {hall.host.keys['auditor']}"}
    got = b""
    async with hall.http.stream("GET", f"/v1/{hall.host.tenant}/log/bundle", headers=key) as answer:
        async for chunk in answer.aiter_bytes(10_000):
            got += chunk
            break
    assert len(got) < int(answer.headers["content-length"])
    await register(hall, "Meanwhile")
    rest = await bundle(hall, Range=f"bytes={len(got)}-")
    assert rest.status_code == 206
    assert f'"{sha256(got + rest.content).hexdigest()}"' == answer.headers["etag"]


async def test_only_the_host_and_its_auditors_are_given_it(hall: Hall, service: RunningService) -> None:
    """Given other desks, or an auditor of one edition, then it is refused, and nothing is noted."""
    await hall.plan()
    await signed(hall)
    for role in ("notary", "integrator", "lead"):
        answer = await bundle(hall, role)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-not-allowed")
    key, _ = await service.edition_key(hall.host, "auditor", hall.marketplace)
    headers = {"Authorization": f"Bearer {key}"}
    answer = await hall.http.get(f"/v1/{hall.host.tenant}/log/bundle", headers=headers)
    assert answer.json()["type"] == "/problems/only-your-edition"
    assert (await bundle(hall, "auditor", Range="bytes=abc")).status_code == 200
    absent = await hall.get("log/bundle", role="auditor", size=9_999)
    assert absent.status_code == 404
    assert len((await hall.read("disclosures"))["items"]) == 1


async def test_it_is_noted_who_was_given_what_before_it_is_handed_out(hall: Hall) -> None:
    """Given downloads and opened values, then the host reads who, when and what, the newest first, in pages."""
    size = await register(hall)
    first = await bundle(hall)
    await bundle(hall, Range="bytes=100-")
    await hall.get("log/disclosures.ndjson", role="auditor")
    page = await hall.read("disclosures", limit=2)
    assert [(one["what"], one["member"], one["role"]) for one in page["items"]] == [
        ("disclosures", hall.host.members["auditor"], "auditor"),
        ("bundle", hall.host.members["auditor"], "auditor"),
    ]
    assert page["items"][0]["detail"] == {"size": size, "fields": ["name", "note"]}
    assert page["items"][1]["detail"] == {"size": size, "sha256": first.headers["etag"].strip('"'), "from": 100}
    rest = await hall.read("disclosures", limit=2, cursor=page["next"])
    assert [one["detail"]["from"] for one in rest["items"]] == [0]
    assert rest["next"] is None
    assert (await hall.get("disclosures", role="notary")).status_code == 403
    assert (await hall.get("disclosures", role="auditor")).status_code == 200
    unusable = await hall.get("disclosures", cursor="nonsense")
    assert (unusable.status_code, unusable.json()["type"]) == (400, "/problems/cursor-unusable")


async def test_values_are_opened_for_whom_they_may_be(hall: Hall) -> None:
    """Given names and contacts, then auditors get names, the host everything, others nothing."""
    organisation = (await hall.done("organisations", {"name": "Bäckerei", "side": "company"}))["id"]
    body = {"person": "7e9c0f3a-4b1d-4a57-9a3e-0f6f5b8a1c22", "name": "Erika Probe", "contact": "erika@example.org"}
    await hall.done(f"organisations/{organisation}/representatives", body)
    await signed(hall)
    told = (await hall.get("log/disclosures.ndjson", role="host_admin")).text
    assert "Erika Probe" in told
    assert "erika@example.org" in told
    seen = await hall.get("log/disclosures.ndjson", role="auditor")
    assert "Erika Probe" in seen.text
    assert "erika@example.org" not in seen.text
    assert seen.headers["cache-control"] == "no-store"
    assert (await hall.get("log/disclosures.ndjson", role="notary")).status_code == 403
    with ZipFile(io.BytesIO((await bundle(hall)).content)) as archive:
        assert "disclosures.ndjson" not in archive.namelist()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", Part(0, 100)),
        ("bytes=10-19", Part(10, 20)),
        ("bytes=90-1000", Part(90, 100)),
        ("bytes=-10", Part(90, 100)),
        ("bytes=-1000", Part(0, 100)),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=100-", NotInIt),
        ("bytes=-0", NotInIt),
    ],
)
def test_one_range_of_bytes_is_understood(header: str | None, expected: Any) -> None:
    """RFC 9110 §14.1.2: first and last byte, or how many from the end; anything else is ignored."""
    if expected is NotInIt:
        with pytest.raises(NotInIt):
            part(header, 100)
    else:
        assert part(header, 100) == expected
