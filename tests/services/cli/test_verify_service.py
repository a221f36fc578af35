"""`handschlag verify https://SERVICE/v1/HOST`: with an auditor's key everything, without one what is public."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2

from services.auditor.pack import packed
from tests.running import RunningService
from tests.services.api.test_bundles import register, signed
from tests.services.hall import Hall

ALONE, BY_COMMAND = ("-m", "services.auditor"), ("-m", "services.cli", "verify")


async def verified(
    *arguments: str, environment: dict[str, str] | None = None, program: tuple[str, ...] = ALONE
) -> "subprocess.CompletedProcess[str]":
    """Run the verifier."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, *program, *arguments],
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def address(hall: Hall, service: RunningService) -> str:
    """The host's address."""
    return f"{service.url}/v1/{hall.host.tenant}"


async def pinned(hall: Hall) -> str:
    """The log's key; in a test it may come from the service itself."""
    return (await hall.http.get("/.well-known/handschlag-log-keys", params={"tenant": hall.host.tenant})).text.strip()


async def checkpoint(hall: Hall, folder: Path) -> Path:
    """The newest checkpoint, kept."""
    kept = folder / "kept"
    kept.write_bytes((await hall.get("log/checkpoint")).content)
    return kept


async def test_with_an_auditors_key_everything_is_checked(hall: Hall, service: RunningService, tmp_path: Path) -> None:
    """Given a key in a variable or a file, then the bundle is taken home and verified, kept where that is asked."""
    size = await register(hall)
    held = await checkpoint(hall, tmp_path)
    size = await register(hall, "Probe-Chor")
    key = ("--key", await pinned(hall), "--held", str(held))
    secret = {"K": hall.host.keys["auditor"]}
    run = await verified(
        address(hall, service), *key, "--api-key-env", "K", "--json", environment=secret, program=BY_COMMAND
    )
    report = json.loads(run.stdout)
    assert (run.returncode, report["verdict"], report["size"]) == (0, "verified", size)
    assert (report["held"], report["seen"]) == (["kept"], "everything")
    file, out = tmp_path / "key", tmp_path / "bundle.zip"
    file.write_text(hall.host.keys["auditor"] + "\n")
    pyz = tmp_path / "verify.pyz"
    pyz.write_bytes(packed())
    run = await verified(
        address(hall, service), *key, "--api-key-file", str(file), "--keep", str(out), program=("-I", "-S", str(pyz))
    )
    assert (run.returncode, run.stdout[:9]) == (0, "VERIFIED."), run.stderr
    assert out.exists()
    assert not (tmp_path / "bundle.zip.part").exists()
    offline = await verified(str(out), *key)
    assert (offline.returncode, offline.stdout[:9]) == (0, "VERIFIED.")


async def test_values_disclosed_by_themselves_are_opened(hall: Hall, service: RunningService, tmp_path: Path) -> None:
    """Given the lines of log/disclosures.ndjson, then they open what the bundle's records commit to."""
    await register(hall)
    values, secret = tmp_path / "values", {"K": hall.host.keys["auditor"]}
    values.write_text((await hall.get("log/disclosures.ndjson", role="auditor")).text)
    arguments = (address(hall, service), "--api-key-env", "K", "--disclosed", str(values), "--json")
    run = await verified(*arguments, environment=secret)
    assert (run.returncode, json.loads(run.stdout)["opened"] > 0) == (0, True)
    values.write_text(values.read_text().replace('"value":"Test', '"value":"Fest', 1))
    changed = await verified(*arguments, environment=secret)
    assert (changed.returncode, "disclosure-differs" in changed.stdout) == (1, True)


async def test_without_a_key_what_is_public_is_checked_and_what_wasnt_seen_is_said(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given no access key, then checkpoint, tiles and consistency with what was kept are checked, and no more."""
    await register(hall)
    held = await checkpoint(hall, tmp_path)
    size = await register(hall, "Probe-Chor")
    run = await verified(address(hall, service), "--key", await pinned(hall), "--held", str(held), "--json")
    report = json.loads(run.stdout)
    assert (run.returncode, report["verdict"], report["seen"]) == (0, "public part verified", "what is public")
    assert (report["size"], report["contracts"]) == (size, None)
    nothing = await verified(address(hall, service))
    assert nothing.returncode == 0
    assert nothing.stdout.startswith("WHAT IS PUBLIC IS CONSISTENT WITH ITSELF, and no more")
    assert "records, and so the ledger, were not seen" in nothing.stdout


async def test_a_checkpoint_of_another_history_is_found_without_a_key(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given a kept checkpoint that the service's history doesn't continue, or is shorter than, then that is found."""
    size = await register(hall)
    lines = (await checkpoint(hall, tmp_path)).read_text().split("\n")
    other, longer = tmp_path / "other", tmp_path / "longer"
    root = "A" * 43 + "="
    other.write_text("\n".join([lines[0], str(size - 1), root, *lines[3:]]))
    longer.write_text("\n".join([lines[0], str(size + 7), *lines[2:]]))
    run = await verified(address(hall, service), "--held", str(other), "--held", str(longer), "--json")
    kinds = {found["kind"] for found in json.loads(run.stdout)["findings"]}
    assert run.returncode == 1
    assert {"history-rewritten", "shorter-than-held"} <= kinds


async def test_what_cant_be_asked_ends_with_2(hall: Hall, service: RunningService, tmp_path: Path) -> None:
    """Given a wrong address, key, or combination, then one sentence says so, and the exit code is 2."""
    await register(hall)
    wrong = {"K": "hs_nonsense", "EMPTY": ""}
    at = address(hall, service)
    for arguments, said in (
        ((at, "--api-key-env", "K"), "opens nothing"),
        ((at, "--api-key-env", "EMPTY"), "no access key"),
        (("http://service.example/v1/essen", "--api-key-env", "K"), "plain HTTP"),
        ((service.url, "--api-key-env", "K"), "isn't a host's address"),
        ((f"{service.url}/v1/nobody",), "404"),
        ((at, "--keep", str(tmp_path / "x")), "no bundle"),
        (("bundle.zip", "--api-key-env", "K"), "not for a file"),
    ):
        run = await verified(*arguments, environment=wrong)
        assert (run.returncode, said in run.stderr) == (2, True), (arguments, run.stderr)
        assert "Traceback" not in run.stderr
        assert "hs_nonsense" not in run.stderr


class _Breaking(BaseHTTPRequestHandler):
    """A line to the service that breaks after some bytes of every bundle, and notes how it was asked."""

    server: "_Line"

    def do_GET(self) -> None:
        """Hand on a request, and the beginning of a long answer."""
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        answer = httpx2.get(f"{self.server.service}{self.path}", headers=headers, timeout=60)
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name not in ("transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        self.end_headers()
        if "log/bundle" in self.path:
            self.server.ranges.append(self.headers.get("Range", ""))
            self.wfile.write(answer.content[: self.server.after])
        else:
            self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Elsewhere(_Breaking):
    """A line that sends everybody to the service itself."""

    def do_GET(self) -> None:
        """Send them there."""
        self.send_response(307)
        self.send_header("Location", f"{self.server.service}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()


class _Line(ThreadingHTTPServer):
    """A line to `service`, which breaks `after` some bytes; `ranges` are those that were asked for."""

    def __init__(self, service: str, after: int, handler: type[_Breaking]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.service, self.after = service, after
        self.ranges: list[str] = []


@contextmanager
def line(service: RunningService, after: int, handler: type[_Breaking] = _Breaking) -> Iterator[tuple[str, list[str]]]:
    """A line to the service; its address, and the ranges that were asked for."""
    with _Line(service.url, after, handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", server.ranges
        finally:
            server.shutdown()
            thread.join()


async def test_a_line_that_breaks_again_and_again_is_gone_on_with(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given a line that breaks after every 40 kB, then the parts are put together to the bundle that was begun."""
    await register(hall)
    secret, out = {"K": hall.host.keys["auditor"]}, tmp_path / "bundle.zip"
    with line(service, 40_000) as (at, ranges):
        run = await verified(
            f"{at}/v1/{hall.host.tenant}", "--api-key-env", "K", "--keep", str(out), environment=secret
        )
    assert run.returncode == 0, run.stderr
    length = (await asyncio.to_thread(out.stat)).st_size
    assert ranges == ["", *(f"bytes={done}-" for done in range(40_000, length, 40_000))]


async def test_a_verifier_that_was_killed_goes_on_with_what_it_kept(
    hall: Hall, service: RunningService, tmp_path: Path
) -> None:
    """Given a download killed with --keep, when the verifier runs again, then it asks for the rest alone.

    And what was kept is all that the killed one has left.
    """
    await register(hall)
    aside = tmp_path / "aside"
    aside.mkdir()
    secret, out = {"K": hall.host.keys["auditor"], "TMPDIR": str(aside)}, tmp_path / "bundle.zip"
    with line(service, 50_000) as (at, _):
        command = [sys.executable, *ALONE, f"{at}/v1/{hall.host.tenant}", "--api-key-env", "K", "--keep", str(out)]
        killed = await asyncio.create_subprocess_exec(
            *command, env=os.environ | secret, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        part = tmp_path / "bundle.zip.part"
        for _ in range(600):
            if part.exists() and part.stat().st_size >= 50_000:
                break
            await asyncio.sleep(0.05)
        killed.kill()
        await killed.wait()
    assert not list(aside.iterdir())
    here = part.stat().st_size
    with line(service, 10_000_000) as (at, ranges):
        run = await verified(
            f"{at}/v1/{hall.host.tenant}", "--api-key-env", "K", "--keep", str(out), environment=secret
        )
    assert run.returncode == 0, run.stderr
    assert ranges == [f"bytes={here}-"]


async def test_a_redirection_isnt_followed(hall: Hall, service: RunningService) -> None:
    """Given an answer that sends the verifier elsewhere, then it doesn't go, since its key would go along."""
    await signed(hall)
    with line(service, 0, _Elsewhere) as (at, _):
        run = await verified(f"{at}/v1/{hall.host.tenant}")
    assert (run.returncode, "307" in run.stderr) == (2, True)
