"""The outermost layer: what holds for every answer, also for those that no route gave (404, 405, errors)."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send

from infra.clock import fresh_id
from services.api.problems import (
    MEDIA_TYPE,
    BodyTooLarge,
    Problem,
    RequestTooSlow,
    content_of,
    sentence,
)

MAX_BODY = 256 * 1024
MAX_FILE = 2 * 1024 * 1024
"""What a file to take over may have."""
PATIENCE = 60.0
"""Seconds for which we wait for a body at least."""
SLOWEST = 2048
"""Bytes a second with which a body may come after that."""
WHOLE = "whole"
"""Set in a request's state by a connection that has got all of its body: reading it needs no timer."""
LINGER = 1.0
"""Seconds for which we take what still comes after an answer, so that it is read: a closed line drops it."""

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


class Outer:
    """Gives every request an id, bounds its body, sets security headers, and logs a line without bodies or keys.

    HEAD is answered wherever GET is, as GET without the body: no route knows of it.

    Made when logging is configured: its logger is bound once, not for every line.
    """

    def __init__(self, inner: ASGIApp, patience: float = PATIENCE) -> None:
        self._inner = inner
        self._patience = patience
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
            if scope["method"] == "HEAD":
                as_get: Any = {**scope, "method": "GET"}
                await self._inner(as_get, receive, _head_of(answer))
            else:
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
        """Read the body up to the limit before anybody judges it; a larger or slower one is refused."""
        if scope["method"] in ("GET", "OPTIONS"):
            await self._inner(scope, receive, send)
            return
        largest = MAX_FILE if _FILES.fullmatch(scope["path"]) else MAX_BODY
        try:
            must_be_small(scope, largest)
            body = await self._whole(receive, largest, at_hand=WHOLE in scope["state"])
        except (BodyTooLarge, RequestTooSlow) as problem:
            await _refuse(receive, send, type(problem))
            return
        if body is None:
            return
        whole: Any = {"type": "http.request", "body": body, "more_body": False}
        pending = [whole]

        async def once() -> Any:
            return pending.pop() if pending else await receive()

        await self._inner(scope, once, send)

    async def _whole(self, receive: Receive, largest: int, *, at_hand: bool) -> bytes | None:
        """The body; None when the client is gone. Every two kilobytes that came give a second to what is to come.

        Raises `BodyTooLarge`, `RequestTooSlow`.
        """
        if at_hand:
            return await _read(receive, largest, lambda _: None)
        begun = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(begun + self._patience) as deadline:
                return await _read(
                    receive, largest, lambda size: deadline.reschedule(begun + self._patience + size / SLOWEST)
                )
        except TimeoutError:
            raise RequestTooSlow from None


async def _read(receive: Receive, largest: int, came: Callable[[int], None]) -> bytes | None:
    """The body; None when the client is gone. `came` is told how much of it is here while more is to come."""
    body, more = bytearray(), True
    while more:
        message: Any = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            raise BodyTooLarge
        if more:
            came(len(body))
    return bytes(body)


def must_be_small(scope: Any, largest: int) -> None:
    """A body that says of itself that it is too large isn't waited for. Raises `BodyTooLarge`."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if told.isdigit() and int(told[:20]) > largest:
        raise BodyTooLarge


def answer_of(problem: type[Problem]) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of an answer after which the connection ends."""
    body = content_of(problem.name(), problem.status, sentence(problem), {})
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    return headers, body


def _head_of(send: Send) -> Send:
    """Sends the head of an answer to GET, and nothing of its body (RFC 9110 §9.3.2).

    The answer ends with its head. To a stream that is as if its reader had left: the server says so when it is asked.
    """

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return answer


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


async def _refuse(receive: Receive, send: Send, problem: type[Problem]) -> None:
    """Answer, let what is under way come to nothing, and end."""
    headers, body = answer_of(problem)
    start: Any = {"type": "http.response.start", "status": problem.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while (await receive()).get("more_body"):
                pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
