"""The outermost layer: what holds for every answer, also for those that no route gave (404, 405, errors)."""

import re
from time import monotonic
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send

from infra.clock import fresh_id

MAX_BODY = 256 * 1024
MAX_FILE = 2 * 1024 * 1024
"""What a file to take over may have."""

_FILES = re.compile(r"/v1/[^/]+/imports/[^/]+")

SECURITY: dict[bytes, bytes] = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
"""Unless a page sets its own."""

_TOO_LARGE = (
    b'{"type":"/problems/body-too-large","title":"Body too large","status":413,'
    b'"detail":"The body is larger than 256 KiB, or a file to take over larger than 2 MiB. Nothing was recorded."}'
)


class Outer:
    """Gives every request an id, bounds its body, sets security headers, and logs a line without bodies or keys.

    Made when logging is configured: its logger is bound once, not for every line.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner
        self._log = structlog.get_logger("http").bind()

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request_id = fresh_id()
        begun = monotonic()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, request_id)
            await send(message)

        try:
            scope.setdefault("state", {})["request_id"] = request_id
            await self._bounded(scope, receive, answer)
        finally:
            self._log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round((monotonic() - begun) * 1000, 1),
                request_id=request_id,
            )

    async def _bounded(self, scope: Any, receive: Receive, send: Send) -> None:
        """Read the body up to the limit before anybody judges it; a larger one is refused unread."""
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._inner(scope, receive, send)
            return
        chunks: list[bytes] = []
        size, more = 0, True
        largest = MAX_FILE if _FILES.fullmatch(scope["path"]) else MAX_BODY
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
            if size > largest:
                await _too_large(send)
                return
        whole: Any = {"type": "http.request", "body": b"".join(chunks), "more_body": False}
        pending = [whole]

        async def once() -> Any:
            return pending.pop() if pending else await receive()

        await self._inner(scope, once, send)


async def whole_body(receive: Receive) -> bytes:
    """The body of a request that came through `Outer`, which has read and bounded it: it is one message."""
    body: bytes = (await receive())["body"]  # type: ignore[typeddict-item]
    return body


def _add_headers(message: Any, request_id: str) -> None:
    headers = list(message.get("headers", []))
    present = {name.lower() for name, _ in headers}
    headers += [(name, value) for name, value in SECURITY.items() if name not in present]
    headers.append((b"x-request-id", request_id.encode()))
    message["headers"] = headers


async def _too_large(send: Send) -> None:
    start: Any = {
        "type": "http.response.start",
        "status": 413,
        "headers": [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(_TOO_LARGE)).encode()),
            (b"connection", b"close"),
        ],
    }
    body: Any = {"type": "http.response.body", "body": _TOO_LARGE, "more_body": False}
    await send(start)
    await send(body)
