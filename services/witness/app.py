"""The witness's HTTP interface: one POST (C2SP tlog-witness, add-checkpoint), in plain ASGI."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from domain.transparency.note import Note, NoteMalformed, VerifierKey
from domain.transparency.witnessing import SIZE_TYPE, Cosign, Known, Opened, Refused, judge, opened
from infra.clock import now
from infra.signing.keys import SigningKey, verify
from infra.signing.witnessed import WitnessBook

MAX_BODY = 64 * 1024
"""Bytes: a proof of 63 lines and a note with many signatures have a tenth of it."""

PATH = "/add-checkpoint"
_TEXT = "text/plain; charset=utf-8"

Keys = Callable[[str], Sequence[VerifierKey]]
"""The keys that this witness trusts for a log's origin; none: it doesn't know that log."""

_log = structlog.get_logger(__name__)


class Witness:
    """An ASGI application. The book is its caller's, opened before and closed after."""

    def __init__(self, key: SigningKey, keys: Keys, book: WitnessBook) -> None:
        self._key = key
        self._keys = keys
        self._book = book
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] != PATH:
            await _answer(send, 404, "There is nothing at this address.\n")
        elif scope["method"] != "POST":
            await _answer(send, 405, "Checkpoints are handed in by POST.\n", (b"allow", b"POST"))
        else:
            await self._add(await _body(receive), send)

    async def _add(self, body: bytes | None, send: Any) -> None:
        if body is None:
            await _answer(send, 413, "The body is too large.\n")
            return
        try:
            asked = opened(body)
        except NoteMalformed as error:
            await _answer(send, 400, f"{error}.\n")
            return
        try:
            async with self._turn:
                verdict = await asyncio.to_thread(self._judge, asked)
        except Exception as error:
            _log.exception("witness.failed", origin=asked.checkpoint.origin, error=str(error))
            await _answer(send, 500, "This witness can't remember what it has seen, and so cosigns nothing.\n")
            return
        if isinstance(verdict, Refused):
            await _refuse(send, asked, verdict)
        else:
            await _answer(send, 200, verdict)

    def _judge(self, asked: Opened) -> Refused | str:
        """Judge, keep, and only then cosign: in this order, and nobody else between (tlog-witness).

        What was kept and not answered costs nothing: asked again, the size is the same and so is the root.
        """
        origin = asked.checkpoint.origin
        verdict = judge(asked, self._keys(origin), self._book.known(origin), verify)
        if not isinstance(verdict, Cosign):
            return verdict
        self._book.keep(origin, Known(verdict.checkpoint.size, verdict.checkpoint.root))
        return self._key.cosign(verdict.text, int(now().timestamp())).line()


async def _refuse(send: Any, asked: Opened, refused: Refused) -> None:
    """Say no; what looks like a second history of a known log is kept in our own log, as evidence."""
    if refused.status in (409, 422) and asked.checkpoint.size:
        _log.warning(
            "witness.refused",
            status=refused.status,
            sentence=refused.sentence,
            checkpoint=str(Note(asked.note.text, asked.note.signatures)),
        )
    if refused.size is None:
        await _answer(send, refused.status, f"{refused.sentence}\n")
    else:
        await _answer(send, refused.status, f"{refused.size}\n", (b"content-type", SIZE_TYPE.encode()))


async def _body(receive: Any) -> bytes | None:
    """The whole body; None when it is larger than any that makes sense."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
        if size > MAX_BODY:
            return None
    return b"".join(chunks)


async def _answer(send: Any, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    told = dict([(b"content-type", _TEXT.encode()), *headers])
    told |= {b"content-length": str(len(text.encode())).encode(), b"cache-control": b"no-store"}
    await send({"type": "http.response.start", "status": status, "headers": list(told.items())})
    await send({"type": "http.response.body", "body": text.encode()})
