"""A log as outsiders check it, over HTTP: checkpoints, tiles, proofs and receipts."""

import asyncio
import gzip
import json
from typing import Any

import httpx2
import pytest

from domain.transparency import checkpoint, note, tiles
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import EMPTY_ROOT, leaf_hash, root_of
from domain.transparency.note import VerifierKey, signed_by
from domain.transparency.paths import consistent, included
from domain.transparency.proof import Proof
from tests.running import RunningService
from tests.services.hall import Hall

PATIENCE = 30.0


async def fetch(hall: Hall, path: str, role: str | None = None, **query: Any) -> httpx2.Response:
    """Something of the log, without a key unless a role is named."""
    headers = {} if role is None else {"Authorization": f"Bearer {hall.host.keys[role]}"}
    return await hall.http.get(f"/v1/{hall.host.tenant}/log/{path}", headers=headers, params=query or None)


async def signed(hall: Hall, size: int) -> tuple[Checkpoint, note.Note]:
    """The newest checkpoint once it is of that size."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await fetch(hall, "checkpoint")
            if answer.status_code == 200:
                found = checkpoint.parse(answer.content)
                if found[0].size >= size:
                    return found
            await asyncio.sleep(0.02)


async def register(hall: Hall, number: int) -> dict[str, Any]:
    """So many organisations; answers the last receipt."""
    for n in range(number):
        receipt = await hall.done("organisations", {"name": f"Probe {n}", "side": "company", "rehearsal": True})
    return receipt


async def keys(hall: Hall) -> list[VerifierKey]:
    answer = await hall.http.get("/.well-known/handschlag-log-keys", params={"tenant": hall.host.tenant})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return [VerifierKey.parse(line) for line in answer.text.splitlines() if not line.startswith("#")]


async def leaves(hall: Hall) -> list[bytes]:
    """Every record's leaf hash, from its bytes."""
    lines = (await hall.http.get(f"/v1/{hall.host.tenant}/events", headers={
        "Authorization": f"Bearer {hall.host.keys['auditor']}", "Accept": "application/x-ndjson"})).text  # fmt: skip
    return [bytes.fromhex(json.loads(line)["leaf_hash"]) for line in lines.splitlines()]


async def test_a_checkpoint_is_signed_by_the_published_key_and_hardly_kept(hall: Hall) -> None:
    """Given a host, when its checkpoint and keys are fetched without a key, then one signs the other."""
    receipt = await register(hall, 2)
    point, under = await signed(hall, receipt["position"])
    assert signed_by(under, await keys(hall))
    assert point.origin == f"handschlag/{hall.host.tenant}"
    assert point.root == root_of((await leaves(hall))[: point.size])
    answer = await fetch(hall, "checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=1"
    assert (await fetch(hall, f"checkpoints/{point.size}")).text.startswith(point.text())


async def test_tiles_are_laid_out_as_the_specification_says(hall: Hall) -> None:
    """Given a log of more than a tile, when every tile of its checkpoint is fetched, then they make its root."""
    receipt = await register(hall, 260)
    point, _ = await signed(hall, receipt["position"])
    held = {}
    for tile in tiles.tiles(point.size):
        answer = await fetch(hall, f"tile/{tile.path()}")
        assert answer.status_code == 200, tile
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(answer.content) == 32 * tile.width
        held[tile.level, tile.index] = answer.content
    found = tiles.hashes_of(held[0, 0] + held[0, 1])
    assert root_of(found) == point.root
    assert held[1, 0] == root_of(found[:256])
    smaller = await fetch(hall, "tile/0/000.p/3")
    assert smaller.content == held[0, 0][:96]
    for path in ("0/002", "0/001", f"0/001.p/{point.size - 255}", "1/000", "2/000.p/1", "0/0", "0/x000/000", "0", "x"):
        assert (await fetch(hall, f"tile/{path}")).status_code == 404, path


async def test_bundles_are_for_those_who_may_read_entries(hall: Hall) -> None:
    """Given bundles of entries, when asked for, then an auditor gets them, compressed if wanted, and others don't."""
    receipt = await register(hall, 3)
    point, _ = await signed(hall, receipt["position"])
    path = f"tile/{tiles.Tile(None, 0, point.size).path()}"
    answer = await fetch(hall, path, "auditor")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"].startswith("private")
    assert [leaf_hash(entry) for entry in tiles.entries_of(answer.content)] == (await leaves(hall))[: point.size]
    plain = await hall.http.get(
        f"/v1/{hall.host.tenant}/log/{path}",
        headers={"Authorization": f"Bearer {hall.host.keys['auditor']}", "Accept-Encoding": "identity"},
    )
    assert plain.content == answer.content
    assert gzip.compress(plain.content) != plain.content
    assert (await fetch(hall, path)).status_code == 401
    assert (await fetch(hall, path, "clerk")).status_code == 403


async def test_proofs_hold_for_any_position_and_any_two_sizes(hall: Hall) -> None:
    """Given a log, when proofs are asked for without a key, then each leads to the root of what was signed."""
    receipt = await register(hall, 12)
    point, _ = await signed(hall, receipt["position"])
    known = (await leaves(hall))[: point.size]
    for size in (1, 2, 5, 8, point.size):
        for position in {1, size // 2 + 1, size}:
            told = (await fetch(hall, "proof/inclusion", position=position, size=size)).json()
            hashes = [bytes.fromhex(each) for each in told["hashes"]]
            included(known[position - 1], told["index"], size, hashes, root_of(known[:size]))
            assert (told["leaf_hash"], told["root"]) == (known[position - 1].hex(), root_of(known[:size]).hex())
        for old in (0, 1, size // 2, size):
            told = (await fetch(hall, f"proof/consistency?from={old}&to={size}")).json()
            hashes = [bytes.fromhex(each) for each in told["hashes"]]
            consistent(old, root_of(known[:old]), size, root_of(known[:size]), hashes)
            assert (told["from"], told["to"], told["from_root"]) == (old, size, root_of(known[:old]).hex())
    newest = (await fetch(hall, "proof/inclusion", position=1)).json()
    assert newest["size"] >= point.size


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("proof/inclusion", 400),
        ("proof/inclusion?position=0", 400),
        ("proof/inclusion?position=x", 400),
        ("proof/inclusion?position=1&other=1", 400),
        ("proof/inclusion?position=900000", 404),
        ("proof/inclusion?position=3&size=2", 404),
        ("proof/inclusion?position=1&size=900000", 404),
        ("proof/consistency", 400),
        ("proof/consistency?from=2&to=1", 404),
        ("proof/consistency?from=0&to=900000", 404),
        ("checkpoints/900000", 404),
        ("checkpoints/01", 404),
        ("checkpoint?x=1", 400),
    ],
)
async def test_what_isnt_there_isnt_proved(hall: Hall, path: str, status: int) -> None:
    """Given a proof of what doesn't exist, or asked for wrongly, when answered, then it is a problem that says so."""
    await signed(hall, 1)
    answer = await hall.http.get(f"/v1/{hall.host.tenant}/log/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_receipt_is_there_soon_and_checks_offline(hall: Hall) -> None:
    """Given a recorded command, when its receipt is asked for, then soon it proves the entry's own bytes."""
    body = {"name": "Probe", "side": "company", "rehearsal": True}
    told = await hall.post("organisations", body)
    recorded = told.json()
    assert told.headers["link"].startswith(f"</v1/{hall.host.tenant}/log/receipt/{recorded['position']}>; rel=")
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await fetch(hall, f"receipt/{recorded['position']}", "clerk")
            if answer.status_code == 200:
                break
            assert answer.status_code == 503
            await asyncio.sleep(0.02)
    found = Proof.parse(answer.content)
    assert found.extra is not None
    assert leaf_hash(found.extra).hex() == recorded["leaf_hash"]
    assert found.index == recorded["position"] - 1
    _, under = found.proves(leaf_hash(found.extra))
    assert signed_by(under, await keys(hall))
    assert answer.headers["content-disposition"].endswith('.tlog-proof"')


async def test_a_receipt_is_for_those_who_took_part_and_for_auditors(hall: Hall) -> None:
    """Given a clerk's record, when others ask for its receipt, then the auditor gets it and a broker doesn't."""
    recorded = await register(hall, 1)
    await signed(hall, recorded["position"])
    path = f"receipt/{recorded['position']}"
    assert (await fetch(hall, path, "auditor")).status_code == 200
    assert (await fetch(hall, path, "clerk")).status_code == 200
    refused = await fetch(hall, path, "broker")
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("record-of-another")
    assert (await fetch(hall, path)).status_code == 401
    for position in ("900000", "0", "x", "01"):
        assert (await fetch(hall, f"receipt/{position}", "auditor")).status_code == 404


async def test_the_status_says_plainly_what_it_is_worth(hall: Hall, service: RunningService) -> None:
    """Given a service without witnesses, when a log's status is asked for, then it says what could be rewritten."""
    recorded = await register(hall, 1)
    await signed(hall, recorded["position"])
    told = (await fetch(hall, "status")).json()
    assert told["quorum"] == "none"
    assert told["cosigned"] is None
    assert told["witnesses"] == []
    assert told["trouble"] is None
    assert told["size"] <= told["recorded"]
    assert told["keys"] == [str(key) for key in await keys(hall)]
    assert told["standing"].startswith("No witness watches this log.")
    assert httpx2.get(f"{service.url}/health/log").json() == {"status": "signed"}


async def test_another_host_has_another_log(hall: Hall, service: RunningService) -> None:
    """Given two hosts, when their keys are fetched, then they differ; who doesn't exist has no log."""
    other = await service.new_host()
    async with asyncio.timeout(PATIENCE):
        while (await hall.http.get(f"/v1/{other.tenant}/log/checkpoint")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    lines = (await hall.http.get("/.well-known/handschlag-log-keys")).text.splitlines()
    names = {VerifierKey.parse(line).name: line.rpartition("+")[2] for line in lines if not line.startswith("#")}
    assert names[f"handschlag/{other.tenant}"] != names[f"handschlag/{hall.host.tenant}"]
    for path in ("checkpoint", "status", "tile/0/000", "proof/inclusion?position=1"):
        assert (await hall.http.get(f"/v1/nobody/log/{path}")).status_code == 404
    posted = await hall.http.post(f"/v1/{hall.host.tenant}/log/tile/0/000")
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert root_of([]) == EMPTY_ROOT
