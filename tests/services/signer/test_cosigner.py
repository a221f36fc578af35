"""Witnesses that hang, trickle or never end what they say: others see every checkpoint as soon as they would alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from domain.identity import TenantId
from domain.transparency.note import COSIGNATURE, VerifierKey
from domain.transparency.policy import Policy
from infra.event_log.store import EventLog
from services.signer.cosigner import Cosigner
from services.signer.witness import AT_ONCE
from tests.conftest import DatabaseUrls, new_tenant
from tests.services.signer.test_signer import append, eventually, signing, vkeys
from tests.services.witness.processes import RunningWitness, witness

Says = Callable[[asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """The file of the logs that the good witness knows."""
    path = tmp_path / "logs"
    path.write_text("# none yet\n")
    return path


@pytest.fixture
def good(tmp_path: Path, logs: Path) -> Iterator[RunningWitness]:
    """A witness as it should be."""
    with witness(tmp_path / "good", logs) as found:
        yield found


class Bad:
    """A witness that takes requests, counts them, and says something of its own."""

    def __init__(self, says: Says) -> None:
        self._says = says
        self.name = "bad.example/w"
        self.url = ""
        self.asked = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            await self._says(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def line(self) -> str:
        """Its line in a policy."""
        key = Ed25519PrivateKey.from_private_bytes(b"b" * 32).public_key().public_bytes_raw()
        return f"witness bad {VerifierKey(self.name, COSIGNATURE, key)} {self.url}\n"


@asynccontextmanager
async def bad_witness(says: Says) -> AsyncIterator[Bad]:
    """It answers until the context ends; then what it still says is cut off."""
    bad, tasks = Bad(says), set[asyncio.Task[None]]()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(bad.handle(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    bad.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield bad
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def hangs(_: asyncio.StreamWriter) -> None:
    """Says nothing."""
    await asyncio.Event().wait()


async def trickles(writer: asyncio.StreamWriter) -> None:
    """Says a byte now and then."""
    writer.write(OK + b"Content-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def floods(writer: asyncio.StreamWriter) -> None:
    """Never ends."""
    writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def collecting(database: DatabaseUrls, good: RunningWitness, *others: Bad) -> AsyncIterator[None]:
    """A collector at work; the policy names the bad ones first."""
    lines = "".join(other.line() for other in others) + f"witness good {good.key} {good.url}\nquorum good\n"
    task = asyncio.create_task(Cosigner(database.follower, Policy.parse(lines.encode())).run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def known(connection: asyncpg.Connection, logs: Path, *tenants: TenantId) -> None:
    """Wait until the logs have keys, and let the good witness know them."""
    found = [(await eventually(lambda: vkeys(connection, tenant)))[0] for tenant in tenants]  # noqa: B023
    await asyncio.to_thread(logs.write_text, "".join(f"{key}\n" for key in found))


async def cosigned(connection: asyncpg.Connection, good: RunningWitness, tenant: TenantId, size: int) -> bool:
    """Whether the good witness has cosigned so many records."""
    key = f"{good.key.name}+{good.key.key_id.hex()}"
    told = "select size >= $3 from signed.witnesses where tenant = $1 and key = $2"
    return bool(await connection.fetchval(told, tenant, key, size))


@pytest.mark.parametrize("says", [trickles, floods, hangs])
async def test_a_bad_witness_holds_up_no_other(
    event_log: EventLog,
    database: DatabaseUrls,
    alone: asyncpg.Connection,
    tenant: TenantId,
    tmp_path: Path,
    logs: Path,
    good: RunningWitness,
    says: Says,
) -> None:
    """Given a witness whose answer has no end, then the good one's word on one checkpoint after the other is kept."""
    async with bad_witness(says) as bad, signing(event_log, database, tmp_path):
        await known(alone, logs, tenant)
        async with collecting(database, good, bad):
            for _ in range(3):
                size = len(await append(event_log, tenant, 2))
                await eventually(lambda: cosigned(alone, good, tenant, size))  # noqa: B023
        assert bad.asked


@pytest.mark.parametrize(("says", "told"), [(trickles, "No whole answer"), (floods, "more than 65536 bytes")])
async def test_an_answer_is_bounded_as_a_whole(
    event_log: EventLog,
    database: DatabaseUrls,
    alone: asyncpg.Connection,
    tenant: TenantId,
    tmp_path: Path,
    logs: Path,
    good: RunningWitness,
    says: Says,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a witness that always says a little more, then it is away, for longer each time, and that is said."""
    if says is trickles:
        monkeypatch.setattr("services.signer.witness.ANSWER", 1.0)
    with capture_logs() as said:
        async with bad_witness(says) as bad, signing(event_log, database, tmp_path):
            await known(alone, logs, tenant)
            async with collecting(database, good, bad):
                await eventually(lambda: _away(said, bad, told, 2))
    assert [line["pause"] for line in said if told in str(line.get("error"))][:2] == [1.0, 3.0]


async def test_a_hanging_witness_is_asked_about_no_more_logs_than_have_turns(
    event_log: EventLog,
    database: DatabaseUrls,
    alone: asyncpg.Connection,
    tenant: TenantId,
    tmp_path: Path,
    logs: Path,
    good: RunningWitness,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given more logs than turns and a witness that hangs without end, then the other one is shown them all."""
    monkeypatch.setattr("services.signer.witness.ANSWER", 600.0)
    tenants = [tenant, *[await new_tenant(database) for _ in range(AT_ONCE + 10)]]
    async with bad_witness(hangs) as bad, signing(event_log, database, tmp_path):
        for each in tenants:
            await append(event_log, each, 1)
        await known(alone, logs, *tenants)
        async with collecting(database, good, bad):
            for each in tenants:
                await eventually(lambda: cosigned(alone, good, each, 1))  # noqa: B023
            assert bad.asked <= AT_ONCE


async def test_after_a_failure_no_other_log_is_held_out_to_a_witness(
    event_log: EventLog,
    database: DatabaseUrls,
    alone: asyncpg.Connection,
    tenant: TenantId,
    tmp_path: Path,
    logs: Path,
    good: RunningWitness,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given logs that wait for their turn, when the witness has failed, then they don't take it: one finds out later.

    And it is another one each time, since the failure may be one log's.
    """
    monkeypatch.setattr("services.signer.witness.ANSWER", 1.0)
    tenants = [tenant, *[await new_tenant(database) for _ in range(AT_ONCE + 10)]]
    with capture_logs() as said:
        async with bad_witness(hangs) as bad, signing(event_log, database, tmp_path):
            for each in tenants:
                await append(event_log, each, 1)
            await known(alone, logs, *tenants)
            async with collecting(database, good, bad):
                await eventually(lambda: _away(said, bad, "No whole answer", AT_ONCE + 2))
    told = [(line["tenant"], line["pause"]) for line in said if line["event"] == "cosigner.witness_away"]
    (one, pause), (other, longer) = told[AT_ONCE : AT_ONCE + 2]
    assert one != other
    assert pause < longer


async def test_logs_with_late_names_are_shown_though_a_witness_is_away(
    event_log: EventLog,
    database: DatabaseUrls,
    alone: asyncpg.Connection,
    tenant: TenantId,
    tmp_path: Path,
    logs: Path,
    good: RunningWitness,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given more logs than one look finds, when a witness hangs, then the other is shown the last of them, too."""
    monkeypatch.setattr("services.signer.cosigner._MOST_DUE", 2)
    tenants = [tenant, *[await new_tenant(database) for _ in range(6)]]
    async with bad_witness(hangs) as bad, signing(event_log, database, tmp_path):
        for each in tenants:
            await append(event_log, each, 1)
        await known(alone, logs, *tenants)
        async with collecting(database, good, bad):
            for each in tenants:
                await eventually(lambda: cosigned(alone, good, each, 1))  # noqa: B023


async def _away(said: Sequence[MutableMapping[str, Any]], bad: Bad, told: str, times: int) -> bool:
    of_it = [line for line in said if str(line.get("witness")).startswith(bad.name)]
    return sum(told in str(line.get("error")) for line in of_it) >= times
