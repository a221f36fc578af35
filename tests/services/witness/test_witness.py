"""`handschlag witness` speaks tlog-witness, forgets nothing, and is what keeps an operator from a second history."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.transparency import checkpoint
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.cosignature import cosigned_by
from domain.transparency.merkle import leaf_hash, root_of
from domain.transparency.note import ED25519, Note, VerifierKey, parse_signatures
from domain.transparency.paths import consistency, span_hash
from domain.transparency.policy import Policy
from domain.transparency.proof import Proof
from domain.transparency.witnessing import Request
from infra.clock import fresh_id, now
from infra.signing.keys import SigningKey
from infra.signing.witnessed import WitnessBook, WitnessForgot, WitnessRuns
from tests.running import Host, RunningService, free_port
from tests.services.witness.processes import RunningWitness, witness

ORIGIN = "example.com/log"
LEAVES = [leaf_hash(bytes([n])) for n in range(200)]
OTHERS = [*LEAVES[:2], *reversed(LEAVES[2:])]


def _log_key(seed: int) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return SigningKey(VerifierKey(ORIGIN, ED25519, private.public_key().public_bytes_raw()), private)


LOG, STRANGER = _log_key(1), _log_key(2)


def request(old: int, size: int, leaves: list[bytes] = LEAVES, key: SigningKey = LOG, **changed: object) -> bytes:
    """A body that shows the tree of some leaves to continue an older one of them."""
    spans = consistency(old, size) if old <= size else []
    read = {
        span: span_hash(span, lambda t: root_of(leaves[t.index << t.level : (t.index + 1) << t.level]))
        for span in spans
    }
    text = Checkpoint(str(changed.get("origin", ORIGIN)), size, root_of(leaves[:size])).text()
    return Request(old, tuple(read[span] for span in spans), str(Note(text, [key.sign(text)])).encode()).text()


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """The file of known logs, with one in it."""
    path = tmp_path / "logs"
    path.write_text(f"# the logs of this test\n\n{LOG.verifier}\n")
    return path


@pytest.fixture
def one(tmp_path: Path, logs: Path) -> Iterator[RunningWitness]:
    """A witness."""
    with witness(tmp_path / "w1", logs) as found:
        yield found


def test_a_witness_answers_as_the_specification_says(one: RunningWitness) -> None:
    """Given a witness, when shown what grows and what doesn't, then it cosigns the one and refuses the other."""
    first = one.ask(request(0, 5))
    assert first.status_code == 200
    text = Checkpoint(ORIGIN, 5, root_of(LEAVES[:5])).text()
    (said,) = cosigned_by(Note(text, parse_signatures(first.text)), [one.key])
    assert abs(said.time - now().timestamp()) < 60
    assert one.ask(request(5, 9)).status_code == 200
    assert one.ask(request(9, 9)).status_code == 200
    for body, status in (
        (b"", 400),
        (request(9, 12) + b"x", 400),
        (request(13, 12), 400),
        (request(9, 12, key=STRANGER), 403),
        (request(9, 12, origin="example.com/unknown"), 404),
        (request(9, 12, OTHERS), 422),
        (request(9, 9, OTHERS), 409),
        (b"old 9\n" + b"A" * 70_000, 413),
    ):
        assert one.ask(body).status_code == status
    behind = one.ask(request(5, 12))
    assert (behind.status_code, behind.text, behind.headers["content-type"]) == (409, "9\n", "text/x.tlog.size")
    assert httpx2.get(f"{one.url}/add-checkpoint").status_code == 405
    assert httpx2.post(f"{one.url}/").status_code == 404


def test_a_witness_remembers_over_a_kill(tmp_path: Path, logs: Path) -> None:
    """Given a witness that is killed as soon as it has answered, when it comes back, then it knows what it cosigned."""
    for old, size in ((0, 3), (3, 4), (4, 150)):
        with witness(tmp_path / "w1", logs) as found:
            if old:
                assert found.ask(request(0, size, OTHERS)).text == f"{old}\n"
            assert found.ask(request(old, size)).status_code == 200


def test_of_many_requests_at_once_none_rolls_another_back(one: RunningWitness) -> None:
    """Given many checkpoints of two histories shown at once, when all are answered, then one history was cosigned."""
    bodies = [request(0, size, leaves) for size in range(3, 40) for leaves in (LEAVES, OTHERS)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one.ask, bodies))
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert sum(answer.status_code == 200 for answer in answers) == 1


def test_two_witnesses_never_share_a_memory(tmp_path: Path, logs: Path, one: RunningWitness) -> None:
    """Given a running witness, when another is started on its home, then it says so and doesn't run."""
    assert one.process.poll() is None
    run = subprocess.run(
        [sys.executable, "-m", "services.cli", "witness", "--port=0", "--name=w", f"--logs={logs}"],
        env={"HANDSCHLAG_HOME": str(tmp_path / "w1"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Another witness uses this directory" in run.stderr


def test_a_memory_that_cant_be_read_is_no_empty_one(tmp_path: Path) -> None:
    """Given a file of the witness's memory that was damaged or exchanged, when asked for, then that is an error."""
    book = WitnessBook(tmp_path)
    book.open()
    with pytest.raises(WitnessRuns):
        WitnessBook(tmp_path).open()
    book.keep(ORIGIN, book.known(ORIGIN))
    (path,) = tmp_path.glob("*.tree")
    for damaged in ("", path.read_text().replace(ORIGIN, "another"), path.read_text()[:-5]):
        path.write_text(damaged)
        with pytest.raises(WitnessForgot):
            book.known(ORIGIN)
    book.close()


async def _eventually(ask, patience: float = 20.0):  # type: ignore[no-untyped-def]
    async with asyncio.timeout(patience):
        while True:
            found = await ask()
            if found:
                return found
            await asyncio.sleep(0.1)


async def _register(http: httpx2.AsyncClient, host: Host, number: int) -> int:
    for n in range(number):
        headers = {"Authorization": f"Bearer {host.keys['clerk']}", "Idempotency-Key": fresh_id()}
        body = {"name": f"Probe {n}", "side": "company", "rehearsal": True}
        answer = await http.post(f"/v1/{host.tenant}/organisations", json=body, headers=headers)
    position: int = answer.json()["position"]
    return position


async def test_a_service_is_watched_by_two_of_three_witnesses(tmp_path: Path, logs: Path) -> None:
    """Given a policy of two of three, when one is away, then receipts are cosigned; with two away, it is said so."""
    policy_file = tmp_path / "policy"
    with (
        tempfile.TemporaryDirectory(prefix="hs-w-") as home,
        witness(tmp_path / "w1", logs, "witness.example/w1") as one,
        witness(tmp_path / "w2", logs, "witness.example/w2") as two,
    ):
        away = _log_key(9).private.public_key().public_bytes_raw()
        policy = (
            f"witness one {one.key} {one.url}\nwitness two {two.key} {two.url}/\n"
            f"witness three {VerifierKey('witness.example/w3', 4, away)} http://127.0.0.1:{free_port()}\n"
            "group some 2 one two three\nquorum some\n"
        )
        policy_file.write_text(policy)
        service = RunningService(Path(home), free_port(), (), {"HANDSCHLAG_WITNESS_POLICY": str(policy_file)})
        try:
            service.start()
            host = await service.new_host()
            async with httpx2.AsyncClient(base_url=service.url, timeout=10) as http:
                await _watched(http, host, logs, Policy.parse(policy.encode()), two)
                await _tampered(http, host, service.urls().owner)
        finally:
            service.stop()


async def _watched(http: httpx2.AsyncClient, host: Host, logs: Path, policy: Policy, two: RunningWitness) -> None:
    async def status() -> dict[str, object]:
        told: dict[str, object] = (await http.get(f"/v1/{host.tenant}/log/status")).json()
        return told

    async def vkeys() -> str:
        return (await http.get(f"/.well-known/handschlag-log-keys?tenant={host.tenant}")).text

    first = await _eventually(vkeys)
    assert str((await status())["standing"]).startswith("Witnesses are named, and not enough")
    await asyncio.to_thread(logs.write_text, first)
    position = await _register(http, host, 3)

    async def cosigned() -> dict[str, object] | None:
        told = await status()
        return told if told["cosigned"] and told["cosigned"]["size"] >= position else None  # type: ignore[index]

    told = await _eventually(cosigned, 40.0)
    assert told["quorum"] == "2 of 3"
    assert "can't be rewritten" in str(told["standing"])
    headers = {"Authorization": f"Bearer {host.keys['clerk']}"}
    receipt = Proof.parse((await http.get(f"/v1/{host.tenant}/log/receipt/{position}", headers=headers)).content)
    _, note = receipt.proves(leaf_hash(receipt.extra or b""))
    keys = [witness.key for witness in policy.witnesses.values()]
    assert policy.met_by([each.key for each in cosigned_by(note, keys)])
    two.process.kill()
    position = await _register(http, host, 1)
    later = checkpoint.parse((await http.get(f"/v1/{host.tenant}/log/checkpoint")).content)[0]
    assert later.size >= int(str(told["size"]))
    assert (await status())["cosigned"]["size"] < position  # type: ignore[index]


async def _tampered(http: httpx2.AsyncClient, host: Host, owner: str) -> None:
    """What whoever owns the database does to a signed log is told by status and health, and the service goes on."""
    assert (await http.get("/health/log")).status_code == 200
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute(
            "begin; alter table log.heads no force row level security; alter table log.heads disable trigger user;"
            f"update log.heads set edge[1] = sha256('x') where tenant = '{host.tenant}';"
            "alter table log.heads force row level security; alter table log.heads enable always trigger append_only;"
            "commit"
        )
    finally:
        await connection.close()

    async def refused() -> httpx2.Response | None:
        answer = await http.get("/health/log")
        return answer if answer.status_code == 503 else None

    answer = await _eventually(refused)
    assert host.tenant in answer.json()["detail"]
    told = (await http.get(f"/v1/{host.tenant}/log/status")).json()
    assert told["trouble"]["kind"] == "head-differs"
    assert told["standing"].startswith("Nothing is signed any more")
    assert (await http.get("/health/ready")).status_code == 200
