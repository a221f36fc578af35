"""The command line: what an operator says and sees. Errors are one clear line and an exit code, never a traceback."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from infra.clock import fresh_id
from tests.running import RunningService, running_service


def _handschlag(home: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *words],
        env=os.environ | {"HANDSCHLAG_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def _of(service: RunningService, *words: str) -> "subprocess.CompletedProcess[str]":
    return _handschlag(service.home, *words, **dict(service.environment))


def _one_line(run: "subprocess.CompletedProcess[str]") -> str:
    """The error: the last line, which no traceback stands before."""
    assert run.returncode != 0
    assert "Traceback" not in run.stderr + run.stdout
    lines = [line for line in run.stderr.splitlines() if line.strip() and not line.startswith("{")]
    return " ".join(lines)


async def test_a_real_installation_starts_without_demo_data(service: RunningService) -> None:
    """Beside a running service: make a host, make a key, and use it at once."""
    tenant = f"stadt-{fresh_id()[:8]}"
    made = await asyncio.to_thread(_of, service, "tenant", "create", tenant, "--name", "Agentur", "--city", "Köln")
    assert (made.returncode, "key create" in made.stdout) == (0, True)
    issued = await asyncio.to_thread(
        _of, service, "key", "create", tenant, "--role", "host_admin", "--member", "Erika Mustermann"
    )
    key = issued.stdout.strip()
    assert key.startswith(f"hs.{tenant}.")
    headers = {"Authorization": f"Bearer {key}"}
    page = httpx2.get(f"{service.url}/v1/{tenant}/marketplaces", headers=headers).json()
    assert page == {"items": [], "next": None}
    listed = await asyncio.to_thread(_of, service, "tenant", "list")
    assert f"{tenant}\tKöln\tAgentur\thandschlag/{tenant}" in listed.stdout

    events = httpx2.get(f"{service.url}/v1/{tenant}/events", headers=headers).json()["items"]
    assert [event["entry"]["type"] for event in events] == [
        "access.member_added.v1",
        "access.role_granted.v1",
        "access.key_issued.v1",
    ]
    revoked = await asyncio.to_thread(_of, service, "key", "revoke", tenant, events[-1]["entry"]["data"]["key"])
    assert revoked.returncode == 0
    await asyncio.sleep(5.2)
    assert httpx2.get(f"{service.url}/v1/{tenant}/marketplaces", headers=headers).status_code == 401


async def test_projections_are_rebuilt_beside_the_service(service: RunningService) -> None:
    """`projections rebuild` folds a host's log anew; who isn't there is told."""
    host = await service.new_host()
    rebuilt = await asyncio.to_thread(_of, service, "projections", "rebuild", host.tenant)
    assert rebuilt.returncode == 0, rebuilt.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("tenant", "create", "Groß", "--name", "x", "--city", "x"), "lower-case"),
        (("tenant", "create", "season", "--name", "x", "--city", "x"), "season"),
        (("tenant", "create", "koeln", "--name", "x", "--city", "x", "--time-zone", "Mond"), "time zone"),
        (("key", "create", "nowhere", "--role", "notary"), "--member"),
        (("key", "create", "nowhere", "--role", "king", "--member", "x"), "king"),
        (("key", "create", "nowhere", "--role", "notary", "--member", "x"), "no such thing"),
        (("key", "revoke", "nowhere", "nothing"), ""),
        (("key", "create", "nowhere", "--role", "notary", "--member", "x", "--marketplace", "hall"), "UUID"),
        (("role", "revoke", "nowhere", "--role", "notary", "--member-id", "x"), "no such thing"),
        (("projections", "rebuild", "nowhere"), "host"),
        (("rehearse", "nowhere", "--contracts", "0"), "contracts"),
        (("rehearse", "nowhere", "--keys", "/nonexistent"), "isn't there"),
        (("dance",), "dance"),
    ],
)
def test_what_cant_be_done_is_said_in_a_line(service: RunningService, words: tuple[str, ...], told: str) -> None:
    """Wrong words, things that don't exist, files that aren't there."""
    assert told in _one_line(_of(service, *words))


def test_a_host_is_made_once(service: RunningService) -> None:
    """A second one of that name is refused."""
    tenant = f"stadt-{fresh_id()[:8]}"
    words = ("tenant", "create", tenant, "--name", "Agentur", "--city", "Bonn")
    assert _of(service, *words).returncode == 0
    assert "already" in _one_line(_of(service, *words))


def test_a_taken_port_is_said_so(service: RunningService, tmp_path: Path) -> None:
    """Another program listens there: which variable to change."""
    run = _handschlag(tmp_path, "serve", HANDSCHLAG_PORT=str(service.port))
    assert "HANDSCHLAG_PORT" in _one_line(run)


def test_a_wrong_setting_is_said_so(tmp_path: Path) -> None:
    """A port that is no number."""
    assert "HANDSCHLAG_PORT" in _one_line(_handschlag(tmp_path, "serve", HANDSCHLAG_PORT="eighty"))


def test_help_tells_all(tmp_path: Path) -> None:
    """Every command is named, and says what it does."""
    told = _handschlag(tmp_path, "--help").stdout
    for command in ("serve", "tenant", "key", "role", "projections", "rehearse", "verify", "verifier"):
        assert command in told


def test_it_stops_cleanly_when_it_is_told_to() -> None:
    """SIGTERM: exit code 0, and nothing is left running."""
    with running_service() as service:
        pidfile = service.home / "postgres" / "data" / "postmaster.pid"
        server = int(pidfile.read_text().splitlines()[0]) if pidfile.exists() else None
        assert service.stop() == 0
        if server is not None:
            with pytest.raises(ProcessLookupError):
                os.kill(server, 0)
