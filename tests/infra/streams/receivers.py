"""Receivers on real sockets: a good one that keeps what it got, and every kind of bad one."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.clock import now


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came in."""

    target: str
    headers: dict[str, str]
    body: bytes


Answering = Callable[[Got, asyncio.StreamWriter], Awaitable[None]]


async def accept(_: Got, writer: asyncio.StreamWriter) -> None:
    """200, and the line stays open."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


def saying(status: int, *headers: str) -> Answering:
    """That status, always."""

    async def answer(_: Got, writer: asyncio.StreamWriter) -> None:
        lines = "".join(f"{header}\r\n" for header in headers)
        writer.write(f"HTTP/1.1 {status} No\r\n{lines}content-length: 0\r\n\r\n".encode())

    return answer


async def hang(_: Got, __: asyncio.StreamWriter) -> None:
    """Never an answer."""
    await asyncio.sleep(3600)


async def drip(_: Got, writer: asyncio.StreamWriter) -> None:
    """A header that never ends, a byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_body(_: Got, writer: asyncio.StreamWriter) -> None:
    """A body that never ends, a byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\na\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def flood(_: Got, writer: asyncio.StreamWriter) -> None:
    """A gigabyte."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")
    for _part in range(16_384):
        writer.write(bytes(65_536))
        await writer.drain()


async def flood_headers(_: Got, writer: asyncio.StreamWriter) -> None:
    """Headers without end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: " + b"a" * 60_000 + b"\r\n")
        await writer.drain()


async def continue_for_ever(_: Got, writer: asyncio.StreamWriter) -> None:
    """Informational answers, one after the other."""
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
        await writer.drain()
        await asyncio.sleep(0.01)


async def nonsense(_: Got, writer: asyncio.StreamWriter) -> None:
    """Something that isn't HTTP."""
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


async def slam(_: Got, writer: asyncio.StreamWriter) -> None:
    """The line is cut instead of an answer."""
    writer.transport.abort()


@dataclass
class Receiver:
    """A server on loopback; what it got stands in `got`."""

    answer: Answering
    port: int = 0
    got: list[Got] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """Where it listens, without TLS."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                while True:
                    got = await _read(reader)
                    self.got.append(got)
                    await self.answer(got, writer)
                    await writer.drain()
        finally:
            writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Got:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Got(head[0].split(" ")[1], headers, body)


@asynccontextmanager
async def receiving(
    answer: Answering = accept, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[Receiver]:
    """A receiver while the block runs; then its connections are cut."""
    receiver = Receiver(answer)
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await receiver._handle(reader, writer)
        tasks.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", port, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS for a server of that name, and what a client has to trust to believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begun = now() - timedelta(hours=1)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name[0].isdigit():
        names = [x509.IPAddress(ip_address(name))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    client = ssl.create_default_context(cafile=str(pem))
    return server, client
