"""`handschlag tail`: what a person at a terminal sees of a log as it grows."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from click.testing import CliRunner

from services.cli.tail import command
from tests.running import RunningService
from tests.services.hall import Hall

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +(\d+)  (\S.*\S)  \(([a-z_.0-9]+)\)")


@asynccontextmanager
async def _tail(service: RunningService, *words: str, key: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "tail", "--url", service.url, *words),
        env=os.environ | {"HANDSCHLAG_HOME": str(service.home), "HANDSCHLAG_KEY": key},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _lines(process: asyncio.subprocess.Process, count: int) -> list[str]:
    assert process.stdout is not None
    return [(await process.stdout.readline()).decode().rstrip("\n") for _ in range(count)]


async def test_each_record_is_one_line_in_words_and_the_end_says_where_to_go_on(
    hall: Hall, service: RunningService
) -> None:
    """Given a log that grows, when it is tailed from a position, then lines tell when, who and what, until Ctrl-C."""
    await hall.plan()
    await hall.bring("Probe-Weberei", "company")
    start = await hall.position() - 2
    async with _tail(service, "--after", str(start), key=hall.host.keys["integrator"]) as tail:
        told = await _lines(tail, 2)
        await hall.gong()
        told += await _lines(tail, 1)
        tail.send_signal(signal.SIGINT)
        _, said = await tail.communicate()
    found = [LINE.fullmatch(line) for line in told]
    assert [int(line[1]) for line in found if line] == [start + 1, start + 2, start + 3]
    assert "clerk            The organisation is on the floor. [Probe-Weberei]" in told[1]
    assert "moderator        The gong opened trading.  (marketplace.trading_opened.v1)" in told[2]
    end = f"Stopped behind position {start + 3}. To go on: --after {start + 3}"
    assert (tail.returncode, said.decode().splitlines()[-1]) == (0, end)


async def test_lines_of_json_hold_the_entries_as_they_stand(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given a type and a key in a file, when tailed as JSON from now, then only what comes of that type is told."""
    await hall.plan()
    file = tmp_path / "key"
    file.write_text(hall.host.keys["auditor"] + "\n")
    before = await hall.position()
    words = ("--json", "--from-now", "--key-file", str(file), "--type", "marketplace.trading_opened.v1")
    async with _tail(service, *words) as tail:
        assert tail.stderr is not None
        assert f"behind position {before}" in (await tail.stderr.readline()).decode()
        await hall.bring("Probe-Imkerei", "company")
        await hall.gong()
        (line,) = await _lines(tail, 1)
    told = json.loads(line)
    assert (told["position"] > before, told["entry"]["type"]) == (True, "marketplace.trading_opened.v1")
    assert json.dumps(told["entry"], ensure_ascii=False, sort_keys=True, separators=(",", ":")) in line


async def test_what_cant_be_followed_is_one_clear_line(hall: Hall, service: RunningService) -> None:
    """Given no key, another host's, or one that opens nothing, then the error says so, and what to do."""
    key = hall.host.keys["clerk"]
    for given, words, told in (
        ("", [], "HANDSCHLAG_KEY"),
        ("nonsense", [], "--tenant"),
        (key, [], "role-not-allowed"),
        (key, ["--tenant", "elsewhere"], "not-there"),
        (key, ["--after", "1", "--from-now"], "not both"),
    ):
        asked = ["--url", service.url, *words]
        run = await asyncio.to_thread(CliRunner(env={"HANDSCHLAG_KEY": given}).invoke, command, asked)
        assert run.exit_code in (1, 2)
        assert told in run.output
