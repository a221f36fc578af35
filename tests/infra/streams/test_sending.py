"""One POST to somewhere that an integrator named, against receivers that mean no good."""

import asyncio
import resource
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from infra.streams.addresses import Reach
from infra.streams.sending import Sender, SendingFailed
from infra.streams.urls import UrlUnusable, checked
from tests.infra.streams import receivers
from tests.infra.streams.receivers import certified, receiving, saying

LOOPBACK = Reach.parse("127.0.0.0/8")
BODY = b'{"specversion":"1.0"}'


async def post(url: str, *, reach: Reach = LOOPBACK, patience: float = 1.0, **more: Any) -> int:
    async with Sender(reach, timeout=patience, **more) as sender:
        return (await sender.post(url, {"content-type": "application/json"}, BODY)).status


async def failing(url: str, **more: Any) -> str:
    with pytest.raises(SendingFailed) as failed:
        await post(url, **more)
    return failed.value.kind


async def test_a_message_arrives_and_the_line_is_used_again() -> None:
    """Given a good receiver, when two messages are sent, then both arrive whole, over one connection."""
    async with receiving() as receiver, Sender(LOOPBACK) as sender:
        for _ in range(2):
            assert (await sender.post(receiver.url, {"webhook-id": "1"}, BODY)).status == 200
        assert [got.body for got in receiver.got] == [BODY, BODY]
        assert receiver.got[0].headers["host"] == f"127.0.0.1:{receiver.port}"
        assert receiver.connections == 1


@pytest.mark.parametrize("bad", [receivers.hang, receivers.drip, receivers.continue_for_ever])
async def test_who_doesnt_answer_is_left_in_time(bad: Any) -> None:
    """Given a receiver that hangs or drips, when a message is sent, then it is over when the time is."""
    async with receiving(bad) as receiver:
        async with asyncio.timeout(30):
            assert await failing(receiver.url, patience=0.5) == "timeout"


async def test_an_answer_whose_body_never_ends_is_no_answer() -> None:
    """Given a receiver that says 200 and goes on for ever, when a message is sent, then it is over in time."""
    async with receiving(receivers.drip_body) as receiver:
        assert await failing(receiver.url, patience=0.5) == "timeout"


@pytest.mark.parametrize("bad", [receivers.nonsense, receivers.slam, receivers.flood_headers])
async def test_who_doesnt_speak_http_is_left(bad: Any) -> None:
    """Given nonsense, a cut line or headers without end, when a message is sent, then the failure is told as such."""
    async with receiving(bad) as receiver:
        assert await failing(receiver.url, patience=5.0) == "broken"


async def test_a_gigabyte_is_not_read() -> None:
    """Given an answer of a gigabyte, when a message is sent, then its status counts, and the rest isn't taken."""
    async with receiving(receivers.flood) as receiver, Sender(LOOPBACK, timeout=10) as sender:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert (await sender.post(receiver.url, {}, BODY)).status == 200
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
        assert (await sender.post(receiver.url, {}, BODY)).status == 200
        assert receiver.connections == 2


async def test_a_redirect_inward_isnt_followed() -> None:
    """Given a receiver that sends us on to a neighbour, when a message is sent, then the neighbour hears nothing."""
    async with receiving() as neighbour, receiving(saying(307, f"location: {neighbour.url}")) as receiver:
        assert await post(receiver.url) == 307
        assert not neighbour.got
        assert len(receiver.got) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"])
async def test_inside_is_not_called(host: str) -> None:
    """Given no network that the operator allows, when a URL leads inside, then nobody there is even connected to."""
    async with receiving() as inside:
        for scheme in ("http", "https"):
            url = f"{scheme}://{host}:{inside.port}/"
            assert await failing(url, reach=Reach()) == "forbidden"
        assert inside.connections == 0


async def test_without_tls_only_what_the_operator_named_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a public address, when its URL has no TLS, then it isn't called."""
    monkeypatch.setattr(socket, "getaddrinfo", _answering(["93.184.216.34"]))
    assert await failing("http://example.org/") == "forbidden"


async def test_a_name_is_resolved_once_and_that_address_is_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Given a name that leads elsewhere when asked again, when sent to, then it was asked once; TLS knows it."""
    server, client = certified(tmp_path, "rebind.example")
    heard: list[str | None] = []
    server.sni_callback = lambda _object, name, _context: heard.append(name)
    asked: list[str] = []

    def rebinding(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.9", 0))]

    async with receiving(tls=server) as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        assert await post(f"https://rebind.example:{receiver.port}/x?y=1", tls=client) == 200
        assert asked == ["rebind.example"]
        assert heard == ["rebind.example"]
        assert receiver.got[0].headers["host"] == f"rebind.example:{receiver.port}"
        assert receiver.got[0].target == "/x?y=1"


async def test_a_name_with_one_foot_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a name with a public and a private address, when a message is sent, then neither is called."""
    monkeypatch.setattr(socket, "getaddrinfo", _answering(["93.184.216.34", "10.0.0.1"]))
    assert await failing("https://both.example/", reach=Reach()) == "forbidden"


async def test_a_certificate_of_another_is_refused(tmp_path: Path) -> None:
    """Given a server that proves another name, when a message is sent, then nothing of it arrives."""
    server, client = certified(tmp_path, "another.example")
    async with receiving(tls=server) as receiver:
        assert await failing(f"https://127.0.0.1:{receiver.port}/", tls=client) == "tls"
        assert not receiver.got


async def test_a_name_that_nobody_knows_and_a_closed_door_are_told_apart() -> None:
    """Given a name without an address, and an address where nobody listens, when sent to, then the failure says so."""
    assert await failing("https://nobody.invalid/", patience=20) == "unresolved"
    async with receiving() as gone:
        pass
    assert await failing(gone.url) == "unreachable"


async def test_hanging_receivers_hold_up_no_other() -> None:
    """Given fifty receivers that hang, when a good one is sent to meanwhile, then it answers as always."""
    async with receiving(receivers.hang) as bad, receiving() as good, Sender(LOOPBACK, timeout=5) as sender:
        hanging = [asyncio.create_task(sender.post(bad.url, {}, BODY)) for _ in range(50)]
        await _until(lambda: bad.connections == 50)
        for _ in range(20):
            assert (await sender.post(good.url, {}, BODY)).status == 200
        assert not any(task.done() for task in hanging)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def test_names_whose_servers_hang_hold_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given names that nobody answers for, when they are looked up, then so are others meanwhile."""
    real, hanging = socket.getaddrinfo, threading.Event()

    def resolve(host: str, *more: Any, **named: Any) -> Any:
        if host.endswith(".hang.example"):
            hanging.wait(30)
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    try:
        async with receiving() as good, Sender(LOOPBACK, timeout=2) as sender:
            waiting = [asyncio.create_task(sender.post(f"https://{n}.hang.example/", {}, BODY)) for n in range(40)]
            await asyncio.sleep(0.1)
            assert (await sender.post(f"http://localhost:{good.port}/", {}, BODY)).status == 200
            failed = await asyncio.gather(*waiting, return_exceptions=True)
        assert {error.kind for error in failed if isinstance(error, SendingFailed)} == {"timeout"}
        assert len(failed) == 40
    finally:
        hanging.set()


@pytest.mark.parametrize(
    "told",
    [
        "ftp://example.org/", "HTTPS://example.org/", "https:///x", "https://", "//example.org", "https://a b/",
        "https://user@example.org/", "https://u:p@example.org/", "https://example.org/#f", "https://example.org:0/",
        "https://example.org:99999/", "https://exämple.org/", "https://2130706433/", "https://0x7f.1/",
        "https://127.1/", "https://0177.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://[fe80::1%25lo]/",
        "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/", "https://example.org\\@10.0.0.1/",
        "https://exa\nmple.org/", "http://example.org/", "https://-a.example/", f"https://example.org/{'a' * 2000}",
    ],
)  # fmt: skip
def test_a_url_that_nothing_is_sent_to_is_refused_when_it_is_told(told: str) -> None:
    """Given a URL that can't or mustn't be called, when an endpoint is made, then it is refused at once."""
    with pytest.raises(UrlUnusable):
        checked(told, Reach())


@pytest.mark.parametrize("told", ["https://example.org", "https://a-b.example:8443/x?y=z", "https://1.1.1.1/hook"])
def test_a_url_of_the_world_is_taken(told: str) -> None:
    """Given an ordinary URL, when an endpoint is made, then it is kept as it was told."""
    assert checked(told, Reach()) == told


def test_an_operators_network_may_be_named_without_tls() -> None:
    """Given a network that the operator allows, when a URL of it is told, then it is taken, with or without TLS."""
    assert checked("http://127.0.0.1:8000/x", LOOPBACK)
    assert checked("http://crm.internal/x", LOOPBACK)


def _answering(found: list[str]) -> Any:
    def resolve(*_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (told, 0)) for told in found]

    return resolve


async def _until(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what it waits for is no event of ours
            await asyncio.sleep(0.01)
