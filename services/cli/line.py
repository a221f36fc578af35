"""A connection with limits: how large the head of a request is, and how long we wait for it.

They hold before an application hears of a request. `services.api.outer` bounds the body, which it reads.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from services.api.outer import LINGER, SECURITY, WHOLE, answer_of
from services.api.problems import HeadTooLarge, Problem, RequestTooSlow, RequestUnusable

MAX_HEAD = 32 * 1024
"""Bytes of a request's head: its address and its lines."""
MAX_LINES = 100
"""Lines of a head."""
FRAMING = 8
"""Bytes on the line for each byte of a body: chunks of one byte cost six. A head's worth comes on top."""
PATIENCE = 20.0
"""Seconds for which we wait for a head."""


class _TooLarge(Exception):
    """The head is too large; the parser stops."""


class Line(HttpToolsProtocol):
    """A connection whose requests are whole in time, or answered and done with.

    Owns one timer: by then what has begun to come, or should begin, has to be there. It doesn't run while an answer is
    made or sent, however long that takes, nor between two requests (uvicorn's own does), nor for a body that somebody
    reads. So a request that comes in one piece costs no timer.
    """

    patience = PATIENCE

    _timer: asyncio.TimerHandle | None = None
    _in_head = False
    _in_body = False
    _too_large = False
    _refused = False
    _piece = 0
    """Bytes that are being parsed."""
    _came = 0
    """Bytes of the head under way, but for the piece with its beginning; or of the body, less what it may cost.

    Below zero while that piece is parsed.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on. Where a request isn't whole then, see that it doesn't become too much, and when it has to be."""
        if self._refused:
            return
        self._piece = len(data)
        super().data_received(data)
        if self._in_head or self._in_body:
            self._came += len(data)
            self._must_be_little()
        if self._refused or self.transport.is_closing():
            return
        if self._in_head or self.cycle is None or self.cycle.response_complete:
            if self._timer is None:
                self._wait()
        elif self._timer is not None:
            self._wait_no_longer()

    def on_message_begin(self) -> None:
        """A request begins: its time does, too."""
        super().on_message_begin()
        self._in_head, self._in_body, self._came = True, False, -self._piece
        if self._timer is not None:
            self._wait_no_longer()

    def on_headers_complete(self) -> None:
        """The head is whole. One that is too large ends here: nobody hears of it."""
        may_be_long = self._came >= 0 or self._piece > MAX_HEAD
        if len(self.headers) > MAX_LINES or (may_be_long and self._head_size() > MAX_HEAD):
            self._too_large = True
            raise _TooLarge
        self._in_head, self._in_body, self._came = False, True, -self._piece
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._came -= FRAMING * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._in_body = False
        self.scope["state"][WHOLE] = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words, which it has logged
        """What is too large, or can't be parsed."""
        self._refuse(HeadTooLarge if self._too_large else RequestUnusable)

    def _must_be_little(self) -> None:
        """The parser keeps a line until it is whole, and lines behind a body are kept though nobody reads them."""
        if self._came <= MAX_HEAD and len(self.headers) <= MAX_LINES:
            return
        if self._in_head:
            self._refuse(HeadTooLarge)
        else:
            self.transport.abort()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.patience, self._wait_is_over)

    def _wait_no_longer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait_is_over(self) -> None:
        """Nothing came: close. Half a head did: say so. An answer under way is sent to its end and is the last one."""
        self._timer = None
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        elif self._in_head:
            self._refuse(RequestTooSlow)
        else:
            self.transport.close()

    def _refuse(self, problem: type[Problem]) -> None:
        """Answer unless another answer is under way, and drop what still comes for a moment, so that it is read."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._wait_no_longer()
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()
            return
        headers, body = answer_of(problem)
        told = b"".join(b"%b: %b\r\n" % header for header in (*headers, *SECURITY.items()))
        self.transport.write(STATUS_LINE[problem.status] + told + b"\r\n" + body)
        self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER, self.transport.close)


def line(patience: float) -> type[Line]:
    """Connections that wait so many seconds for a head."""
    return type("Line", (Line,), {"patience": patience})
