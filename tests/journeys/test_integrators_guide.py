"""The guide for integrators does what it says: its examples are taken out of it and run against a real service."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from domain.identity import TenantId
from infra.clock import fresh_id
from services.cli.house import open_house
from services.cli.playing import sandbox_file
from services.cli.sandbox import make_sandbox
from tests.relay.broker import PROGRAM, nats_server
from tests.running import RunningService, free_port, running_service

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "integrators.md"
FENCE = re.compile(r"(?:<!-- (?P<note>[^>]*) -->\n)?```(?P<language>bash|python)\n(?P<text>.*?)```\n", re.DOTALL)
PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Example:
    """An example: its first telling line, its language, its text, and what the page notes about how it ends."""

    language: str
    text: str
    note: str

    @property
    def shows(self) -> str:
        """What it shows before it is ended, if it goes on."""
        told = re.search(r'shows "([^"]+)"', self.note)
        return told[1] if told else ""


EXAMPLES = [Example(one["language"], one["text"], one["note"] or "") for one in FENCE.finditer(GUIDE.read_text())]
ENDING = [example for example in EXAMPLES if not example.note]
GOING_ON = [example for example in EXAMPLES if example.shows]
RECEIVING = [example for example in EXAMPLES if example.note == "receives"]


@dataclass(frozen=True, slots=True)
class Desk:
    """An integrator's desk: a folder to work in, and the variables that the page asks for."""

    folder: Path
    service: RunningService
    variables: Mapping[str, str]

    @asynccontextmanager
    async def running(self, example: Example, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """An example as it runs; it is ended when it is left."""
        command = ["bash", "-c"] if example.language == "bash" else [sys.executable, "-c"]
        process = await asyncio.create_subprocess_exec(
            *command,
            example.text,
            env=os.environ | {"PYTHONPATH": str(GUIDE.parents[1])} | dict(self.variables) | more,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=2**20,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                yield process
        finally:
            if process.returncode is None:
                os.killpg(process.pid, 9)
                await process.wait()

    async def shown(self, example: Example, **more: str) -> str:
        """What an example that ends shows."""
        async with self.running(example, **more) as process:
            said, trouble = await process.communicate()
        assert process.returncode == 0, f"{example.text}\n{trouble.decode()[-3000:]}"
        return said.decode()


@pytest.fixture(scope="module")
async def desk() -> AsyncIterator[Desk]:
    """A desk at a sandbox, before anything was played."""
    with tempfile.TemporaryDirectory(prefix="hs-guide-") as told:
        folder = Path(told)
        async with _service(folder) as (service, broker):
            tenant = TenantId("sandbox")
            async with open_house(service.urls(), service.settings()) as house:
                key = await make_sandbox(house, sandbox_file(service.home), tenant, with_key=True)
            variables = {"URL": service.url, "TENANT": tenant, "KEY": key, "NATS_URL": broker}
            yield Desk(folder, service, variables)


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[tuple[RunningService, str]]:
    if PROGRAM is None:
        with running_service() as service:
            yield service, ""
        return
    with nats_server(folder) as broker, running_service(HANDSCHLAG_NATS_URL=broker.url) as service:
        yield service, broker.url


async def test_the_page_is_read_from_top_to_bottom(desk: Desk) -> None:
    """Given a sandbox, when each example that ends is run as it stands, then each works and shows what it says."""
    play, page, lines, pulled, once, proved = ENDING
    assert '"state":"playing"' in await desk.shown(play)
    async with asyncio.timeout(PATIENCE), httpx2.AsyncClient(base_url=desk.variables["URL"]) as http:
        headers = {"Authorization": f"Bearer {desk.variables['KEY']}"}
        while (await http.get("/v1/sandbox/sandbox", headers=headers)).json()["play"]["state"] == "playing":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert '"position":1,' in await desk.shown(page)
    assert (await desk.shown(lines)).count("contract.certified.v1") >= 6
    certified = [line.split() for line in (await desk.shown(pulled)).splitlines()]
    assert [line[-1] for line in certified][:6] == ["1", "2", "3", "4", "5", "6"]
    first = await desk.shown(once)
    assert first.startswith(f"{len(certified)} certified, up to position ")
    assert await desk.shown(once) == first
    assert f"record {certified[0][0]} of handschlag/sandbox" in await desk.shown(proved)


@pytest.mark.parametrize("example", GOING_ON, ids=lambda one: f"{one.language}-{GOING_ON.index(one)}")
async def test_what_goes_on_shows_records_as_they_come(desk: Desk, example: Example) -> None:
    """Given a played rehearsal, when an example that follows is started, then it shows what the page says."""
    if "needs a broker" in example.note and PROGRAM is None:
        pytest.skip("there is no nats-server here (Debian: apt-get install it)")
    async with desk.running(example) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        async for line in process.stdout:
            if example.shows in line.decode():
                return
        raise AssertionError(f"it ended without {example.shows!r}: {(await process.stderr.read()).decode()[-3000:]}")


async def test_the_receiver_takes_what_is_sent(desk: Desk) -> None:
    """Given the page's receiver and a webhook that leads to it, then it shows the records from the first one on."""
    (example,) = RECEIVING
    port = free_port()
    headers = {"Authorization": f"Bearer {desk.variables['KEY']}", "Idempotency-Key": fresh_id()}
    async with httpx2.AsyncClient(base_url=desk.variables["URL"], headers=headers) as http:
        wish = {"url": f"http://127.0.0.1:{port}/", "audience": "internal", "after": 0}
        made = (await http.post("/v1/sandbox/webhooks", json=wish)).json()
    async with desk.running(example, PORT=str(port), SECRET=made["secret"]) as process:
        assert process.stdout is not None
        told = [(await process.stdout.readline()).decode().split() for _ in range(5)]
    assert [int(position) for position, _ in told] == [1, 2, 3, 4, 5]


def test_the_page_tells_of_all_ways() -> None:
    """Given the guide, then it links what is told elsewhere, and each link leads to a page that is there."""
    text = GUIDE.read_text()
    linked = re.findall(r"\]\(([a-z]+\.md)\)", text)
    assert {"webhooks.md", "relay.md", "auditors.md"} <= set(linked)
    assert all((GUIDE.parent / page).exists() for page in linked)
    assert (len(ENDING), len(GOING_ON), len(RECEIVING)) == (6, 4, 1)
