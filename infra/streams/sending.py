"""One POST to somewhere that somebody else named: bounded in time and bytes, to a checked address, and no further.

A name is resolved once for a connection; every address found is judged, and the connection goes to one of these very
addresses, while TLS (SNI and the certificate's name) and `Host` go by the name. So what was checked is what is called,
whatever the name says a moment later. Redirects aren't followed, environment variables name no proxy, cookies don't
exist, and of an answer nothing is kept but its status and `Retry-After`: it isn't a window into anybody's network.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpcore2

from domain.frozen import dataclass
from infra.streams.addresses import Address, Reach, addresses, literal

TIMEOUT = 15.0
"""Seconds from the look-up of the name to the end of the answer (Request timeouts: 15 to 30 s)."""

CONNECT = 5.0
"""Seconds for one address to take a connection."""

MOST_ANSWER = 64 * 1024
"""Bytes of an answer's body that are read, to be thrown away; behind them the line is cut."""

_ADDRESSES = 3
"""Addresses of a name that are tried."""

_KEPT = 30.0
"""Seconds that an idle connection stays open; then the name is looked up again."""

_LOOK_UPS = 128
"""Names looked up at the same time."""


class SendingFailed(Exception):
    """Nothing came back that is an answer. `kind` is a lasting name; the message says what was wrong."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: its status, and `Retry-After` as it stands."""

    status: int
    retry_after: str | None


class Sender:
    """Connections to receivers, kept for a while; one a process. Use as a context.

    Whoever sends has at most `connections` messages under way at once.
    """

    def __init__(
        self,
        reach: Reach,
        *,
        connections: int = 320,
        timeout: float = TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        look_ups = asyncio.Semaphore(_LOOK_UPS)
        context = tls or httpcore2.default_ssl_context()
        self._pools = {
            scheme: httpcore2.AsyncConnectionPool(
                ssl_context=context,
                max_connections=connections,
                max_keepalive_connections=connections // 2,
                keepalive_expiry=_KEPT,
                network_backend=_Checked(reach, look_ups, encrypted=scheme == "https"),
            )
            for scheme in ("https", "http")
        }

    async def __aenter__(self) -> Self:
        """Ready at once: connections are made when they are needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up. A look-up under way isn't waited for."""
        for pool in self._pools.values():
            await pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send `body` to `url` (checked by `infra.streams.urls`). Raises `SendingFailed`."""
        parts = urlsplit(url)
        told = [("Host", parts.netloc), ("Content-Length", str(len(body))), *headers.items()]
        try:
            async with asyncio.timeout(self._timeout), self._asked(parts.scheme, url, told, body) as response:
                return await _read(response)
        except TimeoutError:
            raise SendingFailed("timeout", f"No whole answer within {self._timeout:g} seconds.") from None

    @asynccontextmanager
    async def _asked(
        self, scheme: str, url: str, headers: list[tuple[str, str]], body: bytes
    ) -> AsyncIterator[httpcore2.Response]:
        """The answer while its body can be read; whatever goes wrong on the line is a `SendingFailed`."""
        with _told_apart():
            pool = self._pools[scheme]
            async with pool.stream("POST", url, headers=headers, content=body) as response:
                yield response


async def _read(response: httpcore2.Response) -> Answer:
    """Take a bounded part of the answer's body, so that the connection can be used again if it is small."""
    found = {name.lower(): value for name, value in response.headers}
    raw = found.get(b"retry-after")
    answer = Answer(response.status, None if raw is None else raw.decode("latin-1")[:100])
    read = 0
    with contextlib.suppress(httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException):
        async for chunk in response.aiter_stream():
            read += len(chunk)
            if read > MOST_ANSWER:
                break
    return answer


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """The client's errors in our words; they name neither addresses nor anything that the other side said."""
    try:
        yield
    except httpcore2.TimeoutException:
        raise SendingFailed("timeout", "The receiver took no connection in time.") from None
    except httpcore2.ConnectError as error:
        if isinstance(error.__cause__, ssl.SSLError) or "ssl" in str(error).lower():
            raise SendingFailed("tls", "No encrypted connection came about: look at the certificate.") from None
        raise SendingFailed("unreachable", "The receiver took no connection.") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError):
        raise SendingFailed("broken", "The connection ended before there was an answer.") from None


class _Checked(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to no other."""

    def __init__(self, reach: Reach, look_ups: asyncio.Semaphore, *, encrypted: bool) -> None:
        self._reach = reach
        self._look_ups = look_ups
        self._encrypted = encrypted
        self._sockets = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's; `Sender` bounds the whole
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve once, judge all that was found, connect to one of it. Raises `SendingFailed`."""
        found = await self._resolve(host.strip("[]"), port)
        if not all(self._reach.admits(address, encrypted=self._encrypted) for address in found):
            raise SendingFailed(
                "forbidden",
                "The name leads to an address that isn't public."
                if self._encrypted
                else "Without TLS only addresses that the operator named are called.",
            )
        failed: Exception | None = None
        for address in found[:_ADDRESSES]:
            try:
                return await self._sockets.connect_tcp(
                    str(address), port, timeout or CONNECT, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or SendingFailed("unresolved", "The name isn't known.")

    async def _resolve(self, host: str, port: int) -> list[Address]:
        told = literal(host)
        if told is not None:
            return [told]
        try:
            found = await self._look_up(host, port)
        except (OSError, UnicodeError):
            raise SendingFailed("unresolved", "The name isn't known.") from None
        return addresses(found)

    async def _look_up(self, host: str, port: int) -> list[str]:
        """Ask the system, in a thread that nobody waits for at the end: a name's server may take its time."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()

        def told(found: list[str] | Exception) -> None:
            self._look_ups.release()
            if not answer.done():
                answer.set_exception(found) if isinstance(found, Exception) else answer.set_result(found)

        def ask() -> None:
            found: list[str] | Exception
            try:
                found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
            except Exception as error:
                found = error
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(told, found)

        await self._look_ups.acquire()
        threading.Thread(target=ask, name="webhook-name", daemon=True).start()
        return await answer

    async def sleep(self, seconds: float) -> None:
        """The client never retries by itself."""
        await asyncio.sleep(seconds)
