"""Processes that judge a share of a bundle's streams: each reads every line, and judges those of its own.

A helper only ever confirms. It ends at the first thing that isn't as it has to be, and then the whole walk is done over
by one process, whose findings are the only ones: so they are the same, in the same order, however many have helped.

This process owns its helpers: it began them, and ends them whatever happens. A helper that lost its owner ends when it
looks for it, every some thousand lines, or writes to it; nothing is left of one, since it writes nothing else.
"""

import os
import pickle
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from heapq import merge
from itertools import islice
from typing import IO, Any, NoReturn, TypeAlias

from domain.transparency.replay import Replay
from domain.transparency.streams import Across, Finding, Streams
from services.auditor.bundle import Bundle, Unreadable
from services.auditor.history import EVERY, Alone, Team
from services.auditor.sharing import Share, can_fork, shares
from services.auditor.tables import Written, written

Tell: TypeAlias = Callable[[Any], None]
"""Tells the owner something."""

_ROWS = 64
"""Rows that are handed over at once."""

_DIFFERS = "differs"


class Differs(Exception):
    """Something isn't as it has to be; what it is, one process finds out by itself."""


class HelperLost(ChildProcessError):
    """A process that checked a part of the records ended before it was done, so nothing is verified.

    Processes that take more memory than there is are ended so; `--processes 1` does without helpers.
    """


class Helper:
    """A process that has been begun, and what it tells."""

    def __init__(self, pid: int, told: IO[bytes]) -> None:
        self._pid = pid
        self._told = told
        self._judged: tuple[Across, int] | None = None

    def heed(self) -> None:
        """Look whether it has come to an end yet. Raises `Differs`, and `HelperLost`."""
        if self._judged is None and select.select([self._told], [], [], 0)[0]:
            self._judged = self._read()

    def judged(self) -> tuple[Across, int]:
        """What its streams say across, and how many contracts they have. Raises `Differs`, and `HelperLost`."""
        if self._judged is None:
            self._judged = self._read()
        return self._judged

    def rows(self) -> Iterator[Written]:
        """Its rows, once and to their end. Raises `HelperLost`."""
        while rows := self._read():
            yield from (Written(*row) for row in rows)

    def end(self) -> None:
        """End the process, if it hasn't ended itself, and leave nothing of it."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._told.close()

    def _read(self) -> Any:
        try:
            told = pickle.load(self._told)  # noqa: S301 - of a process that this one has begun
        except (EOFError, pickle.UnpicklingError):
            raise HelperLost(" ".join(str(HelperLost.__doc__).split())) from None
        if told == _DIFFERS:
            raise Differs
        return told


class Together:
    """A walk of which helpers judge their shares; it raises `Differs` where anything isn't as it has to be."""

    def __init__(self, own: Share, helpers: Sequence[Helper]) -> None:
        self._own = own
        self._helpers = helpers

    def take(self, replay: Replay, raw: bytes) -> Sequence[Finding]:
        """Put an entry into the tree; judge it if it is this process's."""
        if replay.size % EVERY == 0:
            for helper in self._helpers:
                helper.heed()
        if self._own.has(raw):
            return replay.take(raw)
        replay.pass_by(raw)
        return ()

    def join(self, replay: Replay) -> int:
        """Wait for the helpers, and take in what their streams say; how many contracts they have."""
        contracts = 0
        for helper in self._helpers:
            across, rows = helper.judged()
            replay.across.add(across)
            contracts += rows
        return contracts

    def rows(self, replay: Replay) -> Iterator[Written]:
        """All rows in the ledger's order, once."""
        return merge(written(replay.rows.values()), *(helper.rows() for helper in self._helpers))


@contextmanager
def helping(bundle: Bundle, origin: str, processes: int) -> Iterator[Team]:
    """Who judges the records: so many processes, or this one alone where it has no others; they end behind this."""
    if processes < 2 or not can_fork():
        yield Alone()
        return
    helpers: list[Helper] = []
    own, *others = shares(processes)
    try:
        begun = _begin([partial(_help, bundle, origin, share) for share in others], helpers)
        yield Together(own, helpers) if begun else Alone()
    finally:
        _end(helpers)


def _begin(works: Sequence[Callable[[Tell], None]], helpers: list[Helper]) -> bool:
    """Begin a process for each of `works`, or none where the system doesn't give so many; whether they are there."""
    try:
        for work in works:
            helpers.append(_begun(work))  # noqa: PERF401 - one that was begun is in the list when the next one fails
    except OSError:
        _end(helpers)
        return False
    return True


def _end(helpers: list[Helper]) -> None:
    while helpers:
        helpers.pop().end()


def _begun(work: Callable[[Tell], None]) -> Helper:
    """A process of its own that does `work`, which is given what tells something to this one."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)  # once its owner is gone nobody reads, and whoever writes learns that
        _work(work, writing)
    os.close(writing)
    return Helper(pid, os.fdopen(reading, "rb"))


def _work(work: Callable[[Tell], None], writing: int) -> NoReturn:
    """Never comes back: what stands open or unwritten here is the other process's."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner hears it as well, and ends its helpers
        with os.fdopen(writing, "wb") as out:
            work(lambda told: pickle.dump(told, out, pickle.HIGHEST_PROTOCOL))
        code = 0
    finally:
        os._exit(code)


def _help(bundle: Bundle, origin: str, share: Share, tell: Tell) -> None:
    """Judge the streams of a share, tell what they say across, and then their rows."""
    streams, owner = Streams(origin), os.getppid()
    try:
        for position, raw in enumerate(bundle.entries(), 1):
            if share.has(raw) and streams.judge(position, raw):
                tell(_DIFFERS)
                return
            if position % EVERY == 0 and os.getppid() != owner:
                return
    except Unreadable:
        tell(_DIFFERS)
        return
    tell((streams.across, len(streams.rows)))
    rows = written(streams.rows.values())
    while some := [tuple(row) for row in islice(rows, _ROWS)]:
        tell(some)
    tell([])
